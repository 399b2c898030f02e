"""Configuration: what is set, what names nothing, what cannot work, what changed; imports structure and commands."""
