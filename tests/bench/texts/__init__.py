"""Ten megabytes of each structured kind, made when asked."""
