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
    peers: str = ""
    """Figures of others that are published, with their source; measured ones are added by `peers.py`."""

    def keeps(self, value: float, bound: float) -> bool:
        """Tell whether a figure keeps a bound."""
        return value <= bound if self.highest else value >= bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A set, how it is predicted and who judges it."""

    row: str
    """Of the design page's table of targets: E1..E11 evidence, D1..D10 diagnosis, P privacy, K knowledge."""
    set: str
    evaluator: str
    measures: tuple[Measure, ...]
    budget: int = 1_600
    seeds: tuple[int, ...] = ()
    """Of generated sets; a figure is then the mean over the seeds."""
    folder: str = ""
    """Of the data, where it is not named after the set."""
    variant: str = ""
    """Kind of `make_variants.py`: the figures then compare the set with its variant."""
    every: int = 1
    """Of a variant's cases in their order: each, or every so manieth, beginning with the first."""

    @property
    def name(self) -> str:
        """What the table calls it."""
        budget = f"@{self.budget}" if self.evaluator == "digest_recall.py" else ""
        seeds = f" seeds {self.seeds[0]}-{self.seeds[-1]}" if len(self.seeds) > 1 else ""
        return f"{self.set}{budget}{seeds}{f' {self.variant}' if self.variant else ''}"


AGENTS = "published language-model agents on the full set"
NAIVE = "naive baseline in the data's README"
CAPPED = "rule C5 shows at most .80 until a cause was seen to go with its fix: .20 is the least where all are right"
STILL_SAID = (
    "2 of 12 say their cause in other lines too (a list of partitions, an expiry in a stack) and stay identified, rightly"
)
SEVERAL = tuple(range(1, 7))
"""Seeds of variants that are quickly read."""
BOTH_WAYS = (1, 5)
"""Seeds that shift times back and forth."""

