"""Rules, activities and settings as plain calls."""
