"""Readers of hosts and networks on broken output: lines dropped, columns cut, strange characters, huge numbers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence.commands import any_table
from domain.evidence.commands.hosts import readers as of_hosts
from domain.evidence.commands.networks import readers as of_networks
from domain.evidence.kinds import grammars, prompts
from domain.evidence.reading import Reading
from domain.evidence.values import Document
from tests.evidence import OBSERVED
from tests.pace import within
from tests.unit.domain.evidence.formats import clients, hosts, machines, networks

pytestmark = pytest.mark.unmeasured

READERS = {**of_hosts.READERS, **of_networks.READERS, "any table": any_table.read}
EXAMPLES = tuple(
    one.example for group in (hosts, machines, networks, clients) for one in group.FORMATS if isinstance(one.example, str)
)
STRANGE = ("", "-", "%", "99999999999999999999999", "1e999", "-1", "0", "nan", "１２", "²", "é", "\x1b[31m", "\u202e", "\u200b", "(", '"', "\t", "a" * 300, "1,5", "1.2.3", "::", "[::]:", "*:*")  # fmt: skip
"""Cells that no command prints, or hardly ever; `１２` and `²` are digits to `str.isdigit`."""
SECONDS = 2.0
"""CPU seconds of one reader on one broken example, which takes it some milliseconds; the machine may be shared."""
Change = tuple[str, int, int, str]


def changed(text: str, changes: list[Change]) -> tuple[str, ...]:
    """The lines of a text after each change in turn."""
    lines = text.split("\n")
    for what, at, cell, piece in changes:
        n = at % max(1, len(lines))
        if not lines:
            break
        words = lines[n].split(" ")
        if what == "drop":
            del lines[n]
        elif what == "cut":
            lines[n] = lines[n][: cell % (len(lines[n]) + 1)]
        elif what == "swap":
            words[cell % len(words)] = piece
            lines[n] = " ".join(words)
        elif what == "insert":
            lines.insert(n, piece)
        else:
            lines.insert(n, lines[cell % len(lines)])
    return tuple(lines)


CHANGES: st.SearchStrategy[list[Change]] = st.lists(
    st.tuples(
        st.sampled_from(("drop", "cut", "swap", "swap", "insert", "twice")),
        st.integers(0, 60),
        st.integers(0, 60),
        st.one_of(st.sampled_from(STRANGE), st.text(max_size=20).filter(lambda text: "\n" not in text and "\r" not in text)),
    ),
    max_size=12,
)


def assert_reads(reader: Callable[[Reading, int, int], int], lines: tuple[str, ...]) -> None:
    """The reader ends in time, and every citation names a line of the document."""
    reading = Reading(document=Document(evidence="e1", name="broken", chunks=(), observed_at=OBSERVED), lines=lines)
    with within(SECONDS):
        understood = reader(reading, 1, len(lines))
        parsed = reading.parsed("")
    assert 0 <= understood <= 2 * len(lines) + 2
    cited = [c for one in parsed.findings for c in one.citations]
    cited += [one.citation for one in (*parsed.objects, *parsed.edges, *parsed.events)]
    assert [one for one in cited if not 1 <= one.first <= one.last <= max(1, len(lines))] == []
    assert [one.severity for one in parsed.findings if not 0 <= one.severity <= 5] == []


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=15, deadline=None)
@given(example=st.sampled_from(EXAMPLES), changes=CHANGES)
def test_no_reader_fails_on_broken_output(name: str, example: str, changes: list[Change]) -> None:
    """Also on output of another command, which a wrong guess may hand to it."""
    assert_reads(READERS[name], changed(example, changes))


@settings(max_examples=500, deadline=None)
@given(example=st.sampled_from(EXAMPLES), changes=CHANGES)
def test_the_reader_of_its_own_format_bears_broken_output(example: str, changes: list[Change]) -> None:
    name, _ = grammars.command(tuple(line for line in example.split("\n") if line.strip()))
    if name in READERS:
        assert_reads(READERS[name], changed(example, changes))


@settings(max_examples=50, deadline=None)
@given(examples=st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=4), changes=CHANGES)
def test_parts_of_a_paste_never_overlap(examples: list[str], changes: list[Change]) -> None:
    lines = changed("\n".join(f"$ df -h\n{example}" for example in examples), changes)
    cut = prompts.parts(lines, "")
    cut = [one for part in cut for one in prompts.blocks(lines, part, READERS)]
    assert all(1 <= part.first <= part.last <= len(lines) for part in cut)
    assert all(above.last < below.first for above, below in pairwise(cut))
