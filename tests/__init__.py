"""Tests by level: unit, workflow, replay, integration, e2e, quality, bench."""
