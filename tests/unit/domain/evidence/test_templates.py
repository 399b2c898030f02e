from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.mask import signature
from domain.evidence.templates import group


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("from 10.0.0.1:80 in 35 ms", "from <*> in <*>"),
        ("id 123e4567-e89b-12d3-a456-426614174000 ok", "id <*> ok"),
        ("read /var/log/app.log now", "read <*> now"),
        ("see https://example.org/a?b=1 now", "see <*> now"),
        ("user <IP_3> gone", "user <*> gone"),
        ("a   b\tc", "a b c"),
        ("blk_-123 of worker-7", "<*> of <*>"),
    ],
)
def test_variable_parts_are_masked(line, masked):
    assert signature(line) == masked


def test_a_place_with_many_words_is_variable():
    rows = [f"session opened for user {name} by root" for name in ("ann", "bob", "cid", "dora", "eve")]
    assert set(group(rows).values()) == {"session opened for user <*> by root"}


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
