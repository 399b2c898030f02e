"""Archives of many files: what they hold, what of that is taken, each member as bytes of its own."""
