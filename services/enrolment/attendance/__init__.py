"""Who came to which evening, and whom a coordinator asks after."""
