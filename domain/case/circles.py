"""Where an investigation goes round in circles: one category, nothing decided, one question, one topic (rules AN3, S3, S7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from domain.case.findings import CauseDraft
from domain.case.policy import Policy
from domain.case.state import CaseState, Category, EvidenceRow, Hypothesis, HypothesisStatus, Need
from domain.case.texts import normal

_ENDED = frozenset({HypothesisStatus.REFUTED, HypothesisStatus.INCONCLUSIVE})
_LIVE = frozenset({HypothesisStatus.CAPTURED, HypothesisStatus.ACTIVE, HypothesisStatus.VALIDATED})


def is_closed(hypotheses: Iterable[Hypothesis], category: Category, policy: Policy) -> bool:
    """Tell whether so many ideas of a category came to nothing that it takes no new ones (rule AN3)."""
    return sum(each.category is category and each.status in _ENDED for each in hypotheses) >= policy.closed_category


def brings_news(hypotheses: Iterable[Hypothesis], cause: CauseDraft, rows: Iterable[EvidenceRow]) -> bool:
    """Tell whether a cause rests on a row of a template that its category has not seen: that opens it again (rule AN3)."""
    own = {each.hypothesis_id for each in hypotheses if each.category is cause.category}
    seen = {row.witness for row in rows if any(link.hypothesis_id in own for link in row.links)}
    return any(row.witness not in seen for row in cause.rows)


def is_deadlocked(state: CaseState, policy: Policy) -> bool:
    """Tell whether three ideas or more are inconclusive and none is live (rule S3)."""
    statuses = [each.status for each in state.hypotheses]
    return statuses.count(HypothesisStatus.INCONCLUSIVE) >= policy.deadlocked and not _LIVE.intersection(statuses)


def is_same_question(one: str, other: str, policy: Policy) -> bool:
    """Tell whether two questions differ in hardly a word: the share of common ones among all (rule S7)."""
    left, right = set(normal(one).split()), set(normal(other).split())
    return len(left & right) >= policy.same_question * max(1, len(left | right))


def on_topic(state: CaseState, ask: Need | None, *, progress: bool) -> CaseState:
    """Return the state with one more investigative turn on the topic of its ask; progress ends the count (rule S7)."""
    if ask is None:
        return replace(state, topic_turns=0 if progress else state.topic_turns)
    topic = ask.hypothesis_id or ask.topic
    before = state.topic_turns if topic == state.asked_topic else 0
    return replace(state, asked_topic=topic, topic_turns=0 if progress else before + 1)
