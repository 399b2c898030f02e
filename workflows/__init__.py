"""The story of a case in order; may import activity classes and the domain."""
