"""One outside system per file behind a port of the domain; only composition roots import it."""
