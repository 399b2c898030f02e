"""What monitoring says of databases and workloads: gauges, loads, faults read from them; imports `domain.evidence` values."""
