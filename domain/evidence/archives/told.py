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
    """Return in one sentence how many files an archive holds, how many are read, and why the others are not."""
    whole = len(held.members)
    taken = whole - sum(left.values())
    sentence = f"archive of {whole} file{'s' if whole != 1 else ''}, {taken} read"
    reasons = ", ".join(f"{left[why]} {why.value}" for why in Why if left.get(why))
    return f"{sentence}; left out: {reasons}" if reasons else sentence


def share_read(held: Contents) -> float:
    """Return the share of an archive's unpacked bytes that is taken."""
    whole = sum(member.size for member in held.members)
    return sum(member.size for member in held.members if member.why is None) / whole if whole else 1.0


def container(document: Document, version: str, held: Contents, unread: Mapping[Why, int]) -> Analysis:
    """Return the analysis of the archive itself; `unread` counts what was to be taken and could not be."""
    left = {why: left_out(held.members).get(why, 0) + unread.get(why, 0) for why in Why}
    summary = counted(held, left)
    return Analysis(
        evidence=document.evidence,
        name=document.name,
        version=version,
        classification=Classification(kind=Kind.BINARY, confidence=1.0, format=ARCHIVE),
        coverage=Coverage(bytes=document.size, lines=0, share_read=share_read(held), notes=(summary, *held.notes)),
        summary=summary,
    )
