"""One contract test per port: the fake and every adapter must agree."""
