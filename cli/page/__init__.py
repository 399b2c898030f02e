"""The page of `analyze --html`: one file that needs neither network nor script."""
