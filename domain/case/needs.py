"""Evidence still wanted: which needs exist, which one is asked, and when one is over (rules N1-N4)."""

from __future__ import annotations

from dataclasses import replace

from domain.case import circles
from domain.case.findings import NeedDraft
from domain.case.hypotheses import FINAL, found
from domain.case.policy import Policy
from domain.case.state import CaseState, HypothesisStatus, Need
from domain.case.texts import cut, named, normal

Needs = tuple[Need, ...]
SYMPTOM, CAUSE = "symptom_verification", "causal_verification"
TOPICS = {
    "symptom": ("symptom_verified", "A log, metric or error text that shows the symptom"),
    "scope": ("scope_assessed", "Who and what is affected, and what is not"),
    "timeline": ("timeline_established", "When it began, as exactly as you can tell"),
    "changes": ("changes_identified", "What changed in the day before it began: deployments, configuration, load"),
}
HINTS = {
    "symptom": ("a log with the errors", "a metric of the failing operation"),
    "scope": ("metrics or logs by service, region or host", "the share of requests that fail"),
    "timeline": ("a log or metric from before it began until now",),
    "changes": ("deployment or change history", "a diff of the configuration"),
}
"""What a file could show of each topic."""
NEED_BYTES = 120


def wanted(state: CaseState, drafts: tuple[NeedDraft, ...], policy: Policy) -> Needs:
    """Return the needs after this turn's findings: old ones kept, fulfilled or superseded, new ones up to the bound."""
    known = tuple(_reviewed(need, state) for need in state.needs)
    new = [*(_of_draft(draft, state) for draft in drafts), *(_of_topic(topic, state) for topic in TOPICS)]
    for need in new:
        if need is None or any(each.need_id == need.need_id for each in known):
            continue
        known = (*known, _reworded(need, known, policy))
    return _within(known, policy)


def next_ask(state: CaseState, policy: Policy) -> Need | None:
    """Return the one need to ask for: what decides most, the oldest among equals (N2, N3)."""
    askable = [need for need in state.needs if is_open(need) and need.asked < policy.asks_per_need]
    fresh = [need for need in askable if not need.hypothesis_id or need.hypothesis_id not in state.excluded]
    return min(fresh or askable, key=_worth, default=None)


def asked(state: CaseState, need: Need, policy: Policy) -> CaseState:
    """Return the state after the need was asked for, and with it every other wording of it; its hypothesis is the test target."""
    needs = tuple(
        replace(each, asked=each.asked + 1, asked_turn=state.turn)
        if circles.is_same_question(each.text, need.text, policy)
        else each
        for each in state.needs
    )
    return replace(state, needs=needs, test_target=need.hypothesis_id)


def tired(needs: Needs, policy: Policy) -> Needs:
    """Mark what was asked often enough as unobtainable (N3)."""
    return tuple(
        replace(need, obtainability="unobtainable") if is_open(need) and need.asked >= policy.asks_per_need else need
        for need in needs
    )


def refused(state: CaseState) -> Needs:
    """Mark the need that was asked last as unobtainable: the user does not have it (N3)."""
    last = max((need.asked_turn for need in state.needs if is_open(need)), default=0)
    return tuple(
        replace(need, obtainability="unobtainable") if last and is_open(need) and need.asked_turn == last else need
        for need in state.needs
    )


def is_open(need: Need) -> bool:
    """Tell whether a need may still be asked for."""
    return need.state == "pending" and need.obtainability != "unobtainable"


def _reworded(need: Need, known: Needs, policy: Policy) -> Need:
    """Return a new need that counts as asked when it only rewords one that was (rule S7)."""
    return replace(
        need, asked=max((each.asked for each in known if circles.is_same_question(each.text, need.text, policy)), default=0)
    )


def _reviewed(need: Need, state: CaseState) -> Need:
    """Fulfil or supersede a pending need (N4); one thought unobtainable may still be fulfilled."""
    if need.state != "pending":
        return need
    if need.topic in TOPICS:
        return replace(need, state="fulfilled") if TOPICS[need.topic][0] in state.milestones else need
    hypothesis = found(state.hypotheses, need.hypothesis_id)
    if hypothesis is None or hypothesis.status in FINAL:
        return replace(need, state="superseded")
    answered = hypothesis.last_link_turn == state.turn and need.turn < state.turn
    return replace(need, state="fulfilled", obtainability="obtainable") if answered else need


def _of_draft(draft: NeedDraft, state: CaseState) -> Need | None:
    target = next(
        (each for each in state.hypotheses if draft.family and each.family == draft.family and each.status not in FINAL), None
    )
    if target is None or target.status is HypothesisStatus.VALIDATED:
        return None
    what = normal(draft.hints[0]) if draft.hints else normal(draft.text)
    return Need(
        need_id=named("eneed", state.root, target.hypothesis_id, CAUSE, what),
        kind=CAUSE,
        hypothesis_id=target.hypothesis_id,
        text=cut(draft.text, NEED_BYTES),
        hints=tuple(cut(hint, 60) for hint in draft.hints[:5]),
        turn=state.turn,
        separates=draft.separates,
        topic="cause",
    )


def _of_topic(topic: str, state: CaseState) -> Need | None:
    milestone, text = TOPICS[topic]
    if milestone in state.milestones:
        return None
    return Need(
        need_id=named("eneed", state.root, topic),
        kind=SYMPTOM,
        hypothesis_id="",
        text=text,
        hints=HINTS[topic],
        turn=state.turn,
        topic=topic,
    )


def _within(needs: Needs, policy: Policy) -> Needs:
    """Keep at most the allowed number pending: the least worth asking are superseded."""
    pending = sorted((need for need in needs if is_open(need)), key=_worth)
    surplus = {need.need_id for need in pending[policy.pending_needs :] if not need.asked}
    return tuple(need for need in needs if need.need_id not in surplus)


def _worth(need: Need) -> tuple[int, int, str]:
    if need.separates:
        return 0, need.turn, need.need_id
    order = ("symptom", "scope", "timeline", "changes", "cause")
    return 1 + order.index(need.topic) if need.topic in order else len(order), need.turn, need.need_id
