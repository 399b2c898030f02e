from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from domain.evidence.decoding.decode import decode, resolve
from domain.evidence.search import words
from domain.evidence.search.counts import count, documents, kinds, windows
from domain.evidence.search.index import Index
from domain.evidence.search.source import Source, source_of
from domain.evidence.search.words import find
from tests.bench import logs

CHUNKS = [b"alpha Beta one\r\ngamma\nBETA alp", b"ha two\n"]
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def opened(text: str | bytes) -> Source:
    raw = text if isinstance(text, bytes) else text.encode()
    return source_of("e", b"".join(decode([raw])))


def dated(special: dict[int, str], lines: int = 3_000) -> Source:
    rows = [
        f"{START + timedelta(seconds=n):%Y-%m-%d %H:%M:%S} {special.get(n) or f'INFO [web] item {n} served took {20 + n % 7} ms'}"
        for n in range(1, lines + 1)
    ]
    return opened("\n".join(rows) + "\n")


def long_log(kind: str = "typical") -> str:
    source = logs.lines(3, kind)
    return "\n".join(next(source) for _ in range(40_000)) + "\n"


TYPICAL, LETTERS = opened(long_log()), opened(long_log("letters"))


def naive(source: Source, query: str) -> list[int]:
    rows = source.data[:].decode().lower().split("\n")
    return [number for number, row in enumerate(rows, 1) if query.split() and all(word in row for word in query.lower().split())]


def test_lines_with_every_word_are_found_in_any_case():
    found = find(opened(b"".join(CHUNKS)), "beta ALPHA")
    assert [(one.first, one.quote) for one in found.citations] == [(1, "alpha Beta one"), (3, "BETA alpha two")]
    assert (found.total, found.complete) == (2, True)
    assert [resolve(one, CHUNKS) for one in found.citations] == ["alpha Beta one", "BETA alpha two"]


def test_hits_are_bounded_and_all_counted():
    found = find(opened(b"same line\n" * 999), "same", limit=5_000)
    assert (len(found.citations), found.total, found.complete, found.searched_to) == (200, 999, False, 200)


def test_of_a_long_query_the_first_twenty_words_count():
    assert find(opened(b"alpha\n" * 3), " ".join(["alpha"] * 20 + ["gamma"])).total == 3


def test_a_search_goes_on_behind_the_last_line_that_it_looked_at():
    source = opened("".join(f"same line {n}\n" for n in range(500)))
    lines: list[int] = []
    after, complete = 0, False
    while not complete:
        found = find(source, "same", limit=90, after=after)
        lines += [one.first for one in found.citations]
        after, complete = found.searched_to, found.complete
    assert lines == list(range(1, 501))


def test_without_hits_the_vocabulary_helps():
    found = find(opened(b"".join(CHUNKS)), "(delta|.*)")
    assert (found.citations, set(found.vocabulary)) == ((), {"alpha", "BETA", "Beta", "gamma"})


@pytest.mark.parametrize("text", ["", "\n", "one line without an end", "\n\n\n"])
def test_little_text_is_searched_like_much(text: str):
    source = opened(text)
    assert find(source, "  ").total == 0
    assert find(source, "absent").citations == ()
    assert len(find(source, "line").citations) == text.count("line")
    assert count(source, "absent").total == 0
    assert kinds(source).total == bool(text.strip())


@pytest.mark.parametrize("source", [TYPICAL, LETTERS], ids=["typical", "letters"])
@pytest.mark.parametrize(
    "query",
    [
        "error",
        "ERROR mail refused",
        "delivery relay-3:25",
        "took 31",
        "took 31 ms",
        "10.7.",
        "nightly-12 status",
        "depth 4",
        "absent",
        "deadbeef",
        "Segment 4 9",
    ],
)
def test_a_search_finds_what_reading_every_line_finds(source: Source, query: str):
    wanted = naive(source, query)
    found = find(source, query, limit=200)
    assert [one.first for one in found.citations] == wanted[: len(found.citations)]
    assert len(found.citations) == min(200, len(wanted)) or not found.complete
    assert found.total == len(wanted) or not found.complete
    assert bool(found.vocabulary) == (not wanted)


@given(st.lists(st.text(alphabet="ab1 F\t\x1b:\u00e4", max_size=12), max_size=40), st.text(alphabet="abF1 :\u00e4", max_size=5))
def test_any_text_is_searched_like_reading_every_line(rows: list[str], query: str):
    source = opened("\n".join(rows))
    lowered = [row.encode().lower() for row in bytes(source.data[:]).decode().split("\n")]
    typed = [word.encode() for word in query.split()]
    exact = [n for n, row in enumerate(lowered, 1) if typed and all(word.lower() in row for word in typed)]
    found = [one.first for one in find(source, query).citations]
    assert found == sorted(set(found))
    assert set(found) <= set(exact)


