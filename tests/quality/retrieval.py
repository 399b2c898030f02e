"""Predictions of the product for the set `runbooks`: which documents it names for each alert text."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from activities.adapters.embedded_passages import EmbeddedPassages, open_passages
from domain.knowledge.access import readable
from domain.knowledge.chunking import Source, chunk, title_of
from domain.knowledge.queries import terms
from domain.knowledge.reranking import rank

SCOPE = readable(team_id="team", user_id="user")
CANDIDATES = 200
"""More than a turn takes, so that ten documents can be ranked."""


def predict(data: Path) -> Iterator[dict[str, object]]:
    """Yield a row per query; documents are named by their path under `docs` without the suffix."""
    with tempfile.TemporaryDirectory() as folder:
        yield from asyncio.run(_predictions(data, open_passages(Path(folder) / "passages.db")))


async def _predictions(data: Path, index: EmbeddedPassages) -> list[dict[str, object]]:
    for path in sorted((data / "docs").rglob("*.md")):
        name = path.relative_to(data / "docs").with_suffix("").as_posix()
        text = path.read_text(encoding="utf-8", errors="replace")
        source = Source(document_id=name, title=title_of(text, path.stem), scope="team", owner_id="", text=text)
        await index.upsert("team", chunk(source))
    queries = [json.loads(line) for line in (data / "queries.jsonl").read_text(encoding="utf-8").splitlines()]
    return [{"query": query["query"], "ranked": await _ranked(index, query["text"])} for query in queries]


async def _ranked(index: EmbeddedPassages, question: str) -> list[str]:
    hits = await index.search(SCOPE, terms(question), CANDIDATES)
    result = rank(question, hits, per_document=1, shown=10)
    return [hit.passage.document_id for hit in result.hits]
