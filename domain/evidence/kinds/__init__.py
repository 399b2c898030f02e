"""What a piece of evidence is, by its content."""
