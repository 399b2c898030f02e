"""Source code and changes of it: outline, weak places, what a diff does; imports structure, configs and reading."""
