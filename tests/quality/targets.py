"""What `make quality` measures: sets, evaluators, floors that must hold and targets to reach."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure of one evaluator's line."""

    figure: str
    floor: float
    """Reached once; lowered only by a decision record."""
    target: float
    highest: bool = False
    """True where less is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A set, how it is predicted and who judges it."""

    set: str
    evaluator: str
    measures: tuple[Measure, ...]
    budget: int = 1_600
    seed: int = 0
    """Of generated sets."""
    only: str = ""
    """Rows with this field alone go to the evaluator."""


GATES: tuple[Gate, ...] = (
    Gate(
        set="recorded",
        evaluator="digest_recall.py",
        measures=(
            Measure(figure="first_cause", floor=0.91, target=1.0),
            Measure(figure="recall", floor=0.91, target=1.0),
            Measure(figure="citations_ok", floor=1.0, target=1.0),
        ),
    ),
    Gate(set="recorded", evaluator="digest_recall.py", budget=800, measures=(Measure(figure="recall", floor=0.91, target=0.91),)),
    Gate(
        set="needle",
        evaluator="digest_recall.py",
        budget=400,
        seed=1,
        measures=(Measure(figure="recall", floor=0.88, target=1.0),),
    ),
    Gate(
        set="needle",
        evaluator="digest_recall.py",
        budget=400,
        seed=2,
        measures=(Measure(figure="recall", floor=0.88, target=1.0),),
    ),
    Gate(
        set="adversarial",
        evaluator="incidents.py",
        measures=(Measure(figure="rate", floor=0.2, target=1.0), Measure(figure="category", floor=0.7, target=1.0)),
    ),
    Gate(
        set="claims",
        evaluator="claims.py",
        seed=1,
        measures=(
            Measure(figure="mutants_supported", floor=0.0, target=0.0, highest=True),
            Measure(figure="true_supported", floor=0.88, target=0.88),
        ),
    ),
    Gate(
        set="loghub2k",
        evaluator="template_grouping.py",
        measures=(
            Measure(figure="GA", floor=0.98, target=0.985),
            Measure(figure="FGA", floor=0.965, target=0.965),
            Measure(figure="PAn", floor=0.9, target=0.78),
        ),
    ),
    Gate(
        set="loghub2k",
        evaluator="alert_lines.py",
        only="score",
        measures=(Measure(figure="AUC", floor=0.9, target=0.98), Measure(figure="F1", floor=0.5, target=0.8)),
    ),
    Gate(
        set="classification",
        evaluator="classification.py",
        measures=(
            Measure(figure="accuracy", floor=0.98, target=0.98),
            Measure(figure="worst", floor=0.9, target=0.9),
            Measure(figure="logs_as_prose", floor=0.0, target=0.0, highest=True),
        ),
    ),
    Gate(
        set="tcpd",
        evaluator="changepoints.py",
        measures=(Measure(figure="F1", floor=0.8, target=0.76), Measure(figure="cover", floor=0.75, target=0.75)),
    ),
    Gate(
        set="nab",
        evaluator="changepoints.py",
        measures=(Measure(figure="recall@3", floor=0.7, target=0.7), Measure(figure="precision@1", floor=0.8, target=0.8)),
    ),
    Gate(set="sockshop", evaluator="ranking.py", measures=(Measure(figure="A@1", floor=0.9, target=1.0),)),
    Gate(set="sdlog", evaluator="redaction.py", measures=(Measure(figure="F1", floor=0.5, target=0.9),)),
    Gate(set="presidio", evaluator="redaction.py", measures=(Measure(figure="F1", floor=0.15, target=0.8),)),
    Gate(
        set="runbooks",
        evaluator="retrieval.py",
        measures=(Measure(figure="R@1", floor=0.8, target=0.95), Measure(figure="R@5", floor=0.9, target=0.99)),
    ),
)
