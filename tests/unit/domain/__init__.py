"""Rules against values: no server, no clock, no files."""
