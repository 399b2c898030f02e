"""Screenshots to text: rows and words by their ink, letters by RapidOCR, columns by where the words stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import numpy as np

from activities.adapters.mending import mended
from activities.adapters.picture_rows import Layout, Row, layout
from activities.adapters.pictures import Colours, Picture, picture
from domain.evidence.extracts import Extract, Place

if TYPE_CHECKING:
    from rapidocr.ch_ppocr_rec import TextRecOutput

Letters = Callable[[Colours], tuple[str, float]]

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""Grey of red, green and blue (ITU-R BT.601)."""
ROWS = 400
"""Rows read of one picture."""
STRIP = 60
"""Row heights of words that are read at once, about 100 letters."""
UNSURE = 0.5
"""Mean confidence below which a row is no text (RapidOCR's own bound)."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A row and what was read of it."""

    row: Row
    text: str
    score: float


def picture_text(data: bytes) -> Extract:
    """Return the text of a picture; one that cannot be decoded or is too large gives none and says so."""
    seen = picture(data)
    if isinstance(seen, str):
        return Extract(notes=(seen,))
    notes = (f"the first of {seen.frames} pictures was read",) if seen.frames > 1 else ()
    return _extract(seen, notes)


def _extract(seen: Picture, notes: tuple[str, ...]) -> Extract:
    found = layout((seen.colours @ LUMA).astype(np.uint8))
    rows = [_Read(row, *_row_text(seen.colours, found, row, letters())) for row in found.rows[:ROWS]]
    read = [one for one in rows if one.text and one.score >= UNSURE]
    if len(rows) > len(read):
        notes += (f"{len(rows) - len(read)} rows of the picture could not be read",)
    if len(found.rows) > ROWS:
        notes += (f"{len(found.rows) - ROWS} rows beyond the first {ROWS} were left out",)
    if not read:
        return Extract(notes=(*notes, "no text was found in the picture"), taken=seen.taken)
    lines, places = _placed(read)
    return Extract(
        text="\n".join(lines) + "\n",
        places=places,
        by="OCR",
        notes=notes,
        share_read=len(read) / len(found.rows),
        taken=seen.taken,
    )


def _placed(read: list[_Read]) -> tuple[list[str], tuple[Place, ...]]:
    """Return the lines and their blocks: a blank row ends a block and becomes one blank line."""
    pitch = sorted(low.row.top - high.row.top for high, low in pairwise(read))[(len(read) - 1) // 2] if len(read) > 1 else 0
    lines: list[str] = []
    blocks: list[tuple[int, list[float]]] = []
    for number, one in enumerate(read):
        step = one.row.top - read[number - 1].row.top
        if not number or not 0 <= step <= 1.6 * pitch:
            lines += [""] if number else []
            blocks.append((len(lines) + 1, []))
        blocks[-1][1].append(one.score)
        lines.append(one.text)
    return lines, tuple(
        Place(first=first, label=f"block {number}", confidence=round(sum(scores) / len(scores), 3))
        for number, (first, scores) in enumerate(blocks, start=1)
    )


def _row_text(colours: Colours, found: Layout, row: Row, letters: Letters) -> tuple[str, float]:
    """Return a row with its words in their columns, and the mean confidence."""
    text, scores = "", []
    for words in _strips(row, found.tall):
        read, score = _words(colours, found, row, words, letters)
        scores.append(score)
        for (left, _), word in zip(words, read, strict=True):
            text += " " * max(found.column(left) - len(text), 1 if text else 0) + word
    ruled = found.in_cells and set(text) <= set("+-= ") and "+" in text
    return _rule(found, row) if ruled else text.rstrip(), sum(scores) / len(scores)


def _rule(found: Layout, row: Row) -> str:
    """Return the rule under a table's header, whose joined dashes the recogniser cannot count: a cross is taller than a dash."""
    first, last = row.words[0][0], row.words[-1][1]
    cells = [round(first + number * found.cell) for number in range(round((last - first) / found.cell) + 1)]
    heights = [found.ink[row.top : row.bottom, left:right].any(axis=1).sum() for left, right in pairwise(cells)]
    return " " * found.column(first) + "".join("+" if 3 * height > found.tall else "-" for height in heights)


def _strips(row: Row, tall: int) -> Iterator[list[tuple[int, int]]]:
    """Yield the words of a row in runs that are read at once."""
    run: list[tuple[int, int]] = []
    wide = 0
    for left, right in row.words:
        if run and wide + right - left > STRIP * tall:
            yield run
            run, wide = [], 0
        run.append((left, right))
        wide += right - left + tall
    yield run


def _words(colours: Colours, found: Layout, row: Row, words: list[tuple[int, int]], letters: Letters) -> tuple[list[str], float]:
    """Return each word: read as one strip with even blanks, or one by one where the strip does not give as many.

    Where letters stand in no cells, each word is a run of several, told apart by the recogniser.
    """
    text, score = letters(_strip(colours, found, row, words)) if found.in_cells else ("", 0.0)
    if len(text.split()) == len(words):
        return [mended(word) for word in text.split()], score
    alone = [letters(_strip(colours, found, row, [word])) for word in words]
    blank = "" if found.in_cells else " "
    read = [blank.join(mended(word) for word in text.split()) for text, _ in alone]
    return read, sum(score for _, score in alone) / len(alone)


def _strip(colours: Colours, found: Layout, row: Row, words: list[tuple[int, int]]) -> Colours:
    """Return the words side by side on the row's paper, one row height apart: so blanks are told from letters set wide."""
    part = colours[row.top : row.bottom]
    paper = np.median(part[~found.ink[row.top : row.bottom]], axis=0)
    gap = np.empty((len(part), max(2, round(found.tall * 0.9)), 3), dtype=np.uint8)
    gap[:] = paper
    pieces = [gap[:, : gap.shape[1] // 2]]
    for left, right in words:
        pieces += [part[:, left:right], gap]
    return np.concatenate([*pieces[:-1], pieces[0]], axis=1)


@cache
def letters() -> Letters:
    """Return the recogniser, loaded once per process: a second and some 200 MB."""
    from rapidocr import RapidOCR  # ruff: ignore[import-outside-top-level]  # heavy, see above

    engine = RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 1 << 20,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(strip: Colours) -> tuple[str, float]:
        """Return the letters of one row and their mean confidence."""
        found = cast("TextRecOutput", engine(np.ascontiguousarray(strip[:, :, ::-1]), use_det=False, use_cls=False))
        return " ".join(found.txts or ()), float(np.mean(found.scores)) if found.scores else 0.0

    return read
