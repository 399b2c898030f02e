"""Hypotheses: born from ranked causes, moved between states by rows and by users (rules H4-H12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from domain.case import belief, circles
from domain.case import rows as evidence
from domain.case.findings import CauseDraft
from domain.case.policy import Policy
from domain.case.rows import Rows
from domain.case.state import CaseState, Hypothesis, HypothesisStatus
from domain.case.texts import STATEMENT_BYTES, cut, named, normal

Hypotheses = tuple[Hypothesis, ...]
FINAL = frozenset({HypothesisStatus.REFUTED, HypothesisStatus.RETIRED})
OPEN = frozenset({HypothesisStatus.CAPTURED, HypothesisStatus.ACTIVE})
OF_RULES = frozenset({"rule", "symptom"})
"""Origins between which one finding moves as others come and go."""


def key(family: str, subject: str, statement: str) -> str:
    """Return what makes two causes one: component and fault class; the wording where no class is known (rule H10)."""
    told = normal(statement) if family in {"", "other"} else ""
    return "\x1f".join((family, normal(subject), told))


def captured(root: UUID, cause: CauseDraft, turn: int, policy: Policy, supersedes: str = "") -> Hypothesis:
    """Return a new hypothesis with its prior (rule H1)."""
    start = belief.prior(cause.origin, cause.rank, policy)
    return Hypothesis(
        hypothesis_id=named("hyp", root, key(cause.family, cause.subject, cause.statement), supersedes),
        statement=cut(cause.statement, STATEMENT_BYTES),
        category=cause.category,
        family=cause.family,
        subject=cause.subject,
        origin=cause.origin,
        prior=start,
        likelihood=start,
        status=HypothesisStatus.CAPTURED,
        created_turn=turn,
        last_link_turn=turn,
        rank=cause.rank,
        supersedes=supersedes,
    )


def absorb(state: CaseState, causes: Iterable[CauseDraft], policy: Policy) -> tuple[Hypotheses, Rows]:
    """Return the hypotheses with this turn's causes in, and the rows that these bring."""
    hypotheses = state.hypotheses
    brought: Rows = ()
    for cause in _admitted(hypotheses, causes, policy):
        known = evidence.united((*state.rows, *state.held), brought)
        target = _target(state, hypotheses, cause, known, policy)
        if target is None or _is_shut_out(hypotheses, target, cause, known, policy):
            continue
        own = tuple(evidence.born(state.case_id, draft, state.turn, target.hypothesis_id) for draft in cause.rows)
        fresh = not _linked(known, target).issuperset(row.evidence_id for row in own)
        hypotheses = placed(hypotheses, _met(target, cause, state.turn if fresh else 0, policy))
        brought = (*brought, *own)
    return hypotheses, brought


def settle(state: CaseState, policy: Policy, slots: int) -> Hypotheses:
    """Return the hypotheses with likelihood and status that their rows give them (rules H2, H4-H9)."""
    weighed = tuple(
        each if each.status in FINAL else replace(each, likelihood=belief.likelihood(each, state.rows, policy))
        for each in state.hypotheses
    )
    filled = _filled(weighed, slots, policy)
    return _certain(tuple(_moved(each, filled, state, policy) for each in filled), state, policy)


def aged(hypotheses: Hypotheses, turn: int, tested: str, policy: Policy) -> Hypotheses:
    """Return the hypotheses one investigative turn later (rules H3, H7, H8); those linked this turn are fresh."""
    return tuple(_older(each, each.last_link_turn == turn, each.hypothesis_id == tested, policy) for each in hypotheses)


def acted(hypothesis: Hypothesis, action: str, reason: str) -> Hypothesis:
    """Return the hypothesis after a user's click; *validate* asserts and leaves the assurance to rows (rule H11)."""
    if action == "validate":
        return replace(hypothesis, status=HypothesisStatus.VALIDATED, asserted_by="user", refutation_reason="")
    if action == "refute":
        return replace(hypothesis, status=HypothesisStatus.REFUTED, refutation_reason=cut(reason, 200))
    return replace(hypothesis, status=HypothesisStatus.RETIRED)


