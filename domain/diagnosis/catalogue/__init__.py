"""The fault families as data, one module per group."""
