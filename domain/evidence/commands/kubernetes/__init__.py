"""Output of kubectl."""
