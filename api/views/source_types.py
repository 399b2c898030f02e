"""The kinds of evidence as clients show them."""

from __future__ import annotations

from collections.abc import Mapping

from domain.evidence.values import Kind

SOURCE_TYPE: Mapping[Kind, str] = {
    Kind.LOGS: "logs",
    Kind.ERROR_REPORT: "logs",
    Kind.TRACE: "logs",
    Kind.COMMAND_OUTPUT: "logs",
    Kind.METRICS: "metrics",
    Kind.PROFILE: "metrics",
    Kind.CONFIG: "configuration",
    Kind.SOURCE_CODE: "code",
    Kind.TEXT: "text",
    Kind.DOCUMENTATION: "text",
    Kind.BINARY: "text",
    Kind.UNKNOWN: "text",
    Kind.IMAGE: "image",
}
"""The six unified types that clients show."""
