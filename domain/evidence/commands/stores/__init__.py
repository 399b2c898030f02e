"""Output of databases, caches and queues."""
