"""Where the outside world begins: each port has one to four methods, an example, and names no vendor."""
