"""Search, evidence and documents against fakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest

from activities.knowledge import LINES, RESULT, IndexEvidence, IngestDocument, KnowledgeActivities, PassagesFound, SearchPassages
from domain.case.state import EvidenceNews
from domain.errors import NotFound
from domain.evidence.values import DigestLine
from domain.knowledge.access import readable
from domain.knowledge.documents import SearchResult
from domain.ports.sealing import read
from tests import fakes
from tests.builders import a_document, a_passage


@dataclass
class Room:
    """The activities with fakes around them."""

    case_id: UUID = field(default_factory=uuid4)
    blobs: fakes.MemoryBlobs = field(default_factory=fakes.MemoryBlobs)
    passages: fakes.MemoryPassages = field(default_factory=fakes.MemoryPassages)
    documents: fakes.MemoryKnowledge = field(default_factory=fakes.MemoryKnowledge)

    @property
    def steps(self) -> KnowledgeActivities:
        return KnowledgeActivities(self.blobs, fakes.StarRedactor(hidden=("ann@shop.test",)), self.passages, self.documents)

    async def asked(self, text: str, lines_keys: tuple[str, ...] = ()) -> SearchPassages:
        key = await self.blobs.put(self.case_id, text.encode()) if text else ""
        return SearchPassages(case_id=self.case_id, team_id="team_1", user_id="user_1", message_key=key, lines_keys=lines_keys)

    async def result(self, key: str) -> SearchResult:
        return RESULT.validate_json(await read(self.blobs, self.case_id, key))

    async def lines(self, *texts: str) -> str:
        lines = tuple(
            DigestLine(evidence="file_1", name="app.log", first=n, last=n, count=1, text=text)
            for n, text in enumerate(texts, start=1)
        )
        return await self.blobs.put(self.case_id, LINES.dump_json(lines))


async def test_found_passages_are_made_safe_for_the_case_and_said_to_be_lexical() -> None:
    room = Room()
    await room.passages.upsert("team_1", (a_passage(title="Pool of ann@shop.test", text="pool size : mail ann@shop.test"),))
    found = await room.steps.search_passages(await room.asked("pool size"))
    assert (found.count, found.degraded) == (1, ("lexical_only",))
    (hit,) = (await room.result(found.key)).hits
    assert (hit.passage.title, hit.passage.text) == ("Pool of <STAR_1>", "pool size : mail <STAR_1>")


async def test_passages_of_the_case_itself_keep_the_placeholders_they_hold() -> None:
    room = Room()
    own = a_passage(scope="case", owner_id=str(room.case_id), title="app.log", text="pool of <STAR_1>, ann@shop.test")
    await room.passages.upsert("team_1", (own,))
    found = await room.steps.search_passages(await room.asked("pool"))
    assert (await room.result(found.key)).hits[0].passage == own


async def test_nothing_found_says_so_and_nothing_was_away() -> None:
    room = Room()
    found = await room.steps.search_passages(await room.asked("pool size"))
    assert found == PassagesFound(key="", count=0)


async def test_a_turn_without_words_asks_with_its_files_lines() -> None:
    room = Room()
    await room.passages.upsert("team_1", (a_passage(text="pool exhausted"),))
    found = await room.steps.search_passages(await room.asked("", (await room.lines("pool exhausted"),)))
    assert found.count == 1


@dataclass
class PoisonedPassages(fakes.MemoryPassages):
    """An index that forgets its filter."""

    async def search(self, scope, terms, limit):
        everything = readable(team_id="team_1", user_id="user_2", case_id=scope.case_id)
        return await fakes.MemoryPassages.search(self, everything, terms, limit)


async def test_what_a_poisoned_index_returns_is_judged_again() -> None:
    room = Room(passages=PoisonedPassages())
    await room.passages.upsert("team_1", (a_passage(scope="personal", owner_id="user_2", text="pool"),))
    assert (await room.steps.search_passages(await room.asked("pool"))).count == 0


async def test_evidence_is_found_in_its_own_case_alone() -> None:
    room = Room()
    news = EvidenceNews(file_id="file_1", name="app.log", kind="logs_and_errors", confidence=1.0, status="completed")
    assert await room.steps.index_evidence(IndexEvidence(case_id=room.case_id, team_id="team_1", news=news)) == 0
    read_file = EvidenceNews(
        file_id="file_1",
        name="app.log",
        kind="logs_and_errors",
        confidence=1.0,
        status="completed",
        lines_key=await room.lines("pool full"),
    )
    request = IndexEvidence(case_id=room.case_id, team_id="team_1", news=read_file)
    assert [await room.steps.index_evidence(request) for _ in range(2)] == [1, 1]
    own = readable(team_id="team_1", user_id="u", case_id=str(room.case_id))
    other = readable(team_id="team_1", user_id="u", case_id=str(uuid4()))
    assert len(await room.passages.search(own, ("pool",), 5)) == 1
    assert await room.passages.search(other, ("pool",), 5) == ()


async def test_a_document_is_indexed_and_its_old_passages_go() -> None:
    room, document = Room(), a_document(status="pending", content="# Pool\n\nRaise the pool size.")
    await room.documents.put(document)
    await room.passages.upsert("team_1", (a_passage(passage_id="old", document_id=document.document_id),))
    done = [await room.steps.ingest_document(IngestDocument(document_id=document.document_id)) for _ in range(2)]
    assert [(each.status, each.passages) for each in done] == [("processed", 1)] * 2
    assert "old" not in room.passages.passages
    assert room.documents.documents[document.document_id].status == "processed"


async def test_a_document_without_text_fails_and_an_unknown_one_is_not_found() -> None:
    room, document = Room(), a_document(content="  \n")
    await room.documents.put(document)
    assert (await room.steps.ingest_document(IngestDocument(document_id=document.document_id))).status == "failed"
    with pytest.raises(NotFound):
        await room.steps.ingest_document(IngestDocument(document_id="doc_none"))


async def test_a_document_that_cannot_be_indexed_is_kept_and_marked() -> None:
    room, document = Room(), a_document(status="pending")
    await room.documents.put(document)
    assert (await room.steps.fail_document(IngestDocument(document_id=document.document_id))).status == "failed"
    assert room.documents.documents[document.document_id].status == "failed"
    assert room.documents.documents[document.document_id].content == document.content
