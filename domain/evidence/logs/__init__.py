"""Logs of any format: keys, groups, and what they say."""
