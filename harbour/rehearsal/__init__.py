"""Simulated people: an evening lived through the real gateway, with a ledger of who said and saw what."""
