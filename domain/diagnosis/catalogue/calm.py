"""What looks like a fault and is none."""

from domain.case.state import Category
from domain.diagnosis.values import CheckTemplate, Family, Rule

RECOVERED = Family(
    id="recovered",
    category=Category.OTHER,
    depth=0,
    title="{subject} has recovered",
    decisive=(
        Rule(
            pattern=r"\b(?<!be )(?<!being )(?<!not )recovered\b|back to normal|alert (?:is |was )?(?:resolved|cleared)|status\"?: ?\"?(?:resolved|ok)\b|successfully rolled out|(?:is|became) healthy again|health ?check (?:passed|ok) again",
            weight=2,
            meaning="the fault ended",
        ),
    ),
    refutes=(
        Rule(pattern=r"\bnot recovered\b|still (?:failing|down|unhealthy)|again (?:failing|down)", meaning="it is not over"),
    ),
    checks=(
        CheckTemplate(text="Watch the same signals for another period", why="quiet for three times the usual gap confirms it"),
    ),
)
