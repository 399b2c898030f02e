"""Reports as values and as Markdown; may import the other rooms of the domain."""
