from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.logs.mask import signature
from domain.evidence.logs.templates import group


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("from 10.0.0.1:80 in 35ms", "from <*> in <*>"),
        ("id 123e4567-e89b-12d3-a456-426614174000 ok", "id <*> ok"),
        ("read /var/log/app.log now", "read <*> now"),
        ("see https://example.org/a?b=1 now", "see https://<*> now"),
        ("user <IP_3> gone", "user <*> gone"),
        ("a   b\tc", "a b c"),
        ("blk_-123 of worker-7", "<*> of <*>"),
        ("from host 24-54-76-216.pool.example.net at noon", "from host <*> at noon"),
        ("asked by /10.0.0.1:80 again", "asked by /<*> again"),
        ("init2() over ssh2 done", "init2() over ssh2 done"),
        ("wrote part.17: 3 bytes", "wrote part.<*>: <*> bytes"),
        ("loading task_17: late", "loading <*>: late"),
        ("key '{a}Device/disk' read", "key '<*>' read"),
        ("on db.eu.example.org up", "on <*> up"),
        ("caught a.b.c.LateError here", "caught a.b.c.LateError here"),
    ],
)
def test_variable_parts_are_masked(line, masked):
    assert signature(line) == masked


def test_a_place_with_many_words_is_variable():
    rows = [f"session opened for user {name} by root" for name in ("ann", "bob", "cid", "dora", "eve")]
    assert set(group(rows).values()) == {"session opened for user <*> by root"}


def test_a_stem_with_one_number_is_a_word_and_with_several_a_variable():
    assert group(["login over ssh2 was done"]) == {"login over ssh2 was done": "login over ssh2 was done"}
    assert set(group(["the disk sda1 is full", "the disk sda2 is full"]).values()) == {"the disk <*> is full"}


def test_units_that_alone_differ_are_variable():
    rows = ["memory used up <*> KB in all", "memory used up <*> MB in all"]
    assert set(group(rows).values()) == {"memory used up <*> in all"}
    assert group(rows[:1]) == {rows[0]: rows[0]}


def test_identifiers_in_several_places_are_variable_together():
    rows = [f"now sending a.b.c.Kind{letter} towards a.b.c.Sink{letter}" for letter in "ABCDE"]
    assert set(group(rows).values()) == {"now sending <*> towards <*>"}
    assert len(set(group(rows[:4]).values())) == 4


def test_a_word_where_a_wildcard_stands_too_is_one_of_its_values():
    rows = ["none for bad user <*> from here", "none for bad user admin from here"]
    assert set(group(rows).values()) == {"none for bad user <*> from here"}


def test_few_words_at_a_place_stay_apart():
    rows = ["link state went up today", "link state went down today"]
    assert group(rows) == {row: row for row in rows}


def test_request_verbs_stay():
    rows = [f"{verb} the item from store" for verb in ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH")]
    assert len(set(group(rows).values())) == 6


@given(st.lists(st.text(alphabet="ab 1=:<*>", max_size=30), max_size=12))
def test_every_signature_gets_one_template_in_any_order(rows):
    found = group(rows)
    assert set(found) == set(rows)
    assert found == group(reversed(rows))
