"""Domain value to the body that clients expect."""
