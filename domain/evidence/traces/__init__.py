"""Traces: spans of any tracing format, where the time went, and what failed."""
