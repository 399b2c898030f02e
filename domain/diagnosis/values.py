"""The values between findings and a ranked, checked answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from domain.case.findings import Quiet
from domain.case.state import Category
from domain.evidence.checks import Check
from domain.evidence.values import Certainty, Citation, Event, Onset

Direction = Literal["supports", "refutes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One condition of a signature over findings: all given parts must hold for one finding."""

    kinds: tuple[str, ...] = ()
    """Kinds of finding that may carry it; empty for any."""
    pattern: str = ""
    """Linear, case-insensitive expression over the finding's text."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Attribute → expression that must match whole."""
    least: int = 1
    """Lines that the finding must stand for."""
    weight: float = 1.0
    meaning: str = ""
    """What a match says, for people."""
    later: bool = False
    """Of a refuting rule: whether it speaks only against what stands before it in the same file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTemplate:
    """A step of a family; `{subject}` and named attributes are filled in."""

    text: str
    command: str = ""
    kind: Literal["mitigation", "fix", "prevention"] = "fix"
    state_change: str = ""
    reversible: Literal["yes", "partly", "no"] = "yes"
    blast_radius: str = "service"
    verify: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTemplate:
    """A read-only check and what either answer means."""

    text: str
    command: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A class of faults as data."""

    id: str
    category: Category
    depth: int
    """0 symptom, 1 mechanism, 2 fault, 3 trigger."""
    title: str
    """What people read, with `{subject}` and attributes."""
    decisive: tuple[Rule, ...]
    """At least one must match, or there is no candidate."""
    supports: tuple[Rule, ...] = ()
    refutes: tuple[Rule, ...] = ()
    """Any match excludes."""
    checks: tuple[CheckTemplate, ...] = ()
    actions: tuple[ActionTemplate, ...] = ()
    effects: tuple[str, ...] = ()
    """Families that this one explains."""
    called: str = ""
    """What people call it where its id is no such word."""
    mechanism: str = ""
    """How it makes the symptom, in standard terms; a sentence with pieces like the title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A finding's meaning for a family."""

    finding: str
    evidence: str
    meaning: str
    weight: float
    direction: Direction
    witness: str
    citation: Citation
    text: str
    kind: str
    time: datetime | None = None
    decisive: bool = False
    causal: bool = True
    untrusted: bool = False
    more: tuple[Citation, ...] = ()
    """Further lines of the same finding."""
    count: int = 1
    """How many lines of its kind the evidence holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A family at a subject, with what speaks for and against it."""

    family: str
    category: Category
    subject: str
    statement: str
    """At most 300 characters."""
    signals: tuple[Signal, ...]
    depth: int
    score: float
    """Orders candidates; never shown."""
    rank: int = 0
    origin: str = "rule"
    onset: datetime | None = None
    chain: tuple[str, ...] = ()
    """Families from cause to symptom that it explains."""
    shown_in: tuple[Signal, ...] = ()
    """The clearest sign of each of them."""
    trigger: Event | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    focus: bool = False
    """The question names its subject, or what it explains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement with citations and a check that code can evaluate."""

    text: str
    citations: tuple[Citation, ...]
    check: Check | None = None
    strength: Literal["observed", "derived", "inferred"] = "observed"
    verdict: Literal["confirmed", "contradicted", "unverifiable"] = "unverifiable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What to do; nobody runs it here."""

    text: str
    command: str
    kind: str
    state_change: str
    reversible: str
    blast_radius: str
    verify: str
    family: str = ""
    condition: str = ""
    """"once confirmed by …", empty when none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What to look at next and what either answer would mean."""

    text: str
    command: str
    why: str
    family: str = ""
    separates: bool = False
    """Its answer separates the two leaders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is affected, each word read from evidence."""

    services: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    share: str = ""
    users: str = ""
    citation: Citation | None = None
    """Of the first word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The rules' result over all analyses; raw until redacted."""

    status: Literal["candidates", "healthy", "inconclusive"]
    candidates: tuple[Candidate, ...] = ()
    """At most five, best first."""
    claims: tuple[Claim, ...] = ()
    onset: Onset | None = None
    timeline: tuple[Event, ...] = ()
    corrections: tuple[str, ...] = ()
    """Which clocks were off, and by how much."""
    changes: tuple[Event, ...] = ()
    scope: Scope = Scope()
    checks: tuple[Ask, ...] = ()
    actions: tuple[Action, ...] = ()
    symptoms: tuple[Signal, ...] = ()
    quiet: Quiet | None = None
    """Where the leading fault showed no sign at last; `file_id` is the id of the evidence."""
    story: tuple[str, ...] = ()
    """How the leader makes the symptom, from its driver on; a sentence each."""
    ruled_out: tuple[tuple[str, str], ...] = ()
    """(family or fault, why)."""
    missing: tuple[str, ...] = ()
    """What the evidence does not hold and should."""
    unchecked: tuple[str, ...] = ()
    """What was there and was not looked into, because there is too much of it."""
    reason: str = ""
    """Why it is inconclusive or healthy."""
    suspected: tuple[str, ...] = ()
    """Families that the question names as a suspicion."""
    tally: str = ""
    """How many lines speak of what the question counts."""
    ongoing: str = "unknown"
    summary: str = ""
    """A model's wording after `merge`: only sentences that passed every check, empty otherwise."""
    notes: tuple[str, ...] = ()
    """Where a model and the rules disagree."""
    claims_checked: int = 0
    claims_dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """A cited line as people read it; `text` is the line verbatim."""

    file: str
    line: int
    text: str
    last_line: int = 0
    """0 when it is one line."""
    file_id: str = ""
    count: int = 1
    """How many lines like this the file holds; told in prose only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCause:
    """One ranked cause."""

    rank: int
    family: str
    statement: str
    confidence: float
    level: str
    assurance: str
    evidence: tuple[AnswerLine, ...]
    against: tuple[AnswerLine, ...] = ()
    category: str = "other"
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEvent:
    """One row of the time-line; a time of assumed zone is None, with `time_local` beside it."""

    time: datetime | None
    certainty: Certainty
    text: str
    file: str
    line: int
    time_local: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDocument:
    """One document and how it was read."""

    file: str
    kind: str
    confidence: float
    bytes: int
    lines: int
    first_time: datetime | None = None
    last_time: datetime | None = None
    first_time_local: str = ""
    last_time_local: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCoverage:
    """How much was read and what was not."""

    bytes: int
    lines: int
    share_read: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The object of `analyze --json` and of a turn; one serializer for all."""

    schema_version: int
    status: str
    """identified, candidates, healthy or inconclusive."""
    onset: AnswerEvent | None
    digest: str
    documents: tuple[AnswerDocument, ...]
    timeline: tuple[AnswerEvent, ...]
    causes: tuple[AnswerCause, ...]
    checks: tuple[Ask, ...]
    actions: tuple[Action, ...]
    coverage: AnswerCoverage
    scope: Scope = Scope()
    scope_line: AnswerLine | None = None
    """What the first word of the scope was read from."""
    reason: str = ""
    story: tuple[str, ...] = ()
    ruled_out: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    hunch: str = ""
    """What the evidence says of a cause that the question suspects."""
    tally: str = ""
    """How many lines speak of what the question counts."""
    changes: tuple[AnswerEvent, ...] = ()
    """What was deployed, scaled or set before it began: oldest first, then the gravest of no known time."""
    summary: str = ""
    """A model's wording, only of sentences that passed every check; empty otherwise."""
    brief: str = ""
    """The digest without its lowest-ranked lines, for a prompt that would be too long; no client sees it."""
    notes: tuple[str, ...] = ()
    """Where a model and the rules disagree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedClaim:
    """A model's claim: file name and lines as the digest prints them."""

    text: str
    file: str
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedCause:
    """A model's hypothesis: a family id or `other`."""

    family: str
    subject: str
    statement: str
    claims: tuple[ProposedClaim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a model must answer in; a proposal only, every claim is checked."""

    summary: str
    """Plain sentences, each with at least one citation `file:line`."""
    causes: tuple[ProposedCause, ...]
    """At most three."""