GATES: tuple[Gate, ...] = (
    Gate(
        row="E1",
        set="loghub2k",
        evaluator="template_grouping.py",
        measures=(
            Measure(figure="GA", floor=0.995, target=0.985),
            Measure(figure="FGA", floor=0.98, target=0.965),
            Measure(figure="PAn", floor=0.95, target=0.78),
            Measure(figure="worst", floor=0.98, target=0.93),
        ),
    ),
    Gate(
        row="E1",
        set="raw_lines",
        folder="loghub2k",
        evaluator="template_grouping.py",
        measures=(
            Measure(figure="GA", floor=0.995, target=0.975),
            Measure(figure="FGA", floor=0.98, target=0.955),
            Measure(figure="PAn", floor=0.95, target=0.77),
            Measure(figure="worst", floor=0.98, target=0.93),
        ),
    ),
    Gate(
        row="E5 D3",
        set="recorded",
        evaluator="digest_recall.py",
        measures=(
            Measure(figure="recall", floor=0.99, target=1.0, peers=f".75 {NAIVE}"),
            Measure(figure="citations_ok", floor=1.0, target=1.0),
            Measure(figure="first_cause", floor=0.99, target=1.0),
        ),
    ),
    Gate(
        row="E5",
        set="recorded",
        evaluator="digest_recall.py",
        budget=800,
        measures=(Measure(figure="recall", floor=0.99, target=0.91, peers=f".67 {NAIVE}"),),
    ),
    Gate(
        row="E5",
        set="recorded",
        evaluator="digest_recall.py",
        budget=400,
        measures=(Measure(figure="recall", floor=0.91, target=0.67, peers=f".67 {NAIVE}"),),
    ),
    Gate(
        row="E5",
        set="needle",
        evaluator="digest_recall.py",
        budget=400,
        seeds=tuple(range(1, 21)),
        measures=(Measure(figure="recall", floor=0.99, target=1.0, peers=f".56 {NAIVE}"),),
    ),
    Gate(
        row="E7",
        set="classification",
        evaluator="classification.py",
        measures=(
            Measure(figure="accuracy", floor=0.98, target=0.98, peers=f".71 {NAIVE}"),
            Measure(figure="worst", floor=0.9, target=0.9),
            Measure(figure="logs_as_prose", floor=0.0, target=0.0, highest=True),
        ),
    ),
    Gate(
        row="E8",
        set="alert_lines",
        folder="loghub2k",
        evaluator="alert_lines.py",
        measures=(
            Measure(figure="AUC", floor=0.99, target=0.98, peers=f".967 {NAIVE}"),
            Measure(figure="F1", floor=0.94, target=0.8, peers=f".697 {NAIVE}"),
            Measure(figure="templates_in_25", floor=14, target=13),
        ),
    ),
    Gate(
        row="E9 D4",
        set="sockshop",
        evaluator="ranking.py",
        measures=(
            Measure(figure="A@1", floor=0.96, target=1.0, peers=f".24 z-score, 1.0 floored scale: {NAIVE}"),
            Measure(figure="A@3", floor=0.96, target=1.0, peers=f".72 z-score: {NAIVE}"),
        ),
    ),
    Gate(
        row="E9 D4",
        set="injected",
        evaluator="",
        measures=(Measure(figure="A@1", floor=0.9, target=0.9), Measure(figure="A@3", floor=0.95, target=0.95)),
    ),
    Gate(
        row="D4",
        set="testbed",
        evaluator="",
        measures=(Measure(figure="A@1", floor=0.9, target=0.9), Measure(figure="A@3", floor=0.95, target=0.95)),
    ),
    Gate(
        row="E10",
        set="tcpd",
        evaluator="changepoints.py",
        measures=(
            Measure(figure="F1", floor=0.82, target=0.76, peers=f".67 no change: {NAIVE}"),
            Measure(figure="cover", floor=0.76, target=0.75),
        ),
    ),
    Gate(
        row="E10",
        set="nab",
        evaluator="changepoints.py",
        measures=(
            Measure(figure="recall@3", floor=0.75, target=0.7, peers=f".61 {NAIVE}"),
            Measure(figure="precision@1", floor=0.86, target=0.8),
        ),
    ),
    Gate(
        row="E11 D5",
        set="cidiff",
        evaluator="gold_lines.py",
        measures=(Measure(figure="F1", floor=0.94, target=0.8, peers=f".64 new lines, .63 error words: {NAIVE}"),),
    ),
    Gate(row="D5", set="builds", evaluator="", measures=(Measure(figure="family", floor=10, target=10),)),
    Gate(
        row="D1",
        set="cloudops",
        evaluator="ranking.py",
        measures=(
            Measure(figure="A@1", floor=0.94, target=0.85, peers=f".73 and .58, best {AGENTS}"),
            Measure(figure="A@3", floor=0.96, target=0.92),
            Measure(figure="partial@1", floor=0.94, target=0.85),
            Measure(figure="partial@3", floor=0.96, target=0.92),
            Measure(figure="object@1", floor=0.94, target=0.92, peers=f".62 {NAIVE}"),
            Measure(figure="A@1[boutique]", floor=0.92, target=0.85, peers=f".73 {AGENTS}"),
            Measure(figure="A@1[trainticket]", floor=0.92, target=0.75, peers=f".58 {AGENTS}"),
        ),
    ),
    Gate(
        row="D2",
        set="adversarial",
        evaluator="incidents.py",
        measures=(
            Measure(figure="passed", floor=10, target=10),
            Measure(figure="rate", floor=0.99, target=1.0),
            Measure(figure="category", floor=0.99, target=1.0),
            Measure(figure="ruled_out", floor=0.8, target=0.8),
        ),
    ),
    *(
        Gate(
            row=row,
            set=name,
            variant=kind,
            seeds=seeds,
            evaluator="compare.py",
            measures=(Measure(figure="same_first", floor=1.0, target=1.0),),
        )
        for row, name, kind, seeds in (
            ("D10", "adversarial", "shuffle", SEVERAL),
            ("D8", "adversarial", "inject", SEVERAL),
            ("D10", "adversarial", "shift", BOTH_WAYS),
            ("D10", "recorded", "shuffle", SEVERAL),
            ("D8", "recorded", "inject", SEVERAL),
            ("D10", "recorded", "shift", BOTH_WAYS),
            ("D10", "cloudops", "shuffle", ()),
            ("D8", "cloudops", "inject", ()),
            ("D10", "cloudops", "shift", ()),
        )
    ),
    Gate(
        row="D10",
        set="cloudops",
        variant="rename",
        seeds=(1, 2),
        evaluator="compare.py",
        measures=(Measure(figure="same_first", floor=1.0, target=1.0),),
    ),
    Gate(
        row="D8",
        set="hostile",
        evaluator="",
        measures=(Measure(figure="unchanged", floor=1.0, target=1.0), Measure(figure="strings", floor=60, target=60)),
    ),
    Gate(
        row="D8",
        set="hostile_unseen",
        evaluator="",
        measures=(Measure(figure="unchanged", floor=0.99, target=0.99), Measure(figure="strings", floor=200, target=200)),
    ),
    Gate(row="D9", set="healthy", evaluator="", measures=(Measure(figure="faulted", floor=0.0, target=0.0, highest=True),)),
    Gate(
        row="D10",
        set="calibration",
        evaluator="",
        measures=(
            Measure(figure="above", floor=0.1, target=0.1, highest=True),
            Measure(figure="error", floor=0.1, target=0.1, highest=True),
            Measure(figure="plain", floor=0.25, target=0.2, highest=True, peers=CAPPED),
        ),
    ),
    Gate(
        row="D10",
        set="calibration_withheld",
        evaluator="",
        measures=(
            Measure(figure="above", floor=0.1, target=0.1, highest=True),
            Measure(figure="error", floor=0.1, target=0.1, highest=True),
        ),
    ),
    Gate(
        row="D9",
        set="cloudops",
        variant="drop",
        evaluator="compare.py",
        measures=(
            Measure(figure="wrong", floor=0.02, target=0.02, highest=True),
            Measure(figure="open", floor=0.9, target=0.9),
        ),
    ),
    Gate(
        row="D9",
        set="recorded",
        variant="drop",
        evaluator="compare.py",
        measures=(
            Measure(figure="wrong", floor=0.0, target=0.02, highest=True),
            Measure(figure="open", floor=0.83, target=0.9, peers=STILL_SAID),
        ),
    ),
    Gate(
        row="D7",
        set="claims",
        evaluator="claims.py",
        seeds=(1,),
        measures=(
            Measure(figure="mutants_supported", floor=0.0, target=0.0, highest=True),
            Measure(figure="true_supported", floor=0.88, target=0.88),
        ),
    ),
    Gate(
        row="P",
        set="sdlog",
        evaluator="redaction.py",
        measures=(Measure(figure="F1", floor=0.5, target=0.9, peers=f".67 {NAIVE}"),),
    ),
    Gate(
        row="P",
        set="presidio",
        evaluator="redaction.py",
        measures=(Measure(figure="F1", floor=0.15, target=0.8, peers=f".17 {NAIVE}"),),
    ),
    Gate(
        row="K",
        set="runbooks",
        evaluator="retrieval.py",
        measures=(
            Measure(figure="R@1", floor=0.8, target=0.95, peers=f".86 BM25: {NAIVE}"),
            Measure(figure="R@5", floor=0.9, target=0.99, peers=f".97 BM25: {NAIVE}"),
        ),
    ),
)
