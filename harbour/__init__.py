"""What every Harbour service shares: the contracts, the runtime, the screening, and the tools on top of them."""
