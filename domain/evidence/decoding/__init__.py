"""Bytes to lines: compression, encodings, blocks."""
