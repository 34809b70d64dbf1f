"""Simulated people who live through an evening by the real pages and sockets, and a reckoning of what became of it."""


class Trouble(Exception):
    """Something the person at the keyboard can put right; its text is the sentence that helps them."""
