"""Output of release tools, version control and cloud accounts."""
