"""Metrics: numeric series of any format, what moved in them, when, and what is at its limit."""
