"""The envelope: contact details are opened for those who were granted it, while it lasts, and each look is said."""
