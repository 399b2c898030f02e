"""HTTP in, one message to Temporal or one read, HTTP out."""
