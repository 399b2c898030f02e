"""What a model read of a picture, held against what OCR read of it: OCR is cited, the model adds what is marked as its own.

A line of the model that stands in the OCR text says nothing new. One that resembles a row there was read differently: OCR's
stands. Every other line is the model's alone. It is added behind the OCR text at its place, so that it can be shown, and in no
finding, key, event, count or rank, so that nothing is concluded from it: a model may invent lines, and whoever made the picture
may have told it to.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise

from domain.evidence.extracts import Extract, Place
from domain.evidence.values import Analysis, DigestLine, Kind

LINES, CHARACTERS = 400, 300
"""Of a transcript, as many as OCR reads rows and as a citation quotes; the rest is left out and said to be."""
SHORT = 8
"""Letters below which two texts resemble each other by chance: such a line agrees only where it is the same."""
ALIKE = 0.75
"""Share of a line's letter pairs that stand in the row it resembles. At one misread letter in ten, four pairs in five survive."""
CONFIDENCE = 0.5
"""Of a line that a model alone read: nobody measured it, so it is told as unsure as OCR's least sure rows."""
BEHIND = -10.0
"""Score of such a line: the 300th of the analysed lines has -0.6 · log2(300) = -4.9 (evidence.md 13)."""
NOTE = "a model's reading: "
"""Begins what the coverage says of it, whatever became of it."""
ALONE = "read by a model alone"
_CONFUSED = str.maketrans("oil|", "0111")
_MARKS = re.compile(r"[\W_]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The schema that a model answers in."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """A line that OCR did not read, and the last row before it that both read; 0 is above the first."""

    text: str
    below: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """The OCR text as agreement sees it: letters and digits alone, those that look alike made equal."""

    whole: str
    ends: tuple[int, ...]
    """Where each row ends in `whole`."""
    pairs: tuple[tuple[int, frozenset[str], frozenset[str]], ...]
    """Of each row its length, its letter pairs, and those of it with the next row, which a model may join to it."""

    def same(self, letters: str) -> int | None:
        """Return the row in which the letters begin; a line may run on over several rows."""
        at = self.whole.find(letters)
        return None if at < 0 else 1 + bisect_right(self.ends, at)

    def alike(self, letters: str) -> int | None:
        """Return the row that most resembles the letters, if one does."""
        wanted = _pairs(letters)
        if len(letters) < SHORT or not self.pairs:
            return None
        long = len(letters)
        shares = [len(wanted & (joined if long > size else row)) / len(wanted) for size, row, joined in self.pairs]
        best, row = max(zip(shares, range(1, len(shares) + 1), strict=True))
        return row if best >= ALIKE else None


def is_picture(found: Analysis) -> bool:
    """Tell whether the bytes were a picture, also where a person chose another kind for its text."""
    return found.classification.kind is Kind.IMAGE or (found.extract is not None and found.extract.by == "OCR")


def is_told(found: Analysis) -> bool:
    """Tell whether the coverage says already what became of a model's reading."""
    return any(note.startswith(NOTE) for note in found.coverage.notes)


def told(found: Analysis, what: str) -> Analysis:
    """Return the analysis whose coverage says what became of a model's reading."""
    return replace(found, coverage=replace(found.coverage, notes=(*found.coverage.notes, NOTE + what)))


def seen(found: Analysis, transcript: Transcript) -> Analysis:
    """Return the analysis with the model's own lines behind its text and with what agreed in its coverage; all else is as it was.

    At most 160,000 rows are held against lines: half a second for the largest picture, so not within an event loop.
    """
    extract = found.extract or Extract(share_read=0.0)
    rows = tuple(extract.text.removesuffix("\n").split("\n")) if extract.text else ()
    lines = tuple(_cleaned(transcript.lines))
    own, same, alike = _compared(lines[:LINES], _rows(rows))
    parts = [f"{same} lines stand in the OCR text, {alike} differ a little (OCR's are kept), {len(own)} it read alone"]
    if own:
        parts.append("these are marked, and nothing is concluded from them")
    if len(lines) > LINES:
        parts.append(f"{len(lines) - LINES} lines beyond the first {LINES} were left out")
    return told(replace(found, extract=_with(extract, rows, own)) if own else found, "; ".join(parts))


def candidates(found: Analysis) -> tuple[DigestLine, ...]:
    """Return the lines that a model alone read as the last candidates of all.

    What it read stands in the statement and not in the text: a claim is held against the text, so none can rest on it.
    """
    extract = found.extract or Extract()
    rows = ((number, row, extract.place(number)) for number, row in enumerate(extract.text.split("\n"), start=1))
    return tuple(
        DigestLine(
            evidence=found.evidence,
            name=found.name,
            first=number,
            last=number,
            count=1,
            text="",
            statement=f"{place.label}: {row}",
            score=BEHIND,
        )
        for number, row, place in rows
        if row and place is not None and place.guessed and number > place.first
    )


def _cleaned(lines: Iterable[str]) -> Iterable[str]:
    """Yield lines that hold letters, without characters that hide or reorder words, cut."""
    for line in lines:
        for row in line.splitlines():
            text = _CONTROLS.sub("", row).rstrip()[:CHARACTERS]
            if _letters(text):
                yield text


def _letters(text: str) -> str:
    return _MARKS.sub("", text.casefold()).translate(_CONFUSED)


def _pairs(letters: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(letters)))


def _rows(rows: Sequence[str]) -> _Rows:
    letters = [_letters(row) for row in rows]
    return _Rows(
        whole="".join(letters),
        ends=tuple(accumulate(map(len, letters))),
        pairs=tuple((len(row), _pairs(row), _pairs(row + following)) for row, following in pairwise([*letters, ""])),
    )


def _compared(lines: Sequence[str], rows: _Rows) -> tuple[tuple[_Own, ...], int, int]:
    """Return the model's own lines, each once, and how many of the others are the same as in the OCR text and how many alike."""
    own: dict[str, _Own] = {}
    counts = {"same": 0, "alike": 0}
    below = 0
    for line in lines:
        letters = _letters(line)
        for how, place in (("same", rows.same(letters)), ("alike", rows.alike(letters))):
            if place is not None:
                counts[how] += 1
                below = place if len(letters) >= SHORT else below
                break
        else:
            own.setdefault(letters, _Own(text=line, below=below))
    return tuple(own.values()), counts["same"], counts["alike"]


def _with(extract: Extract, rows: tuple[str, ...], own: tuple[_Own, ...]) -> Extract:
    """Return the extract with each run of own lines as a place behind all that OCR read; its first line says what it is."""
    text, places = list(rows), list(extract.places)
    for below, run in groupby(own, key=lambda one: one.below):
        label = f"{ALONE}, {f'below line {below}' if below else 'above what OCR read' if rows else 'where OCR read nothing'}"
        places.append(Place(first=len(text) + 1, label=label, confidence=CONFIDENCE, guessed=True))
        text += [f"({label})", *(one.text for one in run)]
    return replace(extract, text="\n".join(text) + "\n", places=tuple(places), by=extract.by or "a model")
