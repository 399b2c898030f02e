"""Readers of clusters, stores and deliveries on broken input: no exception, citations inside the text, bounded time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence.commands import output
from domain.evidence.reading import Reading
from domain.evidence.structure import jsontree, yamltree
from domain.evidence.values import Context, Document, Parsed, Text
from tests.evidence import OBSERVED
from tests.pace import within
from tests.unit.domain.evidence.formats import (
    accounts,
    changes,
    clusters,
    containers,
    deliveries,
    described,
    objects,
    queues,
    stores,
)
from tests.unit.domain.evidence.formats.table import Format

pytestmark = pytest.mark.unmeasured

OWNED: tuple[Format, ...] = tuple(
    one
    for group in (accounts, changes, clusters, containers, deliveries, described, objects, queues, stores)
    for one in group.FORMATS
)
SECONDS = 1.0
"""CPU seconds that a reader may take for a few hundred lines."""
NOISE = (
    "", "-", "<none>", "NaN", "inf", "1e308", "-1", "9" * 400, "9" * 5_000, "0/0", "1/0", "٣", "é", "\u202e", "\x00", "\t", "|", "a" * 5_000, "{", "]", "(x9 over 9y)",
    "9999999y", "00:99:99", "2026-13-45T99:99:99Z", "-1 ago", "=" * 300, "(cost=9..9 rows=9)", "+" * 200, "'", '"', "%", "99999999999999999999%",
)  # fmt: skip
"""What stands in a cell that no tool would print."""


def parsed_of(text: str, command: str = "") -> Parsed:
    """What the reader of command output makes of a text."""
    rows = tuple(text.split("\n"))
    document = Document(evidence="e1", name="x", chunks=(), observed_at=OBSERVED, command=command)
    return output.analyse(Text(lines=rows), document, Context())


def assert_inside(parsed: Parsed, lines: int) -> None:
    """Every citation names lines of the text."""
    cited = [c for one in parsed.findings for c in one.citations] + [
        one.citation for one in (*parsed.objects, *parsed.edges, *parsed.events)
    ]
    assert all(1 <= one.first <= one.last <= lines for one in cited)


@st.composite
def damage(draw: st.DrawFn, text: str) -> str:
    """The text with lines dropped, doubled or swapped, and words cut or replaced by noise."""
    lines = text.split("\n")
    for _ in range(draw(st.integers(1, 8))):
        place = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(("drop", "double", "cut", "noise", "word", "joined")))
        line = lines[place]
        if how == "drop" and len(lines) > 1:
            del lines[place]
        elif how == "double":
            lines.insert(place, line)
        elif how == "cut":
            lines[place] = line[: draw(st.integers(0, max(0, len(line))))]
        elif how == "noise":
            at = draw(st.integers(0, max(0, len(line))))
            lines[place] = line[:at] + draw(st.sampled_from(NOISE)) + line[at:]
        elif how == "word":
            words = line.split(" ")
            words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(NOISE))
            lines[place] = " ".join(words)
        else:
            lines[place] = line.replace("  ", draw(st.sampled_from((" ", "\t", "   "))))
    return "\n".join(lines)


@pytest.mark.parametrize("one", OWNED, ids=lambda one: one.name)
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_a_damaged_output_is_read_without_an_error(one: Format, data: st.DataObject) -> None:
    text = data.draw(damage(TEXTS[one.name]))
    with within(SECONDS):
        parsed = parsed_of(text, one.command)
    assert_inside(parsed, text.count("\n") + 1)


TEXTS = {one.name: str(one.text()) for one in OWNED}
"""Captured once."""
READERS = {name: reader for name, reader in output.READERS.items() if name not in output.PLAIN}
WORDS = st.sampled_from(sorted({word for text in TEXTS.values() for word in text.split()}) + list(NOISE))


@pytest.mark.parametrize("name", READERS)
@given(rows=st.lists(st.lists(WORDS, max_size=12).map("  ".join), min_size=1, max_size=25))
@settings(max_examples=10, deadline=None)
def test_a_reader_takes_any_words_of_any_format(name: str, rows: list[str]) -> None:
    document = Document(evidence="e1", name="x", chunks=(), observed_at=OBSERVED)
    reading = Reading(document=document, lines=tuple(rows))
    with within(SECONDS):
        READERS[name](reading, 1, len(rows))
    assert_inside(reading.parsed(""), len(rows))


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(NOISE), st.text(max_size=20))
KEYS = st.sampled_from(
    ("kind", "apiVersion", "metadata", "name", "spec", "status", "items", "State", "Status", "Name", "Config", "HostConfig", "members", "set", "stateStr", "inprog",
     "connections", "current", "process", "conditions", "type", "containerStatuses", "state", "waiting", "terminated", "replicas", "selector", "Reservations", "Target", "Id")
)  # fmt: skip
TREES = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=6)), max_leaves=25
)


@given(tree=TREES)
@settings(max_examples=80, deadline=None)
def test_any_tree_of_known_keys_is_read_without_an_error(tree: object) -> None:
    lines = shown(tree, 0)
    document = Document(evidence="e1", name="x", chunks=(), observed_at=OBSERVED)
    for read in (jsontree.read("\n".join(lines)), yamltree.read(tuple(lines), 1, len(lines))):
        reading = Reading(document=document, lines=tuple(lines))
        output.structured(reading, read, len(lines))
        assert_inside(reading.parsed(""), max(1, len(lines)))


def shown(tree: object, indent: int) -> list[str]:
    """A tree as JSON, one value a line."""
    pad = " " * indent
    if isinstance(tree, dict):
        inner = [line for key, value in tree.items() for line in _field(str(key), shown(value, indent + 1), pad)]
        return [pad + "{", *_joined(inner), pad + "}"]
    if isinstance(tree, list):
        return [
            pad + "[",
            *_joined([line for value in tree for line in [*shown(value, indent + 1)[:-1], shown(value, indent + 1)[-1] + ","]]),
            pad + "]",
        ]
    return [pad + repr(tree).replace("'", '"')]


def _field(key: str, value: list[str], pad: str) -> list[str]:
    return (
        [f'{pad} "{key}": {value[0].strip()}', *value[1:-1], value[-1] + ","]
        if len(value) > 1
        else [f'{pad} "{key}": {value[0].strip()},']
    )


def _joined(lines: list[str]) -> list[str]:
    return [*lines[:-1], lines[-1].rstrip(",")] if lines else []
