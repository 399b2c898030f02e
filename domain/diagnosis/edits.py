"""What a difference of two texts changed, dated by the first line of other evidence that speaks of it, if one does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from domain.diagnosis.signals import Observation
from domain.evidence.configs.secrets import HIDDEN
from domain.evidence.values import Event

TELLING = re.compile(r"(?=.*[\W\d_]).{6,}")
"""A value that can hardly stand in a line by chance: longer than five characters and no plain word. Any other must stand beside its name."""

GIVEN = r"(?<!\d)(?:[=:] ?|\b(?:after|of|to|than|is) ){}(?:[kmg]i?b?|[mun]?s|%)?(?![\w.])"
"""How a line gives a number: behind a sign or a word that leads to it, a unit behind it."""
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
MEASURES = frozenset({"maximum", "minimum", "size", "limit", "count", "number", "value", "total", "default", "enabled"})
"""Words of any setting that sizes something, not of what it sizes."""


def edits(seen: Sequence[Observation]) -> Iterator[Event]:
    """Yield each change of a value in a difference, of the time at which a line first tells the new value or of none; in order of evidence."""
    dated = sorted(
        (one for one in seen if one.finding.time and not one.untrusted),
        key=lambda one: (one.finding.time.timestamp() if one.finding.time else 0.0, one.finding.id),
    )
    for edit in seen:
        if edit.finding.kind == "change" and edit.finding.attributes.get("before"):
            tells = _telling(edit)
            first = next((one for one in dated if one.name != edit.name and tells(one.finding.text.lower())), None)
            yield _event(edit, first.finding.time if first else None)


def _telling(edit: Observation) -> Callable[[str], bool]:
    """Return what tells whether a line, in small letters, names the new value."""
    value, name = (edit.finding.attributes.get(key, "").strip("\"'") for key in ("value", "field"))
    parts, value, name = _parts(name), value.lower(), name.lower()
    alone = TELLING.fullmatch(value) is not None
    given = re.compile(GIVEN.format(re.escape(value)))

    def tells(said: str) -> bool:
        if value not in said:
            return False
        if _holds(said, value) and (alone or (name and _holds(said, name))):
            return True
        return any(part in said for part in parts) and given.search(said) is not None

    return tells if value not in {"", HIDDEN.lower()} else lambda _: False


def _parts(name: str) -> set[str]:
    """Return the words of a setting's name that say what it sizes: `pool` of `maximumPoolSize`."""
    return {word.lower() for word in WORD.findall(name.rpartition(".")[2]) if len(word) >= 4} - MEASURES


def _holds(said: str, word: str) -> bool:
    """Tell whether a text holds a word whole: neither as the end nor as the beginning of a longer one."""
    return word in said and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said) is not None


def _event(edit: Observation, time: datetime | None) -> Event:
    finding = edit.finding
    return Event(
        time=time,
        certainty="weak",
        what=finding.statement,
        subject="",
        citation=finding.citations[0],
        severity=finding.severity,
        change=True,
    )
