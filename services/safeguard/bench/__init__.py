"""The rule bench: drafts, trials, editions, harmless lines, and each rule's figures."""
