"""Candidate lines of a file as passages of its case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID, uuid5

from domain.evidence.values import DigestLine
from domain.knowledge.chunking import NAMESPACE, TARGET
from domain.knowledge.documents import Passage


def passages_of(case_id: UUID, name: str, lines: Sequence[DigestLine]) -> tuple[Passage, ...]:
    """Return passages of about 900 characters in order of lines; the lines are safe already."""
    return tuple(_passage(case_id, name, ordinal, group) for ordinal, group in enumerate(_groups(lines)))


def _groups(lines: Sequence[DigestLine]) -> Iterator[tuple[DigestLine, ...]]:
    held: list[DigestLine] = []
    for line in sorted((each for each in lines if each.text), key=lambda each: (each.evidence, each.first)):
        if held and (held[0].evidence != line.evidence or sum(len(each.text) + 1 for each in held) + len(line.text) > TARGET):
            yield tuple(held)
            held = []
        held.append(line)
    if held:
        yield tuple(held)


def _passage(case_id: UUID, name: str, ordinal: int, group: Sequence[DigestLine]) -> Passage:
    text = "\n".join(line.text for line in group)
    file = group[0].evidence
    return Passage(
        passage_id=str(uuid5(NAMESPACE, "\x1f".join((str(case_id), file, str(ordinal), text)))),
        document_id=file,
        title=name,
        scope="case",
        owner_id=str(case_id),
        heading_path=(),
        ordinal=ordinal,
        first_line=group[0].first,
        last_line=max(line.last for line in group),
        text=text,
    )
