"""What stands between the time and the message of a log's lines: level, host, process, thread, logger (evidence.md 7.2)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.evidence.severity import level_named

COMMON = 0.95
FEWEST = 2
"""Lines below which no header is learnt."""
LOOK_AT = 2_000
MOST_VOTES = 64
"""Lines of one key that count at most: neither a flood nor many odd lines decide."""
WORD = "word"
MOST = 12
"""Columns of a header."""
BETWEEN = (1, 3)
"""Columns of plain words that may stand before one that only headers have, and before a level's."""
_TOKEN = re.compile(r"\s{0,40}(?P<token>\[(?:[^\[\]]|\[[^\[\]]{0,200}\]){0,300}\]:?|[^\s|]{1,300}\|?|\|)(?P<gap>\s{0,40})")
_NUMBER = re.compile(r"[.:,/_-]{0,3}\d[\d.:,/_-]{0,60}")
_ORIGIN = re.compile(r"[A-Za-z_][\w.$/@#()-]{0,120}(?:\[[\w.-]{1,40}\])?:|[\w.$/@#()-]{0,120}\|")
"""`sshd[123]:`, `dfs.DataNode:`, `worker|`."""
_NAME = re.compile(r"[A-Za-z_][\w$]{0,80}(?:[.-][\w$:]{1,80}){1,12}|[\w-]{1,80}/[\w-]{1,80}")
"""Host or dotted logger."""
_MARK = re.compile(r"[-–—*=>#|:;,]{1,3}")
ANCHORS = frozenset({"level", "origin", "mark", "bracket", "padded"})
"""Kinds of columns that messages do not have in nearly every line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The columns of a header, each with its kind; `level` is the place of the level's column, or -1."""

    columns: tuple[str, ...]
    level: int = -1

    def part(self, text: str) -> tuple[str, Mapping[str, str]]:
        """Return the message behind the header with the level that it names; the whole text where its columns are others."""
        end, found = 0, []
        for column in self.columns:
            match = _TOKEN.match(text, end)
            if match is None or (column in ANCHORS and column not in _kinds(match)):
                return text, {}
            end = match.end()
            found.append(match["token"])
        level = found[self.level].strip("[]():|,;") if self.level >= 0 else ""
        return (text[end:], {"level": level} if level else {}) if text[end:].strip() else (text, {})


def learn_header(texts: Sequence[str], counts: Sequence[int] = ()) -> Header | None:
    """Learn the header of lines whose time was taken off, each seen so often; None where they begin with the message."""
    step = -(-len(texts) // LOOK_AT) or 1
    weights = [min(MOST_VOTES, count) for count in counts[::step]] or [1] * len(texts[::step])
    rows = [(tokens, weight) for text, weight in zip(texts[::step], weights, strict=True) if len(tokens := _tokens(text)) > 1]
    if len(rows) < FEWEST:
        return None
    total = sum(weight for _, weight in rows)
    columns = [_column([(row[place], weight) for row, weight in rows if len(row) > place], total) for place in range(MOST)]
    end = 0
    for place, column in enumerate(columns):
        if column in ANCHORS and columns[end:place].count(WORD) <= BETWEEN[column == "level"]:
            end = place + 1
    found = tuple(columns[:end])
    return Header(columns=found, level=found.index("level") if "level" in found else -1) if found else None


def _tokens(text: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    end = 0
    while len(found) < MOST and (match := _TOKEN.match(text, end)):
        found.append(match)
        end = match.end()
    return found


def _column(matches: Sequence[tuple[re.Match[str], int]], total: int) -> str:
    """Return the kind of a column that nearly all lines share; `word` where they share none."""
    votes: Counter[str] = Counter()
    for match, weight in matches:
        for kind in _kinds(match):
            votes[kind] += weight
    common = [kind for kind in KINDS if votes[kind] >= COMMON * total]
    return common[0] if common else WORD


KINDS = ("level", "mark", "bracket", "origin", "padded", "number", "name")


def _kinds(match: re.Match[str]) -> list[str]:
    """Return what a token may be."""
    token, padded = match["token"], len(match["gap"]) > 1
    found = [
        ("level", level_named(token.strip("[]():|,;")) is not None),
        ("mark", _MARK.fullmatch(token) is not None),
        ("bracket", token[0] == "[" and token.rstrip(":")[-1:] == "]"),
        ("origin", _ORIGIN.fullmatch(token) is not None),
        ("padded", padded),
        ("number", _NUMBER.fullmatch(token) is not None),
        ("name", _NAME.fullmatch(token) is not None),
    ]
    return [kind for kind, holds in found if holds]
