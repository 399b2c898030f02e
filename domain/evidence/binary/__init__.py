"""Bytes that are no text: what their headers say, module by type; nothing of them is ever executed. May import the rest of evidence."""
