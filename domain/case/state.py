"""The state of a case as one frozen value, and its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from domain.case.turns import EvidenceRef, TurnQueue
from domain.case.words import CaseStatus as CaseStatus
from domain.case.words import Category as Category
from domain.case.words import HypothesisStatus as HypothesisStatus
from domain.case.words import RowCategory as RowCategory
from domain.case.words import Stance as Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """The one question that waits for a yes on a later turn (rules P0-P10)."""

    pending_id: str
    target: str
    turn: int
    asked: int
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """A proposed cause; likelihood and status are set by rules alone."""

    hypothesis_id: str
    statement: str
    """At most 240 UTF-8 bytes here; the full text lies in the turn's answer."""
    category: Category
    family: str
    subject: str
    origin: str
    """rule, runbook, model or user."""
    prior: float
    likelihood: float
    status: HypothesisStatus
    created_turn: int
    last_link_turn: int
    rank: int = 0
    tested_turns: int = 0
    """Investigative turns as test target without a new link."""
    low_turns: int = 0
    """Investigative turns below 0.30."""
    stale: int = 0
    """Investigative turns since the last new link (rule H3)."""
    asserted_by: str = ""
    refutation_reason: str = ""
    supersedes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A row's stance to one hypothesis."""

    hypothesis_id: str
    stance: Stance
    decisive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One claim anchored to lines or to a user's quote; the extract lies in SQL."""

    evidence_id: str
    category: RowCategory
    file_id: str
    """Empty for a user's quote."""
    first: int
    last: int
    witness: str
    """Template, series or config key: rows of one file and one witness are one witness (rule D4)."""
    turn: int
    links: tuple[Link, ...] = ()
    time: datetime | None = None
    untrusted: bool = False
    source_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A file of the case by reference."""

    file_id: str
    name: str
    kind: str
    confidence: float
    turn: int
    status: str
    """pending, completed or failed."""
    lines: int = 0
    analysis_key: str = ""
    lines_key: str = ""
    severity: float = 0.0
    """Of its severest finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Evidence still wanted (rules N1-N4)."""

    need_id: str
    kind: str
    """symptom_verification or causal_verification."""
    hypothesis_id: str
    text: str
    hints: tuple[str, ...] = ()
    state: str = "pending"
    obtainability: str = "unknown"
    asked: int = 0
    turn: int = 0
    separates: bool = False
    """Its answer separates the two leaders (rule N2)."""
    topic: str = ""
    """symptom, scope, timeline, changes or cause."""
    asked_turn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A mitigation or remediation and what became of it."""

    solution_id: str
    text: str
    kind: str
    """remediation, mitigation or workaround."""
    hypothesis_id: str
    state: str
    """proposed, accepted, rejected, applied, failed or verified."""
    turn: int
    applied_turn: int = 0
    applied_at: datetime | None = None
    by_user: bool = False
    accepted_turn: int = 0
    failed_turn: int = 0
    verify: str = ""
    """How to see that it helped; at most 120 bytes."""
    rejections: int = 0
    """How often the user rejected it (rule S7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """A dated event of the case."""

    time: datetime | None
    text: str
    file_id: str
    line: int
    certainty: str
    change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """Memory of the case: at most 120 UTF-8 bytes here."""

    kind: str
    """finding, decision, user_context, ruled_out, blocker or milestone."""
    text: str
    turn: int
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The four facets of what is affected, each with a source (rule M2)."""

    services: tuple[str, ...] = ()
    users: str = ""
    places: tuple[str, ...] = ()
    share: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What the case holds to be the cause, under the caps of C5."""

    hypothesis_id: str
    text: str
    confidence: float
    level: str
    """speculation, probable, confident or verified."""
    momentum: str
    assurance: str
    turn: int
    """The turn that last changed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopBack:
    """Why and how often the case went back to diagnosis."""

    reason: str
    count: int
    turn: int = 0
    """Of the newest one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A transition that the agent offered (rule P10)."""

    target: str
    turn: int
    grounds: str
    declined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState:
    """Everything that rules need to go on; changed by rules only, replaced and never mutated."""

    case_id: UUID
    owner_id: str = ""
    team_id: str = ""
    status: CaseStatus = CaseStatus.INQUIRY
    revision: int = 0
    turn: int = 0
    """The newest finished turn."""
    opened_at: datetime | None = None
    updated_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    closure_reason: str = ""
    statement: str = ""
    statement_turn: int = 0
    statement_confirmed: bool = False
    pending: Pending | None = None
    offers: tuple[Offer, ...] = ()
    milestones: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    stage: str = ""
    loop_back: LoopBack | None = None
    hypotheses: tuple[Hypothesis, ...] = ()
    rows: tuple[EvidenceRow, ...] = ()
    files: tuple[CaseFile, ...] = ()
    needs: tuple[Need, ...] = ()
    solutions: tuple[Solution, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    journal: tuple[JournalEntry, ...] = ()
    scope: Scope = Scope()
    onset: TimelineEntry | None = None
    changes_searched: bool = False
    """A source covering the day before the onset was searched, or a user denied changes (rule M4)."""
    conclusion: Conclusion | None = None
    urgency: str = "unknown"
    urgency_by_user: bool = False
    problem_type: str = "other"
    temporal: str = "unknown"
    investigative_turns: int = 0
    turns_without_progress: int = 0
    progress_turns: tuple[int, ...] = ()
    """The newest investigative turns with progress."""
    proposed: tuple[tuple[str, int], ...] = ()
    """Normalised action → how often it was proposed (rule S6)."""
    failed_fixes: int = 0
    repair: str = ""
    repair_turn: int = 0
    escalated: bool = False
    escalation_turn: int = 0
    limitation: str = ""
    verification_status: str = "open"
    held: tuple[EvidenceRow, ...] = ()
    """What becomes evidence rows when the investigation starts (rule E2)."""
    held_quotes: Mapping[str, str] = field(default_factory=dict)
    """Evidence id of a held row → the user's words."""
    onset_precise: bool = False
    zones_known: bool = True
    advised: tuple[str, ...] = ()
    """Advice that is given once: `resolved` after R4 asked, `closed` after R5 offered, `path` after U3 asked."""
    exhausted: bool = False
    systemic: bool = False
    """Three services or more began to fail on their own in one window."""
    limit_stated: str = ""
    """expertise_required or general_limitation, in the user's words of an earlier turn."""
    limitations: tuple[str, ...] = ()
    """All that hold, `limitation` is the one that caps most."""
    unverified_turns: int = 0
    """Investigative turns since a remediation was accepted, without an absence of the symptom (rule C8)."""
    asserted_onset: bool = False
    """The onset is the user's word."""
    limitation_turn: int = 0
    """Investigative turn of the last reminder."""
    leader_id: str = ""
    leader_turns: int = 0
    """Investigative turns with this leader below 0.70 (rule AN1)."""
    test_target: str = ""
    """The hypothesis that the last ask tests."""
    excluded: tuple[str, ...] = ()
    """Hypotheses that are not the next test target, after a failed fix or forced breadth."""
    critical_turns: int = 0
    """Investigative turns that are critical and ongoing with no mitigation accepted (rule ES1)."""
    alarms: tuple[tuple[str, int], ...] = ()
    """Trigger of an escalation → investigative turn of the last alarm (rule ES3)."""
    folded: str = ""
    """What journal entries said that no longer fit, the newest of them; at most 1 000 bytes (rule J2)."""
    deadlocks: int = 0
    """How often all ideas were inconclusive and the search began anew (rule S3)."""
    asked_topic: str = ""
    """What the last ask was about: a topic, or the hypothesis that it tests."""
    topic_turns: int = 0
    """Investigative turns without progress whose ask was about it (rule S7)."""
    substance: int = 0
    """Characters of substance so far (rule T1)."""
    title_words: str = ""
    upgrade_turn: int = 0
    """The turn that a model still owes its part, because every provider was away; 0 for none (rule DG2)."""
    noticed: tuple[str, ...] = ()
    """What the case said by itself already: ends of a silence, and solutions (rules X3, X4)."""
    named_after: UUID | None = None
    """The case that this one was forked from, and that one from, up to the first; None for a case of its own."""

    @property
    def root(self) -> UUID:
        """The case after which questions, hypotheses, needs and solutions are named: a fork names them like its origin."""
        return self.named_after or self.case_id


PACKED = "packed"
"""Status of an archive that is still to be opened; no case and no turn sees it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceNews:
    """An evidence workflow's report to its case."""

    file_id: str
    name: str
    kind: str
    confidence: float
    status: str
    """completed or failed; `PACKED` until an archive is opened."""
    lines: int = 0
    size_bytes: int = 0
    analysis_key: str = ""
    lines_key: str = ""
    summary: str = ""
    severity: float = 0.0
    first_time: datetime | None = None
    last_time: datetime | None = None
    notes: tuple[str, ...] = ()
    error: str = ""
    members: tuple[str, ...] = ()
    """Ids of the files that an archive gave; they are read and reported by themselves."""
    member_of: str = ""
    """The archive that gave the file, empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedCase:
    """All that a case takes into its next run, at most 256 KiB as JSON after `fit`."""

    state: CaseState
    queue: TurnQueue = TurnQueue()
    arrivals: tuple[EvidenceRef, ...] = ()
    inbox: tuple[EvidenceNews, ...] = ()
    cancelled: tuple[str, ...] = ()
    """Keys of turns that somebody cancelled and that have not ended yet."""
    upgraded: tuple[int, ...] = ()
    """Turns to which a model's part was added and which the state does not know of yet."""
