"""Deliveries: releases, plans, changes, load tests and cloud accounts."""

from __future__ import annotations

from tests.unit.domain.evidence.formats.table import Format

FORMATS: tuple[Format, ...] = ()
