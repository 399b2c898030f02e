"""Evidence rows: born from checked claims, counted as independent witnesses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from domain.case.findings import RowDraft
from domain.case.state import EvidenceRow, Link, RowCategory, Stance
from domain.case.texts import named

Rows = tuple[EvidenceRow, ...]
RECURRENCE = "recurrence:"
"""Begins the witness of a user's word that the symptom came back."""
ABSENCES = frozenset({RowCategory.SYMPTOM_ABSENCE, RowCategory.CAUSAL_ABSENCE})


def born(case_id: UUID, draft: RowDraft, turn: int, hypothesis_id: str = "") -> EvidenceRow:
    """Return the row of a draft; one per file, line range and claim class, and per wording for a user's quote.

    That it came back, or that it is gone, is news in every turn that says so.
    """
    place: tuple[object, ...] = (draft.file_id, draft.first, draft.last) if draft.file_id else (draft.witness,)
    if not draft.file_id and (draft.category in ABSENCES or draft.witness.startswith(RECURRENCE)):
        place = (*place, turn)
    link = Link(hypothesis_id=hypothesis_id, stance=draft.stance, decisive=draft.decisive)
    return EvidenceRow(
        evidence_id=named("ev", case_id, *place, draft.category),
        category=draft.category,
        file_id=draft.file_id,
        first=draft.first,
        last=draft.last,
        witness=draft.witness,
        turn=turn,
        links=(link,) if hypothesis_id else (),
        time=draft.time,
        untrusted=draft.untrusted,
    )


def united(known: Rows, new: Iterable[EvidenceRow]) -> Rows:
    """Return the rows with the new ones in; a known row keeps its birth and gains links."""
    by_id = {row.evidence_id: row for row in known}
    for row in new:
        old = by_id.get(row.evidence_id)
        by_id[row.evidence_id] = row if old is None else linked(old, row.links)
    return tuple(by_id.values())


def linked(row: EvidenceRow, links: Iterable[Link]) -> EvidenceRow:
    """Return the row with the links in; the newest stance to a hypothesis holds."""
    by_hypothesis = {link.hypothesis_id: link for link in (*row.links, *links)}
    return replace(row, links=tuple(by_hypothesis.values()))


def of(rows: Rows, hypothesis_id: str, stance: Stance) -> Rows:
    """Return the rows that stand so to the hypothesis; those of deleted files are out (rule E6)."""
    return tuple(
        row
        for row in rows
        if not row.source_removed and any(link.hypothesis_id == hypothesis_id and link.stance is stance for link in row.links)
    )


def support(rows: Rows, hypothesis_id: str) -> int:
    """Return S: independent supporting witnesses (rules D4, H2)."""
    return len({_witness(row) for row in of(rows, hypothesis_id, Stance.SUPPORTS)})


def carried(rows: Rows, hypothesis_id: str) -> int:
    """Return S as it moves the likelihood: one decisive observation counts twice, as a contradiction does (rule H2)."""
    found = of(rows, hypothesis_id, Stance.SUPPORTS)
    return support(rows, hypothesis_id) + any(_decides(row, hypothesis_id) for row in found)


def against(rows: Rows, hypothesis_id: str) -> int:
    """Return R: independent refuting witnesses, where a decisive contradiction counts twice (rule H2)."""
    weights: dict[tuple[str, str], int] = {}
    for row in of(rows, hypothesis_id, Stance.REFUTES):
        weight = 2 if _decides(row, hypothesis_id) else 1
        weights[_witness(row)] = max(weight, weights.get(_witness(row), 0))
    return sum(weights.values())


def without_source(rows: Rows, file_id: str) -> Rows:
    """Mark the rows of a deleted file (rule E6)."""
    return tuple(replace(row, source_removed=True) if row.file_id == file_id else row for row in rows)


def trusted(rows: Rows) -> Rows:
    """Return the rows that do not rest on what an outsider can write (rule C2)."""
    return tuple(row for row in rows if not row.untrusted)


def in_category(rows: Rows, category: RowCategory) -> Rows:
    """Return the rows of a category whose source is still there."""
    return tuple(row for row in rows if row.category is category and not row.source_removed)


def _decides(row: EvidenceRow, hypothesis_id: str) -> bool:
    return any(link.hypothesis_id == hypothesis_id and link.decisive for link in row.links)


def _witness(row: EvidenceRow) -> tuple[str, str]:
    return row.file_id, row.witness
