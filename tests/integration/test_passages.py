"""PassageIndex: the fake and the embedded index agree on what may be seen; ranking by BM25 is the index's own."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from uuid import uuid4

import pytest

from activities.adapters.embedded_passages import EmbeddedPassages, open_passages
from domain.errors import StoreUnavailable
from domain.knowledge.access import may_read, readable
from domain.ports.knowledge import PassageIndex
from tests import fakes
from tests.builders import a_passage

SCOPE = readable(team_id="team_1", user_id="user_1", case_id="case_1")


@pytest.fixture(params=["fake", "embedded"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> PassageIndex:
    return fakes.MemoryPassages() if request.param == "fake" else open_passages(tmp_path / "index" / "passages.db")


async def found(index: PassageIndex, *terms: str, scope=SCOPE) -> set[str]:
    return {hit.passage.passage_id for hit in await index.search(scope, terms, 50)}


async def test_storing_twice_is_storing_once(index: PassageIndex) -> None:
    passage = a_passage(text="raise the pool size", heading_path=("Pool", "Fix"))
    await index.upsert("team_1", (passage,))
    await index.upsert("team_1", (passage,))
    (hit,) = await index.search(SCOPE, ("pool",), 10)
    assert hit.passage == passage
    assert 0 < hit.score <= 1


async def test_each_scope_shows_itself_to_its_readers_alone(index: PassageIndex) -> None:
    for team, scope, owner in (
        ("team_1", "team", ""),
        ("team_2", "team", ""),
        ("team_2", "global", ""),
        ("team_1", "personal", "user_1"),
        ("team_1", "personal", "user_2"),
        ("team_2", "personal", "user_1"),
        ("team_1", "case", "case_1"),
        ("team_1", "case", "case_2"),
        ("team_2", "case", "case_1"),
    ):
        name = f"{team} {scope} {owner}".strip()
        await index.upsert(team, (a_passage(passage_id=name, scope=scope, owner_id=owner, text="pool"),))
    assert await found(index, "pool") == {"team_1 team", "team_2 global", "team_1 personal user_1", "team_1 case case_1"}
    outside = readable(team_id="team_1", user_id="user_1")
    assert await found(index, "pool", scope=outside) == {"team_1 team", "team_2 global", "team_1 personal user_1"}


async def test_no_filter_shows_a_foreign_passage(index: PassageIndex) -> None:
    dice, rows = random.Random(3), {}
    for number in range(60):
        scope = dice.choice(("team", "personal", "case", "global"))
        owner = "" if scope in {"team", "global"} else dice.choice("xyz")
        rows[str(number)] = (dice.choice("AB"), a_passage(passage_id=str(number), scope=scope, owner_id=owner, text="pool"))
        await index.upsert(rows[str(number)][0], (rows[str(number)][1],))
    for _ in range(40):
        scope = readable(team_id=dice.choice("AB"), user_id=dice.choice("xyz"), case_id=dice.choice(("", "x", "y", "z")))
        shown = {hit.passage.passage_id for hit in await index.search(scope, ("pool",), 100)}
        assert shown == {name for name, (team, passage) in rows.items() if may_read(scope, passage, team)}


async def test_deleting_by_document_and_by_case_counts(index: PassageIndex) -> None:
    await index.upsert("team_1", tuple(a_passage(passage_id=f"d{n}", document_id="doc_9", text="pool") for n in range(3)))
    await index.upsert("team_1", (a_passage(passage_id="c", scope="case", owner_id="case_1", text="pool"),))
    await index.upsert("team_2", (a_passage(passage_id="other", document_id="doc_9", text="pool"),))
    assert [await index.delete("team_1", "document", "doc_9"), await index.delete("team_1", "document", "doc_9")] == [3, 0]
    assert await index.delete("team_1", "case", "case_1") == 1
    assert await found(index, "pool") == set()
    assert await found(index, "pool", scope=readable(team_id="team_2", user_id="u")) == {"other"}


async def test_an_empty_index_and_unknown_terms_give_nothing(index: PassageIndex) -> None:
    assert await found(index, "pool") == set()
    await index.upsert("team_1", (a_passage(text="pool"),))
    assert await found(index, "nothing") == set()
    assert await found(index) == set()


async def test_the_limit_holds_and_ties_are_stable(index: PassageIndex) -> None:
    await index.upsert("team_1", tuple(a_passage(passage_id=f"p{n}", document_id=f"d{n}", text="pool") for n in range(9)))
    first = await index.search(SCOPE, ("pool",), 4)
    assert [hit.passage.passage_id for hit in first] == ["p0", "p1", "p2", "p3"]
    assert await index.search(SCOPE, ("pool",), 4) == first


@pytest.fixture
def embedded(tmp_path: Path) -> EmbeddedPassages:
    return open_passages(tmp_path / "passages.db")


async def test_rarer_words_and_headings_count_more(embedded: EmbeddedPassages) -> None:
    common = tuple(
        a_passage(passage_id=f"c{n}", document_id=f"c{n}", title="", text="service fails", heading_path=()) for n in range(5)
    )
    body = a_passage(passage_id="body", title="", heading_path=(), text="service fails by deadlock")
    heading = a_passage(passage_id="heading", title="", heading_path=("Deadlock",), text="service fails often today")
    await embedded.upsert("team_1", (*common, body, heading))
    hits = await embedded.search(SCOPE, ("service", "deadlock"), 10)
    assert [hit.passage.passage_id for hit in hits[:2]] == ["heading", "body"]
    assert hits[0].score == pytest.approx(1.0)


@pytest.mark.parametrize("term", ['"', "a OR b", "heading:x", "*", "NEAR(", "ünïcode", "x" * 10_000])
async def test_no_term_is_read_as_a_statement(embedded: EmbeddedPassages, term: str) -> None:
    await embedded.upsert("team_1", (a_passage(text="pool " + term),))
    assert len(await embedded.search(SCOPE, (term, "pool"), 5)) == 1


async def test_passages_survive_a_restart_and_writers_wait_for_each_other(tmp_path: Path) -> None:
    path = tmp_path / "passages.db"
    batches = [tuple(a_passage(passage_id=str(uuid4()), document_id=f"d{n}", text="pool") for _ in range(10)) for n in range(6)]
    await asyncio.gather(*(open_passages(path).upsert("team_1", batch) for batch in batches))
    assert len(await found(open_passages(path), "pool")) == 50
    assert len(await open_passages(path).search(SCOPE, ("pool",), 100)) == 60


async def test_a_file_that_cannot_be_opened_is_a_store_that_is_away(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        await EmbeddedPassages(tmp_path / "missing" / "passages.db").search(SCOPE, ("pool",), 5)
