"""The rules of a case: states, turns, milestones, hypotheses, conclusion; may import evidence values."""
