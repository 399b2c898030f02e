"""Readers that keep the line of every value: JSON, YAML, settings, tables, descriptions."""
