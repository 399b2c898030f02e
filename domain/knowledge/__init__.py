"""Documents, passages and the order in which they are shown; may import the standard library only."""
