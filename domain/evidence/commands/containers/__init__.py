"""Output of container engines."""
