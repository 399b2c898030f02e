"""Integrity checks: one positive, one near miss and one refuted example of each."""
