"""Values and rules of an investigation; may import the standard library only."""
