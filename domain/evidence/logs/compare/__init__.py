"""Evidence against a baseline: what is new, gone or more frequent, and which lines say why a build failed; standard library only."""