def refusal(hypothesis: Hypothesis | None, action: str, reason: str) -> str:
    """Return why a user's click on a hypothesis is refused, empty when it may be done (rules H9, H11)."""
    if hypothesis is None:
        return "That hypothesis does not belong to this case; nothing was changed."
    if hypothesis.status in FINAL:
        return f"That hypothesis is {hypothesis.status} for good; new evidence would bring it back as a new one."
    if action == "refute" and not reason.strip():
        return "Ruling a hypothesis out needs a reason of 1 to 200 characters."
    if action not in {"validate", "refute", "retire"}:
        return "A hypothesis can be validated, refuted or retired."
    return ""


def placed(hypotheses: Hypotheses, changed: Hypothesis) -> Hypotheses:
    """Return the hypotheses with one replaced, or appended when it is new."""
    if any(each.hypothesis_id == changed.hypothesis_id for each in hypotheses):
        return tuple(changed if each.hypothesis_id == changed.hypothesis_id else each for each in hypotheses)
    return (*hypotheses, changed)


def found(hypotheses: Iterable[Hypothesis], hypothesis_id: str) -> Hypothesis | None:
    """Return the hypothesis of that id."""
    return next((each for each in hypotheses if each.hypothesis_id == hypothesis_id), None)


def in_status(hypotheses: Iterable[Hypothesis], *statuses: HypothesisStatus) -> Hypotheses:
    """Return those in one of the statuses."""
    return tuple(each for each in hypotheses if each.status in statuses)


def leader(hypotheses: Iterable[Hypothesis], policy: Policy) -> Hypothesis | None:
    """Return the validated one, else the tested one of highest rank, else the best captured one (rule C6).

    An inconclusive one may lead: what would decide is missing, which the limitation of the case then says.
    """
    ranked = belief.ordered(hypotheses, policy)
    tested = {HypothesisStatus.ACTIVE, HypothesisStatus.INCONCLUSIVE}
    for statuses in ({HypothesisStatus.VALIDATED}, tested, {HypothesisStatus.CAPTURED}):
        chosen = next((each for each in ranked if each.status in statuses), None)
        if chosen:
            return chosen
    return None


def anchored(state: CaseState, policy: Policy) -> bool:
    """Tell whether attention is stuck: one category, stale tests or a weak leader for long (rule AN1)."""
    active = in_status(state.hypotheses, HypothesisStatus.ACTIVE)
    categories = [each.category for each in active]
    crowded = any(categories.count(category) >= policy.anchored_in_category for category in categories)
    stale = [each for each in active if each.stale >= policy.anchored_stale_turns]
    return crowded or len(stale) >= policy.anchored_stale or state.leader_turns >= policy.anchored_leader_turns


def _admitted(hypotheses: Hypotheses, causes: Iterable[CauseDraft], policy: Policy) -> tuple[CauseDraft, ...]:
    """Leave out a model's new causes beyond its share of a turn (rule H12)."""
    known = {_key(each) for each in hypotheses}
    admitted: list[CauseDraft] = []
    for cause in causes:
        new = cause.origin == "model" and key(cause.family, cause.subject, cause.statement) not in known
        if new and sum(each.origin == "model" for each in admitted) >= policy.model_hypotheses:
            continue
        admitted.append(cause)
    return tuple(admitted)


def _target(state: CaseState, hypotheses: Hypotheses, cause: CauseDraft, known: Rows, policy: Policy) -> Hypothesis | None:
    """Return the hypothesis that a cause is: the live one, a new one, or none when a final one returns without new rows."""
    same = [each for each in hypotheses if _key(each) == key(cause.family, cause.subject, cause.statement)]
    if not same:
        return captured(state.root, cause, state.turn, policy)
    newest = same[-1]
    if newest.status not in FINAL:
        return newest
    ids = {evidence.born(state.case_id, draft, state.turn).evidence_id for draft in cause.rows}
    if ids <= _linked(known, newest):
        return None
    return captured(state.root, cause, state.turn, policy, supersedes=newest.hypothesis_id)


def _is_shut_out(hypotheses: Hypotheses, target: Hypothesis, cause: CauseDraft, known: Rows, policy: Policy) -> bool:
    """Tell whether a cause is a new idea of a category that takes none; a user's own idea is always heard (rule AN3)."""
    if cause.origin == "user" or found(hypotheses, target.hypothesis_id) is not None:
        return False
    return circles.is_closed(hypotheses, cause.category, policy) and not circles.brings_news(hypotheses, cause, known)


