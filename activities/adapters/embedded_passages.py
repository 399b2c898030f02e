"""PassageIndex in an SQLite file of its own: FTS5 with BM25; a cache that can be thrown away and built again.

The scope stands in every statement. Words come from `domain.knowledge.queries`, so that passages and questions agree.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from domain.errors import StorageFull, StoreUnavailable
from domain.knowledge.documents import Hit, Passage, ScopeFilter
from domain.knowledge.queries import affordable, identifiers, terms

BUSY_S = 2.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS passages (
  row INTEGER PRIMARY KEY, passage_id TEXT NOT NULL UNIQUE, team_id TEXT NOT NULL, scope TEXT NOT NULL, owner_id TEXT NOT NULL,
  document_id TEXT NOT NULL, title TEXT NOT NULL, heading_path TEXT NOT NULL, ordinal INTEGER NOT NULL,
  first_line INTEGER NOT NULL, last_line INTEGER NOT NULL, text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS passages_document ON passages (team_id, document_id);
CREATE INDEX IF NOT EXISTS passages_owner ON passages (team_id, scope, owner_id);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
  heading, names, body, tokenize="unicode61 remove_diacritics 0 tokenchars '_.:/-'"
);
CREATE VIRTUAL TABLE IF NOT EXISTS frequencies USING fts5vocab (words, row);
"""
_SCOPED = """
  (p.scope = 'global' OR (p.team_id = :team AND (p.scope = 'team' OR (p.scope = 'personal' AND p.owner_id = :user)
   OR (p.scope = 'case' AND p.owner_id = :case AND :case <> ''))))
"""
_SEARCH = f"""
SELECT p.*, -bm25(words, 4.0, 3.0, 1.0) AS score FROM words JOIN passages p ON p.row = words.rowid
WHERE words MATCH :match AND {_SCOPED} ORDER BY score DESC, p.passage_id LIMIT :limit
"""  # ruff: ignore[hardcoded-sql-expression]  # joined from constants
_FREQUENCIES = "SELECT term, doc FROM frequencies WHERE term IN (SELECT value FROM json_each(:terms))"
_INSERT = """
INSERT INTO passages (passage_id, team_id, scope, owner_id, document_id, title, heading_path, ordinal, first_line, last_line, text)
VALUES (:passage_id, :team_id, :scope, :owner_id, :document_id, :title, :heading_path, :ordinal, :first_line, :last_line, :text)
"""
_OF_DOCUMENT = "SELECT row FROM passages WHERE team_id = ? AND document_id = ?"
_OF_CASE = "SELECT row FROM passages WHERE team_id = ? AND scope = 'case' AND owner_id = ?"


@dataclass(frozen=True, slots=True)
class EmbeddedPassages:
    """One connection per call: SQLite's own lock orders writers, readers never wait."""

    path: Path

    async def upsert(self, team_id: str, passages: Sequence[Passage]) -> None:
        """Store in one transaction, by id; safe to repeat."""
        await asyncio.to_thread(self._upsert, team_id, passages)

    async def delete(self, team_id: str, field: Literal["document", "case"], value: str) -> int:
        """Delete by document or by case; return how many."""
        return await asyncio.to_thread(self._delete, team_id, field, value)

    async def search(self, scope: ScopeFilter, terms: Sequence[str], limit: int) -> tuple[Hit, ...]:
        """Return passages by BM25, best first, the best with score 1; nothing for terms that occur nowhere."""
        return await asyncio.to_thread(self._search, scope, terms, limit)

    def _upsert(self, team_id: str, passages: Sequence[Passage]) -> None:
        with self._opened() as connection:
            for passage in passages:
                old = connection.execute("SELECT row FROM passages WHERE passage_id = ?", (passage.passage_id,)).fetchone()
                if old is not None:
                    _forget(connection, old["row"])
                row = connection.execute(_INSERT, _columns(team_id, passage)).lastrowid
                connection.execute(
                    "INSERT INTO words (rowid, heading, names, body) VALUES (?, ?, ?, ?)", (row, *_indexed(passage))
                )

    def _delete(self, team_id: str, field: Literal["document", "case"], value: str) -> int:
        with self._opened() as connection:
            rows = connection.execute(_OF_DOCUMENT if field == "document" else _OF_CASE, (team_id, value)).fetchall()
            for row in rows:
                _forget(connection, row["row"])
            return len(rows)

    def _search(self, scope: ScopeFilter, wanted: Sequence[str], limit: int) -> tuple[Hit, ...]:
        with self._opened() as connection:
            total = connection.execute("SELECT count(*) AS n FROM passages").fetchone()["n"]
            found = connection.execute(_FREQUENCIES, {"terms": json.dumps(list(wanted))})
            kept = affordable(wanted, {row["term"]: row["doc"] for row in found}, total)
            if not kept:
                return ()
            match = " OR ".join('"' + term.replace('"', "") + '"' for term in kept)
            asked = {"match": match, "team": scope.team_id, "user": scope.user_id, "case": scope.case_id, "limit": limit}
            rows = connection.execute(_SEARCH, asked).fetchall()
        best = max((row["score"] for row in rows), default=1.0) or 1.0
        return tuple(Hit(passage=_passage(row), score=max(0.0, min(1.0, row["score"] / best))) for row in rows)

    @contextmanager
    def _opened(self) -> Generator[sqlite3.Connection]:
        """Open a connection and one transaction."""
        with _weather(), closing(sqlite3.connect(self.path, timeout=BUSY_S)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode=wal")
            connection.executescript(_SCHEMA)
            with connection:
                yield connection


@contextmanager
def _weather() -> Generator[None]:
    """Turn what SQLite reports about itself into our failures."""
    try:
        yield
    except sqlite3.OperationalError as failure:
        if failure.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise StorageFull("the passage index has no room; free some space and try again") from failure
        raise StoreUnavailable("the passage index cannot be read or written") from failure


def open_passages(path: Path) -> EmbeddedPassages:
    """Return the index in that file, which is made when it is first used."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return EmbeddedPassages(path)


def _forget(connection: sqlite3.Connection, row: int) -> None:
    connection.execute("DELETE FROM words WHERE rowid = ?", (row,))
    connection.execute("DELETE FROM passages WHERE row = ?", (row,))


def _columns(team_id: str, passage: Passage) -> dict[str, str | int]:
    return {
        "passage_id": passage.passage_id,
        "team_id": team_id,
        "scope": passage.scope,
        "owner_id": passage.owner_id,
        "document_id": passage.document_id,
        "title": passage.title,
        "heading_path": json.dumps(passage.heading_path),
        "ordinal": passage.ordinal,
        "first_line": passage.first_line,
        "last_line": passage.last_line,
        "text": passage.text,
    }


def _indexed(passage: Passage) -> tuple[str, str, str]:
    heading = " ".join(terms(" ".join((passage.title, *passage.heading_path))))
    return heading, " ".join(sorted(identifiers(passage.text))), " ".join(terms(passage.text))


def _passage(row: sqlite3.Row) -> Passage:
    kept = {name: row[name] for name in row.keys() if name not in {"row", "team_id", "score", "heading_path"}}  # ruff: ignore[in-dict-keys]  # a row iterates over values
    return Passage(**kept, heading_path=tuple(json.loads(row["heading_path"])))
