"""Diagnosis rules on values and on raw examples."""
