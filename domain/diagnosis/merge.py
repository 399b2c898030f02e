"""What a model's proposal may change: it may add checked candidates and words, never facts (diagnosis.md 9)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.case.state import Category
from domain.diagnosis.catalogue.families import BY_ID
from domain.diagnosis.claims import Lines, check, missing
from domain.diagnosis.ranking import PER_DEPTH
from domain.diagnosis.signals import ORDERS
from domain.diagnosis.statements import LIMIT
from domain.diagnosis.values import Candidate, Claim, Diagnosis, Proposal, ProposedCause, ProposedClaim, Signal
from domain.diagnosis.wording import clean, sentences
from domain.evidence.values import Analysis, Citation

MODEL_BONUS = 0.5
PER_CLAIM = 1.0
CAUSES = 3
CITED = re.compile(r"(?<![\w/])([\w<>@. ()-]{1,120}?\.?[\w<>@-]{1,60}):(\d{1,9})(?:-(\d{1,9}))?(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A diagnosis after a model was heard."""

    diagnosis: Diagnosis
    summary: str = ""
    """The model's sentences that passed every check; empty unless all of them did."""
    checked: int = 0
    dropped: int = 0
    notes: tuple[str, ...] = ()


def cited(proposal: Proposal, files: Mapping[str, str]) -> tuple[Citation, ...]:
    """Return the lines that a proposal leans on, to be read before `merge`; `files` is file name → evidence id."""
    claims = [claim for cause in proposal.causes[:CAUSES] for claim in cause.claims]
    told = [found for sentence in sentences(proposal.summary) for found in _citations(sentence, files)]
    return (*(one for claim in claims if (one := _citation(claim, files))), *told)


def merge(diagnosis: Diagnosis, proposal: Proposal, analyses: Sequence[Analysis], lines: Lines) -> Merged:
    """Add what holds of a proposal; a rule's candidate is never removed, lowered or changed.

    `lines` holds the text of every line of `cited`; a line that is absent does not exist.
    """
    files = {one.name: one.evidence for one in analyses} | {one.evidence: one.evidence for one in analyses}
    found = [_candidate(cause, files, analyses, lines) for cause in proposal.causes[:CAUSES]]
    dropped = sum(count for _, count in found)
    fresh = [one for one, _ in found if one and not _known(one, diagnosis.candidates)]
    kept = tuple(replace(one, rank=place) for place, one in enumerate(_ordered(diagnosis.candidates, fresh), start=1))
    told = _summary(proposal.summary, files, analyses, lines)
    status = "candidates" if kept and diagnosis.status == "inconclusive" and fresh else diagnosis.status
    return Merged(
        diagnosis=replace(diagnosis, candidates=kept, status=status),
        summary=told,
        checked=sum(len(cause.claims) for cause in proposal.causes[:CAUSES]),
        dropped=dropped,
        notes=_notes(diagnosis.candidates, fresh),
    )


def _ordered(rules: Sequence[Candidate], fresh: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Put proposed candidates by score among the rules' ones, whose own order stays."""
    return tuple(sorted((*rules, *fresh), key=lambda one: (-one.score, one.origin != "rule", one.rank))[:5])


def _known(one: Candidate, rules: Sequence[Candidate]) -> bool:
    """Tell whether the rules hold this family already."""
    return any(rule.family == one.family for rule in rules)


def _candidate(
    cause: ProposedCause, files: Mapping[str, str], analyses: Sequence[Analysis], lines: Lines
) -> tuple[Candidate | None, int]:
    """Return a candidate from confirmed claims alone, with the number of claims that fell; None unless all hold."""
    claims = [
        check(Claim(text=one.text, citations=(place,)), analyses, lines)
        for one in cause.claims
        if (place := _citation(one, files))
    ]
    good = [one for one in claims if one.verdict == "confirmed"]
    fallen = len(cause.claims) - len(good)
    ground = "\n".join(lines.get((one.citations[0].evidence, one.citations[0].first), "") for one in good)
    if (
        not good
        or fallen
        or missing(cause.statement, ground)
        or ORDERS.search(cause.statement)
        or clean(cause.statement) != cause.statement
    ):
        return None, fallen
    family = BY_ID.get(cause.family)
    depth = min(family.depth if family else 2, 2)
    score = min(3.0, PER_CLAIM * len(good)) + PER_DEPTH * (depth if family else 0) + MODEL_BONUS
    candidate = Candidate(
        family=family.id if family else "other",
        category=family.category if family else Category.OTHER,
        subject=cause.subject if not missing(cause.subject, ground) else "",
        statement=cause.statement[:LIMIT],
        signals=tuple(_signal(one, lines) for one in good),
        depth=depth,
        score=score,
        origin="model",
    )
    return candidate, 0


def _signal(claim: Claim, lines: Lines) -> Signal:
    """Return a confirmed claim as a signal."""
    place = claim.citations[0]
    text = " ".join(lines[place.evidence, place.first].split())[:300]
    return Signal(
        finding=f"claim:{place.evidence}:{place.first}",
        evidence=place.evidence,
        meaning=claim.text[:200],
        weight=PER_CLAIM,
        direction="supports",
        witness=text.lower()[:120],
        citation=replace(place, quote=text),
        text=text,
        kind="claim",
    )


def _citation(claim: ProposedClaim, files: Mapping[str, str]) -> Citation | None:
    """Return the claim's place, or None when there is no such file."""
    name = files.get(claim.file)
    return Citation(evidence=name, first=claim.first_line, last=max(claim.first_line, claim.last_line)) if name else None


def _citations(sentence: str, files: Mapping[str, str]) -> tuple[Citation, ...]:
    """Return the places that a sentence names as `file:line` or `file:first-last`."""
    found = []
    for name in sorted(files, key=len, reverse=True):
        for hit in re.finditer(rf"(?<![\w.-]){re.escape(name)}:(\d{{1,9}})(?:-(\d{{1,9}}))?(?!\d)", sentence):
            found.append(Citation(evidence=files[name], first=int(hit[1]), last=int(hit[2] or hit[1])))
    return tuple(dict.fromkeys(found))


def _summary(text: str, files: Mapping[str, str], analyses: Sequence[Analysis], lines: Lines) -> str:
    """Return the model's wording if every sentence of it is cited, confirmed and clean; nothing otherwise."""
    told = sentences(text)
    if not told or clean(text) != text:
        return ""
    for sentence in told:
        places = _citations(sentence, files)
        plain = sentence
        for name in files:
            plain = re.sub(rf"[(\[]?(?<![\w.-]){re.escape(name)}:\d+(?:-\d+)?[)\]]?", " ", plain)
        if not places or check(Claim(text=plain, citations=places), analyses, lines).verdict != "confirmed":
            return ""
    return text.strip()


def _notes(rules: Sequence[Candidate], fresh: Sequence[Candidate]) -> tuple[str, ...]:
    """Return where the model's first cause differs from the rules' first."""
    if not rules or not fresh:
        return ()
    family = BY_ID.get(rules[0].family)
    decisive = family.checks[0].text if family and family.checks else "more evidence"
    return (f"The rules hold: {rules[0].statement}. A model adds: {fresh[0].statement}. Decisive check: {decisive}.",)
