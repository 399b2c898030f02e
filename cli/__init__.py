"""The command line: a supervisor, an offline analyser and a thin HTTP client."""
