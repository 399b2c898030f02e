"""Stand-ins for outside systems that speak their real protocols over loopback."""
