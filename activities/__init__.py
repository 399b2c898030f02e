"""One retryable step per method; may import the domain, and adapters never."""
