"""What a young person keeps: their book, sealed under a key of theirs alone."""
