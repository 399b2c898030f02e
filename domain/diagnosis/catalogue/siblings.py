"""What a setting that differs from nearly all siblings' says to families: a hint at the mechanism, never a cause by itself."""

from __future__ import annotations

from domain.diagnosis.values import Rule

PLACE = r"variable .*(?:host|hostname|addr|address|url|uri|endpoint|server|service|broker|upstream)s?"
PORT = r"variable .*port"
ACCESS = r"variable .*(?:user|username|login|pass|passwd|password|pwd|secret|token|key|credentials?)"


def odd(setting: str) -> Rule:
    """Return the rule for a setting of these names, which is the only one in which a troubled workload differs."""
    return Rule(
        kinds=("integrity",),
        attributes={"check": "sibling", "value": setting},
        weight=1,
        meaning="this is the only setting in which it differs from nearly all its siblings",
    )
