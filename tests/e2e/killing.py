"""A worker process over memory that outlives it: forked from a warm parent, killed at will, started again.

The parent imports everything and never connects; each child connects for itself, so that a fork costs milliseconds.
"""
