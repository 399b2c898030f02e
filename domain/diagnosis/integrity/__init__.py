"""Faults that nothing logs: what the observed objects say about each other; only the graph is read."""
