"""Networks: sockets, names, routes, certificates, packets."""

from __future__ import annotations

from tests.unit.domain.evidence.formats.table import Format

FORMATS: tuple[Format, ...] = ()
