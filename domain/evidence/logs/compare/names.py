"""Whether two files come from one source, by their names alone."""

from __future__ import annotations

import re

_PIECE = re.compile(r"[^\W_]+")
_ASIDE = frozenset({
    "gz", "bz2", "xz", "zip", "old", "new", "good", "bad", "ok", "prev", "previous", "last", "before", "after", "pass", "passed",
    "passing", "fail", "failed", "failing", "baseline",
})  # fmt: skip
"""Pieces of names that tell when a file was taken or how it is packed, not what of."""


def same_source(left: str, right: str) -> bool:
    """True for names such as app.log and app.log.1.gz, or build-good.txt and build-bad.txt."""
    return bool(_source(left)) and _source(left) == _source(right)


def same_upload(left: str, right: str) -> bool:
    """True for files of one source; members of archives are of one source at the same path only: each pod has its `logs.txt`."""
    if "/" in left or "/" in right:
        return left.partition("/")[2] == right.partition("/")[2]
    return same_source(left, right)


def _source(name: str) -> tuple[str, ...]:
    """The pieces of the file's name that hold no digit and do not stand aside."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1].lower()
    return tuple(piece for piece in _PIECE.findall(base) if piece not in _ASIDE and not any(map(str.isdigit, piece)))