@given(st.lists(st.text(alphabet="ab1 \t", max_size=9), max_size=60), st.integers(-3, 70), st.integers(-3, 70))
def test_a_range_is_read_as_it_stands(rows: list[str], first: int, last: int):
    source = opened("\n".join(rows))
    lines = bytes(source.data[:]).decode().removesuffix("\n").split("\n") if source.index.lines else []
    wanted = [(n, row) for n, row in enumerate(lines, 1) if max(1, first) <= n <= last]
    assert [(one.line, one.text) for one in source.read(first, last)] == wanted


def test_a_range_is_bounded_and_any_line_is_near():
    assert len(TYPICAL.read(1, 40_000)) == 2_000
    rows = TYPICAL.data[:].decode().split("\n")
    for line in (1, 2, 4_097, 17_001, 39_999, 40_000):
        assert TYPICAL.read(line, line)[0].text == rows[line - 1]
        assert TYPICAL.line_at(TYPICAL.offset_of(line)) == line


def test_a_hit_is_shown_with_the_lines_around_it_each_once():
    source = opened("".join(f"{'needle' if n in {5, 7} else 'hay'} {n}\n" for n in range(1, 12)))
    assert [row.line for row in find(source, "needle", context=2).rows] == [3, 4, 5, 6, 7, 8, 9]


def test_an_endless_line_is_cut():
    source = opened(b"begin " + b"x" * 300_000 + b" needle\nnext\n")
    (row,) = find(source, "needle").rows
    assert len(row.text) < 40_000
    assert source.read(2, 2)[0].text == "next"


def test_kinds_of_line_are_listed_severe_ones_first_and_cited():
    found = kinds(TYPICAL)
    assert found.kinds[0][0].template.startswith("Delivery ")
    assert [one.severity for one, _ in found.kinds] == sorted((one.severity for one, _ in found.kinds), reverse=True)
    assert sum(one.count for one, _ in found.kinds) == 40_000
    assert all(resolve(cited, [TYPICAL.data[:]]) for _, cited in found.kinds)
    assert [one.template.split()[0] for one, _ in kinds(TYPICAL, "delivery FAILED").kinds] == ["Delivery"]


def test_words_are_counted_over_time():
    source = dated(dict.fromkeys(range(1000, 1100), "ERROR peer reset"))
    found = count(source, "peer error")
    assert (found.total, found.complete, found.width_s) == (100, True, 15)
    assert sum(one.lines for one in found.stretches) == 100
    assert found.stretches[0].start == START + timedelta(seconds=990)


def test_numbers_are_counted_over_time_by_the_lines_that_hold_them():
    found = count(dated({}), "item 2500")
    assert [(one.start, one.lines) for one in found.stretches] == [(START + timedelta(seconds=2_490), 1)]


def test_without_a_clock_words_are_counted_by_place():
    rows = "".join(f"{'odd' if n >= 900 else 'even'} thing happens\n" for n in range(1_000))
    found = count(opened(rows), "odd")
    assert (found.total, found.width_s) == (100, 0)
    assert all(one.start is None and one.line > 800 for one in found.stretches)


@pytest.mark.parametrize("lines", [3_000, 30_000], ids=["small", "wide"])
def test_two_windows_of_a_log_are_compared(lines: int):
    middle = lines // 2
    source = dated(dict.fromkeys(range(middle, middle + 300), "ERROR peer reset"), lines)
    found = windows(source, (1, middle - 100), (middle, lines))
    assert [(one.template, one.after) for one in found.new] == [("peer reset", 300)]
    assert found.gone == ()


def test_two_documents_are_compared():
    found = documents(dated({}), dated(dict.fromkeys(range(100, 120), "ERROR peer reset")))
    assert [(one.template, one.after, one.first) for one in found.new] == [("peer reset", 20, 100)]
    assert [one.template for one in found.gone] == []


def test_an_index_is_small_and_comes_back_from_json():
    for source in (TYPICAL, LETTERS, opened("\n".join(f"{n:x} " + "word" * n for n in range(900)))):
        stored = TypeAdapter(Index).dump_json(source.index)
        assert len(stored) < 8 << 20
        assert json.loads(stored)["lines"] == source.index.lines
        again = Source(evidence="e", data=source.data, index=TypeAdapter(Index).validate_json(stored))
        assert find(again, "error") == find(source, "error")


def test_one_search_reads_a_bounded_share_and_says_where_it_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(words, "BUDGET", 1 << 20)
    found = find(LETTERS, "session 99", limit=200)
    assert not found.complete
    assert 0 < found.searched_to < 40_000
    assert [one.first for one in found.citations] == naive(LETTERS, "session 99")[: len(found.citations)]