def _met(hypothesis: Hypothesis, cause: CauseDraft, turn: int, policy: Policy) -> Hypothesis:
    """Return the hypothesis after a new link in `turn`; 0 says that the cause brought nothing new."""
    if not turn:
        return hypothesis
    back = HypothesisStatus.ACTIVE if hypothesis.status is HypothesisStatus.INCONCLUSIVE else hypothesis.status
    met = replace(hypothesis, status=back, rank=cause.rank, last_link_turn=turn, stale=0, tested_turns=0)
    if cause.origin != hypothesis.origin and not {cause.origin, hypothesis.origin} <= OF_RULES:
        return met
    return replace(met, origin=cause.origin, prior=belief.prior(cause.origin, cause.rank, policy))


def _moved(each: Hypothesis, weighed: Hypotheses, state: CaseState, policy: Policy) -> Hypothesis:
    refuting = evidence.against(state.rows, each.hypothesis_id)
    if each.status is HypothesisStatus.VALIDATED:
        keeps = refuting == 0 if each.asserted_by else belief.holds(each, state.rows, weighed, policy)
        each = each if keeps else replace(each, status=HypothesisStatus.ACTIVE, asserted_by="")
    if each.status is HypothesisStatus.ACTIVE:
        each = _tested(each, weighed, state, policy)
    if each.status in OPEN and each.likelihood < policy.retire_below and each.low_turns >= policy.retire_after:
        return replace(each, status=HypothesisStatus.RETIRED)
    return each


def _tested(each: Hypothesis, weighed: Hypotheses, state: CaseState, policy: Policy) -> Hypothesis:
    refuting = evidence.against(state.rows, each.hypothesis_id)
    if each.likelihood <= policy.refute_at and refuting >= policy.refute_rows:
        reason = f"{refuting} independent observations speak against it"
        return replace(each, status=HypothesisStatus.REFUTED, refutation_reason=reason)
    if belief.holds(each, state.rows, weighed, policy):
        return replace(each, status=HypothesisStatus.VALIDATED)
    if each.tested_turns >= policy.inconclusive_after or _untestable(each, state):
        return replace(each, status=HypothesisStatus.INCONCLUSIVE)
    return each


def _untestable(each: Hypothesis, state: CaseState) -> bool:
    own = [need for need in state.needs if need.hypothesis_id == each.hypothesis_id and need.state == "pending"]
    met = any(need.hypothesis_id == each.hypothesis_id and need.state == "fulfilled" for need in state.needs)
    return bool(own) and not met and all(need.obtainability == "unobtainable" for need in own)


def _filled(hypotheses: Hypotheses, slots: int, policy: Policy) -> Hypotheses:
    """Give free slots to the highest-ranked captured ones (rule H4)."""
    free = max(0, slots - len(in_status(hypotheses, HypothesisStatus.ACTIVE)))
    waiting = belief.ordered(in_status(hypotheses, HypothesisStatus.CAPTURED), policy)
    chosen = {each.hypothesis_id for each in waiting[:free]}
    return tuple(replace(each, status=HypothesisStatus.ACTIVE) if each.hypothesis_id in chosen else each for each in hypotheses)


def _certain(hypotheses: Hypotheses, state: CaseState, policy: Policy) -> Hypotheses:
    """Give a confirmed cause the likelihood that only the counterfactual gives (rule H2)."""
    return tuple(
        replace(each, likelihood=policy.certain)
        if each.status is HypothesisStatus.VALIDATED
        and belief.assurance(each, state.rows, hypotheses, state.solutions, policy) == "confirmed"
        else each
        for each in hypotheses
    )


def _older(each: Hypothesis, fresh: bool, tested: bool, policy: Policy) -> Hypothesis:
    return replace(
        each,
        stale=0 if fresh else min(each.stale + 1, policy.oldest),
        tested_turns=0 if fresh else each.tested_turns + tested,
        low_turns=each.low_turns + 1 if each.likelihood < policy.retire_below else 0,
    )


def _key(each: Hypothesis) -> str:
    return key(each.family, each.subject, each.statement)


def _linked(rows: Rows, hypothesis: Hypothesis) -> frozenset[str]:
    own = hypothesis.hypothesis_id
    return frozenset(row.evidence_id for row in rows if any(link.hypothesis_id == own for link in row.links))
