"""Lines that tell of something that somebody did to the system: the first answer to "what changed" (evidence.md 10)."""

from __future__ import annotations

import re

FAR = 400
"""Characters of a line that are looked at: what was done stands at its front."""
_DEED = re.compile(
    r"\b(?:deploy(?:ed|ing)|(?:starting|started|finished|completed|triggered|new) deploy(?:ment)?|deployment (?:started|finished|completed|succeeded|failed|of)"
    r"|roll(?:ed|ing)?[ -]?(?:out|back)|(?:new|starting|creating|installing) (?:release|revision|version)|released? (?:v(?:ersion)?[ .]?)?[\d<]"
    r"|(?:up|down)grad(?:ed|ing) |version changed|switched (?:to|over)|fail(?:ed|ing)[ -]?over|promoted to"
    r"|(?:config(?:uration)?|settings?|certificates?|rules?|routes?|secrets?|credentials?|passwords?|keys?|policy|policies|schema) (?:file |map )?(?:was |were |has been |have been )?"
    r"(?:re-?loaded|changed|updated|modified|applied|replaced|rotated|renewed|overridden|edited)"
    r"|(?:re-?loading|changing|updating|applying|rotating|renewing) (?:the )?(?:config(?:uration)?|settings?|certificates?|rules?|secrets?|credentials?|policy|schema)"
    r"|(?:feature )?(?:flag|toggle|switch) \S{1,80} (?:is |was )?(?:now )?(?:set|enabled|disabled|turned|on|off)|(?:enabled|disabled|turned o(?:n|ff)) (?:feature|flag|toggle)"
    r"|scal(?:ed|ing) (?:up|down|out|in|to|from|replica|deployment)|(?:applied|applying|running|ran) migrations?|migrat(?:ed|ing) (?:to|from|database|schema)"
    r"|maintenance (?:mode|window) (?:is )?(?:on|off|entered|left|started|ended|begins|enabled|disabled)"
    r"|(?:changed|updated|set) \S{1,80} from \S{1,80} to )",
    re.IGNORECASE,
)
"""Verbs of change management as release tools, servers and orchestrators log them; each with what it was done to."""


_RELEASE = re.compile(r"(?i)\[(?:deploy\w*|release|rollout|argo-?cd|helm|flux)\]|\bv?\d+(?:\.\d\w*)+ (?:->|→|=>|to) v?\d+\.\d")
"""The tag of a tool that releases, or one version that becomes another."""


def is_release(text: str) -> bool:
    """Tell whether a line is a release tool's own, or names the version before and after."""
    return bool(_RELEASE.search(text[:FAR]))


def is_deed(text: str) -> bool:
    """Tell whether a line says that something was deployed, scaled, switched, reloaded or set anew."""
    return bool(_DEED.search(text[:FAR]))
