"""What an archive is told to be: a container without lines of its own, which says what it held and what of that was left out."""

from __future__ import annotations

from collections.abc import Mapping

from domain.evidence.archives.choosing import left_out
from domain.evidence.archives.unpacking import Contents
from domain.evidence.archives.values import Why
from domain.evidence.values import Analysis, Classification, Coverage, Document, Kind

ARCHIVE = "archive"
"""The format of what is read by its members alone."""


def counted(held: Contents, left: Mapping[Why, int]) -> str:
    """Return in one sentence how many members an archive holds, how many were taken, and why the others were not."""
    whole = len(held.members)
    taken = whole - sum(left.values())
    sentence = f"archive of {whole} file{'s' if whole != 1 else ''}, {taken} taken as evidence of their own"
    reasons = ", ".join(f"{left[why]} {why.value}" for why in Why if left.get(why))
    return f"{sentence}; left out: {reasons}" if reasons else sentence


def container(document: Document, version: str, held: Contents, unread: Mapping[Why, int]) -> Analysis:
    """Return the analysis of the archive itself; `unread` counts what was to be taken and could not be."""
    left = {why: left_out(held.members).get(why, 0) + unread.get(why, 0) for why in Why}
    summary = counted(held, left)
    return Analysis(
        evidence=document.evidence,
        name=document.name,
        version=version,
        classification=Classification(kind=Kind.BINARY, confidence=1.0, format=ARCHIVE),
        coverage=Coverage(bytes=document.size, lines=0, notes=(summary, *held.notes)),
        summary=summary,
    )
