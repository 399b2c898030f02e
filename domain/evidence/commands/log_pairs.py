"""Streams of lines as log stores answer them: pairs of a time and a line, below the labels of their stream."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.evidence import severity
from domain.evidence.kinds.classify_data import is_pair
from domain.evidence.reading import Reading
from domain.evidence.structure.sought import Nest, sought
from domain.evidence.structure.trees import Node, said

SECONDS = 10
"""Digits of the time that count whole seconds."""
LABELS = (
    ("pod", "pod"),
    ("app", "application"),
    ("service_name", "application"),
    ("job", "application"),
    ("container", "application"),
)
"""Label of a stream → the kind of thing that it names."""
SEVERE = 3.0


def read(reading: Reading, root: Node) -> int:
    """Keep the lines of every stream as events, the severe ones as findings; return how many lines there were."""
    return sum(_stream(reading, stream) for _, stream in sought(root, _holds_stream) if stream.shape == "map")


def _holds_stream(_: str, raw: Nest) -> bool:
    values = raw.get("values") if isinstance(raw, dict) else None
    return isinstance(values, list) and bool(values) and isinstance(values[0], list) and is_pair(values[0])


def _stream(reading: Reading, stream: Node) -> int:
    values = stream.get("values")
    if values is None:
        return 0
    subject = next((f"{kind}/{name}".lower() for label, kind in LABELS if (name := stream.text("stream", label))), "")
    for pair in values.items:
        time, line = pair.items[:2]
        _line(reading, line, subject, datetime.fromtimestamp(int(said(time.value)[:SECONDS]), UTC))
    return len(values.items)


def _line(reading: Reading, line: Node, subject: str, time: datetime) -> None:
    words = said(line.value).strip()
    found = severity.severity(words)
    if found >= SEVERE:
        reading.happened(line.line, words, subject, time, found)
        reading.find("row", subject, line.line, found, words, message=words, time=time)
