"""Rules of `domain/knowledge`."""
