"""What one turn's diagnosis tells the rules of the case: small, safe and already checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.case.orders import ModelPart
from domain.case.state import Category, RowCategory, Scope, Stance, TimelineEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDraft:
    """A checked claim that may become an evidence row."""

    category: RowCategory
    file_id: str
    """Empty for a user's quote."""
    first: int
    last: int
    witness: str
    stance: Stance = Stance.SUPPORTS
    decisive: bool = False
    time: datetime | None = None
    untrusted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseDraft:
    """A ranked cause with its checked rows; safe text."""

    rank: int
    family: str
    category: Category
    subject: str
    statement: str
    """At most 240 UTF-8 bytes."""
    origin: str
    """rule, runbook, model or user."""
    rows: tuple[RowDraft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDraft:
    """Evidence that would decide between causes."""

    kind: str
    family: str
    """Family of the cause it would test; empty for a symptom need."""
    text: str
    hints: tuple[str, ...] = ()
    separates: bool = False
    """Its answer separates the two leaders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDraft:
    """A proposed step; A3 and A4 are already checked."""

    text: str
    command: str
    kind: str
    """check, mitigation, fix or prevention."""
    family: str
    state_change: str = ""
    reversible: str = ""
    blast_radius: str = ""
    verify: str = ""
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A stretch of a log without a sign of the leading fault, at its end (rule E3)."""

    file_id: str
    first: int
    last: int
    since: datetime
    until: datetime
    gap_s: float
    """Seconds between two signs of the fault, on average, while it lasted."""
    certain: bool
    """The log states its zone, so that its times compare with those of the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnFindings:
    """All of it; at most 64 KiB as JSON, because it passes through history."""

    answer_key: str
    """Blob of the safe `Answer`."""
    status: str
    """candidates, healthy or inconclusive."""
    causes: tuple[CauseDraft, ...] = ()
    """At most five, best first."""
    symptoms: tuple[RowDraft, ...] = ()
    quiet: Quiet | None = None
    needs: tuple[NeedDraft, ...] = ()
    actions: tuple[ActionDraft, ...] = ()
    scope: Scope = Scope()
    onset: TimelineEntry | None = None
    onset_precise: bool = False
    """Known to ≤ 15 minutes or ≤ 5 % of the observed window (rule M3)."""
    zones_known: bool = True
    timeline: tuple[TimelineEntry, ...] = ()
    changes_searched: bool = False
    separate_onsets: int = 0
    """Services that began to fail on their own in one window, without a common cause (limitation systemic_issue)."""
    breach: bool = False
    data_loss: bool = False
    ongoing: str = "unknown"
    """ongoing, intermittent, historical or unknown."""
    answers_question: bool = False
    """At least one checked claim or passage answers a direct question."""
    degraded: tuple[str, ...] = ()
    claims_checked: int = 0
    claims_dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoning:
    """What a model's part in a turn cost, for the reply's metadata."""

    steps: int = 0
    """Model calls that came back or failed for good."""
    tools: tuple[str, ...] = ()
    """What was looked up, in order."""
    prompt_tokens: int = 0
    """As the provider counted them, over all steps."""
    memory_tokens: int = 0
    """Of the case's memory in the prompt (rule J3)."""
    cached: int = 0
    """Answers that were given before to the same words and cost nothing."""
    budget: str = ""
    """Whose budget ended it and until when; empty for none."""
    left_out: tuple[str, ...] = ()
    """What a model was not shown, because the prompt would have been too long (rule J5)."""
    away: tuple[str, ...] = ()
    """Tools that were not to be had, or failed."""
    sources: tuple[str, ...] = ()
    """What was read on other servers; none of it is evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Investigated:
    """What the optional steps of a turn brought; no findings where they did not run."""

    findings: TurnFindings | None = None
    passages_key: str = ""
    degraded: tuple[str, ...] = ()
    """What was away, in the closed words of a reply."""
    reasoning: Reasoning | None = None
    """None where no model was asked."""
    upgrade: ModelPart | None = None
    """What is left to ask once a provider is back (rule DG2)."""
    model_answered: bool = False
    """Whether a model's proposal was checked."""
