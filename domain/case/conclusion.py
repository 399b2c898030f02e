"""What the case holds to be the cause, and how sure it may sound (rules C1-C8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from domain.case import belief, hypotheses
from domain.case import rows as evidence
from domain.case.findings import CauseDraft
from domain.case.policy import DEFAULT, Policy
from domain.case.state import CaseState, Conclusion, Hypothesis, HypothesisStatus, Stance
from domain.case.texts import cut

CERTAIN_WORDS = ("definitely", "certainly", "undoubtedly", "proven", "confirmed", "the root cause is", "without doubt")
CONDITION = "once confirmed by"
"""Marks a step (rule A5) and claims nothing."""
CONCLUSION_BYTES = 1_000
THROW_AWAY = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How sure a cause may be shown: likelihood under its caps, in words, and what it rests on."""

    likelihood: float
    confidence: float
    level: str
    assurance: str
    status: HypothesisStatus


def cause_state(known: Iterable[Hypothesis]) -> str:
    """Return identified, candidates or unknown (rule C1)."""
    statuses = {each.status for each in known}
    if HypothesisStatus.VALIDATED in statuses:
        return "identified"
    return "candidates" if HypothesisStatus.ACTIVE in statuses else "unknown"


def level(confidence: float, policy: Policy = DEFAULT) -> str:
    """Return the word for a confidence (rule C4)."""
    steps = (("verified", policy.verified_level), ("confident", policy.confident_level), ("probable", policy.probable_level))
    return next((word for word, least in steps if confidence >= least), "speculation")


def standing(hypothesis: Hypothesis, state: CaseState, policy: Policy = DEFAULT) -> Standing:
    """Return how sure a hypothesis of a case may be shown (rules H2, C2, C4, C5)."""
    assurance = belief.assurance(hypothesis, state.rows, state.hypotheses, state.solutions, policy)
    if assurance == "confirmed":
        likelihood = confidence = policy.certain
    else:
        likelihood = hypothesis.likelihood
        confidence = min(likelihood, *_caps(hypothesis, state, policy))
    word = level(confidence, policy)
    return Standing(likelihood=likelihood, confidence=confidence, level=word, assurance=assurance, status=hypothesis.status)


def judge(causes: tuple[CauseDraft, ...], policy: Policy = DEFAULT) -> tuple[str, tuple[Standing, ...]]:
    """Return cause state and standings of ranked causes on a throw-away state in which their findings are rows.

    Causes that are one by rule H10 share a standing; the order is that of the causes.
    """
    empty = CaseState(case_id=THROW_AWAY, turn=1)
    known, rows = hypotheses.absorb(empty, causes, policy)
    state = CaseState(case_id=THROW_AWAY, turn=1, hypotheses=known, rows=evidence.united((), rows))
    state = replace(state, hypotheses=hypotheses.settle(state, policy, len(causes)))
    by_key = {
        hypotheses.key(each.family, each.subject, each.statement): standing(each, state, policy) for each in state.hypotheses
    }
    standings = (by_key.get(hypotheses.key(each.family, each.subject, each.statement)) for each in causes)
    return cause_state(state.hypotheses), tuple(each for each in standings if each is not None)


def concluded(state: CaseState, momentum: str, policy: Policy) -> Conclusion | None:
    """Return this turn's conclusion; None when nothing is likely enough or the ideas are used up (rules C6, C7)."""
    leading = hypotheses.leader(state.hypotheses, policy)
    if leading is None or leading.likelihood < policy.shown_conclusion or leading.status is HypothesisStatus.CAPTURED:
        return None
    if state.exhausted and leading.status is not HypothesisStatus.VALIDATED:
        return None
    stands = standing(leading, state, policy)
    new = Conclusion(
        hypothesis_id=leading.hypothesis_id,
        text=cut(leading.statement, CONCLUSION_BYTES),
        confidence=stands.confidence,
        level=stands.level,
        momentum=momentum,
        assurance=stands.assurance,
        turn=state.turn,
    )
    old = state.conclusion
    return new if old is None or _said(old) != _said(new) else replace(new, turn=old.turn)


def momentum(state: CaseState, policy: Policy) -> str:
    """Return high, moderate, blocked or low over the newest three investigative turns (rule C7)."""
    now = state.investigative_turns
    recent = [turn for turn in state.progress_turns if turn > now - 3]
    if now and now in recent and len(recent) >= 2:
        return "high"
    if recent:
        return "moderate"
    wanted = [need for need in state.needs if need.state == "pending"]
    nothing_to_get = bool(wanted) and all(need.obtainability == "unobtainable" for need in wanted)
    return "blocked" if nothing_to_get or state.turns_without_progress >= policy.stalled else "low"


def verification(state: CaseState, policy: Policy) -> str:
    """Return the header's one word, first match (rule C8)."""
    if state.exhausted or state.limitation == "critical_evidence_missing":
        return "insufficient_evidence"
    if _treatment_blocked(state, policy):
        return "treatment_blocked"
    if state.turns_without_progress >= policy.stalled:
        return "not_yet_productive"
    return "healthy" if cause_state(state.hypotheses) == "identified" else "open"


def overclaims(text: str, assurance: str) -> bool | None:
    """Tell whether a text claims certainty without a confirmed cause; None when no cause is stated (rule C3)."""
    if not assurance:
        return None
    lowered = text.casefold().replace(CONDITION, "")
    return assurance != "confirmed" and any(word in lowered for word in CERTAIN_WORDS)


def _caps(hypothesis: Hypothesis, state: CaseState, policy: Policy) -> tuple[float, ...]:
    """Return the caps of rule C5; the limitation's only while nothing is validated."""
    supporting = evidence.of(state.rows, hypothesis.hypothesis_id, Stance.SUPPORTS)
    caps = [policy.cap_no_counterfactual]
    if supporting and not any(row.file_id for row in supporting):
        caps.append(policy.cap_quotes)
    if not belief.has_mechanism(state.rows, hypothesis.hypothesis_id):
        caps.append(policy.cap_no_causal)
    if cause_state(state.hypotheses) != "identified":
        caps += [cap for word, cap in policy.cap_by_limitation.items() if word in state.limitations]
    return tuple(caps)


def _treatment_blocked(state: CaseState, policy: Policy) -> bool:
    fixes = [each for each in state.solutions if each.kind != "mitigation"]
    live = [each for each in fixes if each.state in {"accepted", "applied", "verified"}]
    if not live:
        return any(each.state == "failed" for each in fixes)
    return "solution_accepted" in state.gates and state.unverified_turns >= policy.unverified_fix_turns


def _said(conclusion: Conclusion) -> tuple[str, str, float, str]:
    return conclusion.hypothesis_id, conclusion.text, conclusion.confidence, conclusion.assurance
