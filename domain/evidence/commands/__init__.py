"""Output of commands: one module per family of commands; may import the readers of structure."""
