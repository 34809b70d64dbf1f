"""Trains the models of words and of meaning, sets their thresholds, and measures them on writers held out in turn."""
