"""Rules of `domain/privacy`."""
