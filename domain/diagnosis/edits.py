"""What a difference of two texts changed, dated by the first line of other evidence that speaks of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.diagnosis.signals import Observation
from domain.evidence.configs.secrets import HIDDEN
from domain.evidence.values import Event

TELLING = re.compile(r"(?=.*[\W\d_]).{6,}")
"""A value that can hardly stand in a line by chance: longer than five characters and no plain word. Any other must stand beside its name."""


def edits(seen: Sequence[Observation]) -> Iterator[Event]:
    """Yield each change of a value in a difference as a change of the time at which a line first tells the new value; in order of evidence."""
    dated = sorted(
        (one for one in seen if one.finding.time and not one.untrusted),
        key=lambda one: (one.finding.time.timestamp() if one.finding.time else 0.0, one.finding.id),
    )
    for edit in seen:
        if edit.finding.kind == "change" and edit.finding.attributes.get("before"):
            first = next((one for one in dated if _tells(one, edit)), None)
            if first:
                yield _event(edit, first)


def _tells(one: Observation, edit: Observation) -> bool:
    """Tell whether a line of another file names the new value."""
    value, name = (edit.finding.attributes.get(key, "").strip("\"'").lower() for key in ("value", "field"))
    said = one.finding.text.lower()
    if one.name == edit.name or value in {"", HIDDEN.lower()} or not _holds(said, value):
        return False
    return bool(TELLING.fullmatch(value)) or (bool(name) and _holds(said, name))


def _holds(said: str, word: str) -> bool:
    """Tell whether a text holds a word whole: neither as the end nor as the beginning of a longer one."""
    return word in said and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said) is not None


def _event(edit: Observation, first: Observation) -> Event:
    finding = edit.finding
    return Event(
        time=first.finding.time,
        certainty="weak",
        what=finding.statement,
        subject="",
        citation=finding.citations[0],
        severity=finding.severity,
        change=True,
    )
