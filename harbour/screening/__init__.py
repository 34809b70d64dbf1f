"""Pure screening of text."""
