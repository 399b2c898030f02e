"""Events of all evidence on one clock; standard library only."""
