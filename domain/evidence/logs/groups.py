"""Keys of a scan joined into kinds of line: template, severity, counts over time (evidence.md 7, 8)."""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.evidence.clocks import Clock, time_span
from domain.evidence.dumps import is_reading
from domain.evidence.logs.alerts import QUIET, Tone, tone
from domain.evidence.logs.buckets import merge_pairs
from domain.evidence.logs.counting import Scan
from domain.evidence.logs.headers import Header, learn_header
from domain.evidence.logs.mask import signature
from domain.evidence.logs.messages import Message, continues, read_message
from domain.evidence.logs.templates import group
from domain.evidence.severity import NOTHING, severity

TEMPLATES = 2_000
"""Signatures that are grouped; beyond them each keeps its own."""
GROUPS = 4_000
CLOCKED, TIMED = 0.9, 200
"""Share of first lines with a time above which a line without one continues a record; characters in which the time stands."""
FURTHER = "further kinds of line"
"""Template of what is left over beyond `GROUPS`, one group per severity, so that no line is lost from the totals."""
Place = tuple[str, float, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A message without header, and where it belongs."""

    place: Place
    """Template, severity, and whether it continues a record."""
    text: str
    fields: Mapping[str, str]
    """Both empty where it is harmless: of a severe one the tone is asked."""


@dataclass(slots=True, kw_only=True)
class Group:
    """All lines of one template."""

    template: str
    key: str
    severity: float
    first: int
    sample: str
    """Raw text of line `first`, cut to 2 KiB."""
    tone: Tone = QUIET
    last_key: bytes = b""
    """The key whose last hit is the group's last."""
    last: int = 0
    count: int = 0
    continuation: bool = False
    samples: list[tuple[int, str]] = field(default_factory=list)
    keys: tuple[bytes, ...] = ()
    """Of the scan, by first line."""
    spread: array[int] = field(default_factory=lambda: array("q"))


def groups_of(scan: Scan) -> list[Group]:
    """Return the scan's lines by template, in order of first line; of very many groups the rare harmless ones are joined by severity."""
    members: dict[Place, list[bytes]] = defaultdict(list)
    said = _said(scan)
    for key, one in said.items():
        members[one.place].append(key)
    found = sorted(members, key=lambda place: (-place[1], -min(3, len(members[place])), scan.firsts[members[place][0]][0]))
    return sorted((_joined(scan, place, keys, said) for place, keys in _bounded(members, found)), key=lambda one: one.first)


def templates_of(scan: Scan) -> Mapping[bytes, str]:
    """Return key → template of the scan's lines."""
    return {key: one.place[0] for key, one in _said(scan).items()}


def _said(scan: Scan) -> Mapping[bytes, _Said]:
    """Return key → what its first line says, its signature grouped."""
    said = _placed(scan)
    templates = group(list(dict.fromkeys(one.place[0] for one in said.values()))[:TEMPLATES])
    for key, one in said.items():
        said[key] = replace(one, place=(templates.get(one.place[0], one.place[0]), *one.place[1:]))
    return said


def _placed(scan: Scan) -> dict[bytes, _Said]:
    """The same, still by signature; a message is let go once it has its place."""
    messages = {key: read_message(_sample(scan, key), scan.segments.clock) for key in scan.firsts}
    heads = _heads(scan)
    plain = [key for key in heads if messages[key].form == "plain"]
    header = learn_header([messages[key].text for key in plain], [scan.counts[key] for key in plain])
    return {key: _place(_sample(scan, key), messages.pop(key), header, begins=key in heads) for key in scan.firsts}


def _sample(scan: Scan, key: bytes) -> str:
    return scan.firsts[key][1].decode("utf-8", "replace")


def _heads(scan: Scan) -> Mapping[bytes, None]:
    """Return the keys whose lines begin a record: by their shape, and with a time where nearly all that may begin one have it."""
    begins = dict.fromkeys(key for key in scan.firsts if not continues(_sample(scan, key)))
    clock = scan.segments.clock
    if clock is None:
        return begins
    timed = dict.fromkeys(key for key in begins if _timed(clock, _sample(scan, key)))
    share = sum(scan.counts[key] for key in timed) / max(1, sum(scan.counts[key] for key in begins))
    return timed if share >= CLOCKED else begins


def _timed(clock: Clock, sample: str) -> bool:
    return bool(clock.span(sample) or time_span(sample[:TIMED]))


def _bounded(members: Mapping[Place, list[bytes]], ranked: Sequence[Place]) -> Iterator[tuple[Place, list[bytes]]]:
    """Yield the first `GROUPS` places with their keys, then the keys of all others by severity."""
    yield from ((place, members[place]) for place in ranked[:GROUPS])
    left: dict[float, list[bytes]] = defaultdict(list)
    for place in ranked[GROUPS:]:
        left[place[1]] += members[place]
    yield from (((FURTHER, grade, True), keys) for grade, keys in left.items())


def _place(sample: str, message: Message, header: Header | None, *, begins: bool) -> _Said:
    """Part the message from its header; one without header speaks with its whole line."""
    text, fields = message.text, message.fields
    if message.form == "plain" and header:
        text, fields = header.part(text)
    whole = message.form == "plain" and text == message.text
    said = sample if whole else text
    grade = severity(said, fields)
    place = signature(text), grade, not begins or is_reading(text)
    return _Said(place=place, text=said if grade else "", fields=fields if grade else NOTHING)


def _joined(scan: Scan, place: Place, keys: list[bytes], said: Mapping[bytes, _Said]) -> Group:
    template, grade, continuation = place
    keys.sort(key=lambda key: scan.firsts[key][0])
    samples = [(scan.firsts[key][0], _sample(scan, key)) for key in keys[:5]]
    last = max(keys, key=lambda key: scan.lasts[key])
    spread = array("q")
    for key in keys:
        merge_pairs(spread, scan.spread[key])
    return Group(
        template=template,
        key=hashlib.blake2b(f"{grade}{template}".encode("utf-8", "replace"), digest_size=8).hexdigest(),
        severity=grade,
        first=samples[0][0],
        sample=samples[0][1],
        tone=tone(said[keys[0]].text, said[keys[0]].fields) if grade else QUIET,
        last_key=last,
        last=scan.lasts[last],
        count=sum(scan.counts[key] for key in keys),
        continuation=continuation,
        samples=samples,
        keys=tuple(keys),
        spread=spread,
    )


def bucket_counts(one: Group, low: int, high: int) -> list[int]:
    """Return the group's lines per bucket from `low` to `high`."""
    counts = [0] * (high - low + 1)
    for index in range(0, len(one.spread), 2):
        counts[min(high, max(low, one.spread[index])) - low] += one.spread[index + 1]
    return counts


def totals(found: list[Group]) -> Mapping[float, int]:
    """Return severity → lines."""
    sums: dict[float, int] = defaultdict(int)
    for one in found:
        sums[one.severity] += one.count
    return sums
