"""Every number of the rules of a case in one frozen value, so that tests can vary them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Defaults of investigation.md; turns that count are investigative ones unless said otherwise."""

    prior_by_rank: tuple[float, ...] = (0.50, 0.40, 0.30)
    """Priors of causes that rules ranked 1, 2, 3 and later (H1)."""
    prior_by_origin: Mapping[str, float] = field(
        default_factory=lambda: {"runbook": 0.45, "user": 0.35, "model": 0.30, "symptom": 0.10}
    )
    """A symptom heads the list where no cause is known: with half of the files left out it was the cause in 3 of 100 cases (H1)."""
    support: float = 0.15
    against: float = 0.20
    floor: float = 0.02
    ceiling: float = 0.80
    """Top likelihood without a counterfactual (H2)."""
    certain: float = 0.95
    """Likelihood once the assurance is confirmed (H2)."""
    ageing: float = 0.85
    oldest: int = 5
    """Staleness counts up to here (H3)."""
    active: int = 5
    active_at_start: int = 3
    validate_at: float = 0.70
    validate_rows: int = 2
    rival_within: float = 0.10
    refute_at: float = 0.20
    refute_rows: int = 2
    inconclusive_after: int = 3
    retire_below: float = 0.30
    retire_after: int = 3
    model_hypotheses: int = 3
    anchored_in_category: int = 4
    anchored_stale: int = 2
    anchored_stale_turns: int = 3
    anchored_leader_turns: int = 3
    closed_category: int = 4
    """Refuted or inconclusive ideas of one category after which it takes no new ones (AN3)."""
    deadlocked: int = 3
    """Ideas, all inconclusive, that are a deadlock (S3)."""
    same_question: float = 0.8
    """Share of common words from which a question is the same, reworded (S7)."""
    topic_turns: int = 4
    """Turns on one topic without progress (S7)."""
    rejections: int = 2
    """Of one solution, after which it is not proposed again (S7)."""
    repair_pause: int = 3
    """Turns between two forced alternatives (AN2), two reminders of a limitation, two alarms (ES3)."""
    likelihood_step: float = 0.05
    """A smaller change is no progress (D3)."""
    pending_needs: int = 5
    asks_per_need: int = 3
    shown_conclusion: float = 0.30
    verified_level: float = 0.90
    confident_level: float = 0.70
    probable_level: float = 0.50
    cap_quotes: float = 0.45
    cap_no_causal: float = 0.60
    cap_no_counterfactual: float = 0.80
    cap_by_limitation: Mapping[str, float] = field(
        default_factory=lambda: {
            "critical_evidence_missing": 0.50,
            "expertise_required": 0.40,
            "systemic_issue": 0.30,
            "general_limitation": 0.50,
        }
    )
    stalled: int = 5
    exhausted_turns: int = 8
    exhausted_refuted: int = 2
    exhausted_width: int = 2
    """Hypotheses, categories and rows that count as work done (S2)."""
    unverified_fix_turns: int = 3
    fix_failures: int = 2
    repeats_of_action: int = 5
    unmitigated_turns: int = 2
    systemic_services: int = 3
    complete_enough: float = 0.40
    unsure_kind: float = 0.50
    offers: int = 2
    offer_pause: int = 3
    """Turns of any kind between two offers of one target (P10)."""
    title_substance: int = 200
    requested_title_substance: int = 40


DEFAULT = Policy()
