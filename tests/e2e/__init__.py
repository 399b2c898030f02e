"""Whole processes, spoken to over HTTP."""
