"""Where rows and words stand in a picture of text: ink, rows by blank pixel rows, words by blank cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Ink = NDArray[np.bool_]
Span = tuple[int, int]

CONTRAST = 0.25
"""Share of the strongest contrast of the picture that is ink: dimmed comments of common themes keep 0.4, hair lines 0.3."""
NOISE = 24
"""Steps of grey that are never ink: JPEG leaves less around letters."""
LINE = 80
"""Pixels of ink in one straight run that are a frame or a ruler; no letter of a screen is so tall."""
TALLEST = 120
"""Pixels of a row of text; what is taller is a drawing."""
SHORT = 0.6
"""Share of the usual height below which a row holds only dots, dashes or underscores."""
EMPTY_CELL = 0.95
"""Cells between two letters that make a blank: neighbours as thin as dots leave 0.8, the widest letters beside a blank 1.05."""
BLANK = 0.45
"""Share of the row height that makes a blank where letters stand in no cells."""
IN_CELLS = 0.4
"""Mean length of the letters' phase vectors above which they stand in cells: 0.45 to 0.99 in terminals, 0.14 to 0.33 in running text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of text, in pixels; ends are exclusive."""

    top: int
    bottom: int
    words: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All rows from top to bottom."""

    rows: tuple[Row, ...]
    ink: Ink
    tall: int = 0
    """Height of a usual row."""
    cell: float = 0.0
    """Width of a letter's cell; half the height of a row where letters stand in no cells."""
    in_cells: bool = False

    def column(self, left: int) -> int:
        """Return the column of text in which something begins."""
        origin = min((row.words[0][0] for row in self.rows), default=0)
        return round((left - origin) / self.cell) if self.cell else 0


def layout(grey: Grey) -> Layout:
    """Return rows and words of a picture; `grey` is (height, width)."""
    ink = _ink(grey)
    found = list(_bands(ink, (0, ink.shape[0]), (0, ink.shape[1])))
    tall = _usual([bottom - top for (top, bottom), _ in found])
    merged = _merged(found, tall)
    cell = _cell(ink, merged, tall)
    gap = int(cell * EMPTY_CELL) if cell else round(tall * BLANK)
    rows = [_row(ink, band, tall, gap) for band in merged]
    return Layout(rows=tuple(row for row in rows if row.words), ink=ink, tall=tall, cell=cell or tall / 2, in_cells=cell > 0)


def _ink(grey: Grey) -> Ink:
    """Return what differs from the paper of its pixel row, without the sides of frames.

    The paper is the commonest grey, as most of nine pixel rows have it: so a row of dashes is no paper, a marked line is one.
    """
    commonest = np.pad([np.bincount(row, minlength=256).argmax() for row in grey], 4, mode="edge")
    paper = np.median(np.lib.stride_tricks.sliding_window_view(commonest, 9), axis=1).astype(np.int16)
    contrast = np.abs(grey.astype(np.int16) - paper[:, None])
    ink: Ink = contrast > max(NOISE, CONTRAST * np.percentile(contrast, 99.5))
    return ink & ~_upright(ink)


def _upright(ink: Ink) -> Ink:
    """Return the vertical runs of at least `LINE` pixels."""
    length = np.zeros(ink.shape, dtype=np.int32)
    run = np.zeros(ink.shape[1], dtype=np.int32)
    for number, row in enumerate(ink):
        run = (run + 1) * row
        length[number] = run
    whole = np.zeros(ink.shape[1], dtype=np.int32)
    for number in range(len(ink) - 1, -1, -1):
        whole = np.where(ink[number], np.maximum(whole, length[number]), 0)
        length[number] = whole
    found: Ink = length >= LINE
    return found


def _across(ink: Ink, bridge: int = 0) -> list[Span]:
    """Return (first, past the last) of every stretch of pixel columns with ink; gaps of at most `bridge` are closed."""
    return _runs(np.asarray(ink.any(axis=0)), bridge)


def _runs(flags: Ink, bridge: int = 0) -> list[Span]:
    """Return (first, past the last) of every stretch that is set."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0])))).tolist()
    found: list[Span] = []
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        if found and first - found[-1][1] <= bridge:
            found[-1] = (found[-1][0], end)
        else:
            found.append((first, end))
    return found


def _bands(ink: Ink, rows: Span, columns: Span, depth: int = 0) -> Iterator[tuple[Span, Span]]:
    """Yield (rows, columns) of each row of text; columns of text side by side are cut apart first, three levels deep."""
    part = ink[slice(*rows), slice(*columns)]
    found = _runs(np.asarray(part.any(axis=1)))
    usual = _usual([end - first for first, end in found])
    for first, end in found:
        band = (rows[0] + first, rows[0] + end)
        beside = _across(part[first:end], bridge=2 * usual)
        if end - first > 2 * usual and depth < 3 and len(beside) > 1:
            for left, right in beside:
                yield from _bands(ink, band, (columns[0] + left, columns[0] + right), depth + 1)
        elif end - first <= TALLEST:
            yield band, columns


def _usual(heights: list[int]) -> int:
    """Return the height of rows that hold letters: the median of those at least half as tall as the tallest."""
    text = sorted(height for height in heights if height <= TALLEST)
    tall = [height for height in text if height >= text[int(len(text) * 0.9)] / 2] if text else []
    return tall[len(tall) // 2] if tall else 0


def _merged(found: list[tuple[Span, Span]], tall: int) -> list[tuple[Span, Span]]:
    """Join underscores and accents, which a blank pixel row parts from their letters."""
    rows: list[tuple[Span, Span]] = []
    for band, columns in found:
        above = rows[-1] if rows else ((0, -tall), columns)
        near = above[1] == columns and band[0] - above[0][1] <= 0.3 * tall
        if near and min(band[1] - band[0], above[0][1] - above[0][0]) < SHORT * tall:
            rows[-1] = ((above[0][0], band[1]), columns)
        else:
            rows.append((band, columns))
    return rows


def _cell(ink: Ink, bands: list[tuple[Span, Span]], tall: int) -> float:
    """Return the width of the cells that letters stand in the middle of, 0 where they do not: the longest period whose phases agree."""
    letters = [run for rows, columns in bands for run in _across(ink[slice(*rows), slice(*columns)])]
    middles = np.array([(first + end) / 2 for first, end in letters if end - first <= tall])[:3_000]
    if len(middles) < 20:
        return 0.0
    widths = np.arange(0.4 * tall, 1.15 * tall, 0.02)
    agreed = np.array([abs(np.exp(2j * np.pi * middles / width).mean()) for width in widths])
    if agreed.max() < IN_CELLS:
        return 0.0
    last = int(np.flatnonzero(agreed >= 0.92 * agreed.max())[-1])
    return float(widths[max(0, last - 25) + int(agreed[max(0, last - 25) : last + 1].argmax())])


def _row(ink: Ink, band: tuple[Span, Span], tall: int, gap: int) -> Row:
    """Return the words of a row; a low row gets the height of a usual one, so that a dash stays a dash."""
    (top, bottom), (left, right) = band
    if bottom - top < SHORT * tall:
        middle = (top + bottom) // 2
        top, bottom = middle - tall // 2, middle + tall // 2 + 1
    margin = max(1, round(tall * 0.12))
    words = _across(ink[band[0][0] : band[0][1], left:right], bridge=gap)
    return Row(
        top=max(0, top - margin),
        bottom=min(len(ink), bottom + margin),
        words=tuple((max(0, left + first - 1), min(ink.shape[1], left + end + 1)) for first, end in words),
    )
