"""How far rows carry a hypothesis: likelihood, mechanism, assurance (rules H1-H3, H5, C2)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.case import rows as evidence
from domain.case.policy import Policy
from domain.case.rows import Rows
from domain.case.state import Hypothesis, HypothesisStatus, Link, RowCategory, Solution, Stance

LIVE = frozenset({HypothesisStatus.ACTIVE, HypothesisStatus.VALIDATED})


def prior(origin: str, rank: int, policy: Policy) -> float:
    """Return the starting likelihood by origin; a rule's by its rank, 1 first (rule H1)."""
    if origin in policy.prior_by_origin:
        return policy.prior_by_origin[origin]
    ranks = policy.prior_by_rank
    return ranks[min(max(rank, 1), len(ranks)) - 1]


def likelihood(hypothesis: Hypothesis, rows: Rows, policy: Policy) -> float:
    """Return prior + 0.15 S − 0.20 R between floor and the top without a counterfactual (rule H2)."""
    supporting = evidence.carried(rows, hypothesis.hypothesis_id)
    refuting = evidence.against(rows, hypothesis.hypothesis_id)
    value = hypothesis.prior + policy.support * supporting - policy.against * refuting
    return round(min(max(value, policy.floor), policy.ceiling), 4)


def rank(hypothesis: Hypothesis, policy: Policy) -> float:
    """Return what hypotheses are ordered by: attention moves on from stale ones, belief does not (rule H3)."""
    stale = min(hypothesis.stale, policy.oldest)
    return hypothesis.likelihood * policy.ageing ** max(0, stale - 1)


def ordered(hypotheses: Iterable[Hypothesis], policy: Policy) -> tuple[Hypothesis, ...]:
    """Return them by rank, best first; older first among equals."""
    return tuple(sorted(hypotheses, key=lambda each: (-rank(each, policy), each.rank, each.created_turn)))


def has_mechanism(rows: Rows, hypothesis_id: str) -> bool:
    """Tell whether a supporting row is causal."""
    return any(row.category is RowCategory.CAUSAL for row in evidence.of(rows, hypothesis_id, Stance.SUPPORTS))


def holds(hypothesis: Hypothesis, rows: Rows, others: Iterable[Hypothesis], policy: Policy) -> bool:
    """Tell whether the rows validate the hypothesis among its active rivals (rule H5)."""
    own = hypothesis.hypothesis_id
    value = likelihood(hypothesis, rows, policy)
    rivals = (each for each in others if each.hypothesis_id != own and each.status in LIVE)
    return (
        value >= policy.validate_at
        and evidence.support(rows, own) >= policy.validate_rows
        and has_mechanism(rows, own)
        and evidence.against(rows, own) == 0
        and all(value - likelihood(each, rows, policy) > policy.rival_within + 1e-9 for each in rivals)
    )


def gone_after(rows: Rows, hypothesis_id: str, solutions: Iterable[Solution]) -> bool:
    """Tell whether cause and symptom were absent after the fix of this cause: the counterfactual (rule C2)."""
    fixes = (
        each.applied_turn
        for each in solutions
        if each.hypothesis_id == hypothesis_id and each.applied_turn and each.state in {"applied", "verified"}
    )
    since = max(fixes, default=0)
    if not since:
        return False
    later = tuple(row for row in rows if row.turn >= since)
    cause_gone = any(_is_about(row.links, hypothesis_id) for row in evidence.in_category(later, RowCategory.CAUSAL_ABSENCE))
    return cause_gone and bool(evidence.in_category(later, RowCategory.SYMPTOM_ABSENCE))


def assurance(
    hypothesis: Hypothesis, rows: Rows, others: tuple[Hypothesis, ...], solutions: tuple[Solution, ...], policy: Policy
) -> str:
    """Return no_root, mechanistic or confirmed of a stated cause; never set by a model (rule C2)."""
    if not holds(hypothesis, rows, others, policy):
        return "no_root"
    sound = evidence.trusted(rows)
    if holds(hypothesis, sound, others, policy) and gone_after(sound, hypothesis.hypothesis_id, solutions):
        return "confirmed"
    return "mechanistic"


def _is_about(links: tuple[Link, ...], hypothesis_id: str) -> bool:
    return not links or any(link.hypothesis_id == hypothesis_id for link in links)
