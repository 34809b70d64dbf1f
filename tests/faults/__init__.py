"""Whole services on servers that are killed while they work."""
