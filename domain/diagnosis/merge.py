"""What a model's proposal may change: it may add checked candidates and words, never facts (diagnosis.md 9)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.case.state import Category
from domain.diagnosis.catalogue.families import BY_ID
from domain.diagnosis.claims.check import Lines, check, missing
from domain.diagnosis.inert import addresses_reader, is_inert
from domain.diagnosis.ranking import PER_DEPTH
from domain.diagnosis.statements import LIMIT
from domain.diagnosis.values import Answer, Candidate, Claim, Diagnosis, Proposal, ProposedCause, ProposedClaim, Signal
from domain.diagnosis.wording import clean, modest, sentences
from domain.evidence.values import Analysis, Citation, DigestLine

MODEL_BONUS = 0.5
PER_CLAIM = 1.0
CAUSES = 3

Files = Mapping[str, str]
"""Name, id or `E2` of a piece of evidence → its id."""


def known_files(analyses: Sequence[Analysis]) -> Files:
    """Return every way to name a file: its name, its id, and `E<n>` as the digest counts them."""
    numbered = {f"E{place}": one.evidence for place, one in enumerate(analyses, start=1)}
    return numbered | {one.name: one.evidence for one in analyses} | {one.evidence: one.evidence for one in analyses}


def shown(lines: Iterable[DigestLine], answer: Answer) -> Lines:
    """Return the lines that a model was shown, each as long as it was shown: it cannot know any other, so no other may be cited."""
    told: dict[tuple[str, int], str] = {}
    for line in lines:
        place = (line.evidence, line.first)
        told[place] = max(told.get(place, ""), line.text, key=len)
    causes = {(row.file_id, row.line): row.text for cause in answer.causes for row in (*cause.evidence, *cause.against)}
    return causes | told


def merge(diagnosis: Diagnosis, proposal: Proposal, analyses: Sequence[Analysis], lines: Lines) -> Diagnosis:
    """Add what holds of a proposal; a rule's candidate is never removed, lowered or changed.

    `analyses` stand in the digest's order; `lines` holds what the model was shown (`shown`): a line that is absent does not exist.
    """
    read = Reading(
        files=known_files(analyses), names={one.evidence: one.name for one in analyses}, analyses=tuple(analyses), lines=lines
    )
    found = [_candidate(cause, read) for cause in proposal.causes[:CAUSES]]
    fresh = [one for one, _ in found if one and not _known(one, diagnosis.candidates)]
    kept = tuple(replace(one, rank=place) for place, one in enumerate(_ordered(diagnosis.candidates, fresh), start=1))
    told, fallen = _summary(proposal.summary, read)
    return replace(
        diagnosis,
        candidates=kept,
        status="candidates" if fresh and diagnosis.status == "inconclusive" else diagnosis.status,
        summary=told,
        notes=_notes(diagnosis.candidates, fresh),
        claims_checked=sum(len(cause.claims) for cause in proposal.causes[:CAUSES]) + len(sentences(proposal.summary)),
        claims_dropped=sum(count for _, count in found) + fallen,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a proposal is held against."""

    files: Files
    names: Mapping[str, str]
    analyses: tuple[Analysis, ...]
    lines: Lines


def _ordered(rules: Sequence[Candidate], fresh: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Put proposed candidates by score among the rules' ones, whose own order stays."""
    return tuple(sorted((*rules, *fresh), key=lambda one: (-one.score, one.origin != "rule", one.rank))[:5])


def _known(one: Candidate, rules: Sequence[Candidate]) -> bool:
    """Tell whether the rules hold this family already."""
    return any(rule.family == one.family for rule in rules)


def _candidate(cause: ProposedCause, read: Reading) -> tuple[Candidate | None, int]:
    """Return a candidate from confirmed claims alone, with the number of claims that fell; None unless all hold."""
    claims = [
        check(Claim(text=one.text, citations=(place,)), read.analyses, read.lines)
        for one in cause.claims
        if (place := _citation(one, read.files))
    ]
    good = [one for one in claims if _carried(one)]
    fallen = len(cause.claims) - len(good)
    ground = "\n".join(read.lines.get((one.citations[0].evidence, one.citations[0].first), "") for one in good)
    if (
        not good
        or fallen
        or missing(cause.statement, ground)
        or addresses_reader(f"{cause.statement}\n{ground}")
        or not _is_plain(cause.statement)
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
        signals=tuple(_signal(one, read.lines) for one in good),
        depth=depth,
        score=score,
        origin="model",
    )
    return candidate, 0


def _carried(claim: Claim) -> bool:
    """Tell whether the lines carry all of a claim; what is inferred may be thought, and is no claim of the evidence."""
    return claim.verdict == "confirmed" and claim.strength != "inferred"


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


def _citation(claim: ProposedClaim, files: Files) -> Citation | None:
    """Return the claim's place, or None when there is no such file."""
    name = files.get(claim.file)
    return Citation(evidence=name, first=claim.first_line, last=max(claim.first_line, claim.last_line)) if name else None


def _citations(sentence: str, files: Files) -> tuple[Citation, ...]:
    """Return the places that a sentence names as `file:line` or `file:first-last`, also with the digest's `L`."""
    names = "|".join(re.escape(name) for name in sorted(files, key=len, reverse=True))
    hits = re.finditer(rf"(?<![\w.-])({names}):L?(\d{{1,9}})(?:-L?(\d{{1,9}}))?(?!\d)", sentence) if names else ()
    found = [Citation(evidence=files[hit[1]], first=int(hit[2]), last=int(hit[3] or hit[2])) for hit in hits]
    return tuple(dict.fromkeys(found))


def _summary(text: str, read: Reading) -> tuple[str, int]:
    """Return the model's wording if every sentence of it is cited, confirmed and clean, else nothing; and how many fell."""
    plain = re.sub(r"\b(E\d{1,3}):L?(?=\d)", lambda hit: f"{read.names.get(read.files.get(hit[1], ''), hit[1])}:", text.strip())
    told = sentences(plain)
    fallen = sum(not _sentence_holds(one, read) for one in told)
    return ("", fallen) if fallen or not _is_plain(plain) or modest(plain) != plain else (plain, 0)


def _is_plain(text: str) -> bool:
    """Tell whether words may be shown as they are: no deed is claimed, nothing in them is more than text."""
    return clean(text) == text and is_inert(text)


def _sentence_holds(sentence: str, read: Reading) -> bool:
    """Tell whether a sentence cites lines that carry all of it."""
    places = _citations(sentence, read.files)
    said = sentence
    for name in read.files:
        said = re.sub(rf"[(\[]?(?<![\w.-]){re.escape(name)}:\d+(?:-\d+)?[)\]]?", " ", said)
    if any(addresses_reader(read.lines.get((place.evidence, place.first), "")) for place in places):
        return False
    return bool(places) and _carried(check(Claim(text=said, citations=places), read.analyses, read.lines))


def _notes(rules: Sequence[Candidate], fresh: Sequence[Candidate]) -> tuple[str, ...]:
    """Return where the model's first cause differs from the rules' first."""
    if not rules or not fresh:
        return ()
    family = BY_ID.get(rules[0].family)
    decisive = family.checks[0].text if family and family.checks else "more evidence"
    return (f"The rules hold: {rules[0].statement}. A model adds: {fresh[0].statement}. Decisive check: {decisive}.",)
