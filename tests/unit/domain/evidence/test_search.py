from __future__ import annotations

from domain.evidence.search import search

CHUNKS = [b"alpha Beta one\r\ngamma\nBETA alp", b"ha two\n"]


def test_lines_with_every_word_are_found_in_any_case():
    found = search("e", CHUNKS, "beta ALPHA")
    assert [(one.first, one.quote) for one in found.citations] == [(1, "alpha Beta one"), (3, "BETA alpha two")]
    assert found.total == 2


def test_hits_are_bounded_and_all_counted():
    found = search("e", [b"same line\n" * 999], "same", limit=5_000)
    assert (len(found.citations), found.total) == (200, 999)


def test_without_hits_the_vocabulary_helps():
    found = search("e", CHUNKS, "(delta|.*)")
    assert (found.citations, found.vocabulary) == ((), ("alpha", "BETA", "Beta", "gamma"))


def test_an_empty_query_finds_nothing():
    assert search("e", CHUNKS, "  ").total == 0
