"""Accuracy on labelled evidence: predictions, their report, gates and generated twins."""
