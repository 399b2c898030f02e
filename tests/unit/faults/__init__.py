"""The parts of the fault harness that are pure."""
