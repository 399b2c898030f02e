"""Which passages count as one."""

from __future__ import annotations

import pytest

from domain.knowledge.documents import Hit, Scope
from domain.knowledge.duplicates import distinct
from tests.builders import a_passage


def hit(name: str, text: str, scope: Scope = "team") -> Hit:
    return Hit(passage=a_passage(passage_id=name, text=text, scope=scope), score=1.0)


def numbered(first: int, last: int) -> str:
    return " ".join(f"w{n}" for n in range(first, last + 1))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("a b c", "A  B c", True),
        ("a b", "a b", True),
        ("a b", "a c", False),
        ("a b c", "a b d", False),
        (numbered(1, 22), numbered(1, 20), True),
        (numbered(1, 22), numbered(1, 19), False),
        (numbered(1, 12), numbered(1, 11), True),
        (numbered(1, 11), numbered(1, 10), False),
    ],
)
def test_passages_that_share_nine_tenths_of_their_triples_are_one(one: str, other: str, alike: bool) -> None:
    assert len(distinct((hit("a", one), hit("b", other)))) == (1 if alike else 2)


def test_of_twins_the_narrower_scope_stays_at_the_better_place() -> None:
    def kept(*scopes: Scope) -> list[str]:
        hits = [hit(f"{n}", "the same words here", scope) for n, scope in enumerate(scopes)]
        return [found.passage.passage_id for found in distinct((*hits, hit("last", "other words here")))]

    assert kept("team", "team") == ["0", "last"]
    assert kept("team", "global") == ["0", "last"]
    assert kept("global", "personal", "case", "team") == ["2", "last"]
