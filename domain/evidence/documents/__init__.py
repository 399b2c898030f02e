"""Prose, pictures, and documents that become text."""
