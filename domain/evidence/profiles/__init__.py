"""Profiles: which functions or classes take most of a resource."""
