"""Rules, steps and views as plain calls."""
