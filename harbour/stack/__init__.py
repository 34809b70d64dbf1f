"""The system on one machine without containers: the bus, the cache and the services, kept running together."""


class Trouble(Exception):
    """Something the person at the keyboard can put right; its text is the sentence that helps them."""
