"""From files to an Answer through the product's public functions, as every prediction and gate needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.diagnosis.answer import answer
from domain.diagnosis.causes import diagnose
from domain.diagnosis.values import Answer, Diagnosis
from domain.evidence.analyse import analyse
from domain.evidence.digest import digest, pick
from domain.evidence.values import Analysis, Context, Digest, Document, Head, Hint

BUDGET = 1_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    analyses: tuple[Analysis, ...]
    diagnosis: Diagnosis
    digest: Digest
    answer: Answer


def analysed(name: str, data: bytes, question: str = "", command: str = "") -> Analysis:
    """Return the analysis of one file; its name is its id, as on the command line."""
    hint = Hint(name=name, command=command)
    return analyse(
        Document(evidence=name, name=name, chunks=(data,), size=len(data), command=command, hint=hint), Context(question=question)
    )


def read(files: Mapping[str, bytes], question: str = "", commands: Mapping[str, str] | None = None, budget: int = BUDGET) -> Read:
    """Return everything the product says about a case."""
    known = commands or {}
    return concluded(
        [analysed(name, data, question, known.get(name, "")) for name, data in sorted(files.items())], question, budget
    )


def concluded(analyses: Sequence[Analysis], question: str, budget: int = BUDGET) -> Read:
    """Return what follows from analyses."""
    heads = [
        Head(
            evidence=one.evidence,
            name=one.name,
            kind=one.classification.kind,
            confidence=one.classification.confidence,
            coverage=one.coverage,
        )
        for one in analyses
    ]
    printed = digest([line for one in analyses for line in pick(one)], heads, budget, question)
    found = diagnose(analyses, question)
    return Read(analyses=tuple(analyses), diagnosis=found, digest=printed, answer=answer(found, analyses, printed))


def confidence(answer: Answer) -> float:
    """Return how sure the first cause is shown to be, 0 where none is."""
    return answer.causes[0].confidence if answer.causes else 0.0


def text_case(files: Mapping[str, str], question: str = "") -> Read:
    """Return everything the product says about files given as text."""
    return read({name: text.encode() for name, text in files.items()}, question)
