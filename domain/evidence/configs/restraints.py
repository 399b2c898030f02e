"""Settings that hold something back: no fault by themselves, and the reason of one that names the same thing."""

from __future__ import annotations

import re

from domain.evidence.configs.settings import Configuration, Setting, named

RESTRAINING = re.compile(
    r"(?i)^(?:deny|denied|drop|block|blocked|reject|disabled?|off|none|never|strict|restricted|suspended|paused|read-?only|maintenance|drain(?:ing)?|cordoned|forbid|no|private|internal)$"
)
"""Values by which a setting keeps something from happening."""
KEPT_OUT = re.compile(
    r"(?i)^(?:except|exclude[ds]?|deny\w*|denied\w*|block(?:ed|list)?\w*|blacklist\w*|disallow\w*|reject\w*|ignore[ds]?)$"
)
"""Names under which stands what is kept out."""
SWITCHES = re.compile(
    r"(?i)^(?:suspend(?:ed)?|paused?|disabled?|read_?only|unschedulable|maintenance\w*|deletion_?protection|locked|frozen)$"
)
OPENERS = re.compile(r"(?i)^(?:enabled?|active|allow\w*|publicly\w*|auto\w*)$")
MOST = 40
"""Restraints of one document that are told."""
WEIGHT = 1.0
"""Below every severity that calls for a look by itself."""
LEAST_NAME = 4


def remark(configuration: Configuration) -> None:
    """Keep every setting that holds something back, with the names of what it belongs to."""
    told = 0
    for one in configuration.settings:
        if told < MOST and _restrains(one):
            told += 1
            about = _about(configuration, one)
            said = f"{one.where} is {one.text}" + (f" ({about})" if about else "")
            configuration.reading.find(
                "restraint", f"file:{one.where}", one.line, WEIGHT, said, field=one.name, value=one.text, about=about
            )


def _restrains(one: Setting) -> bool:
    if isinstance(one.value, bool):
        return bool((SWITCHES if one.value else OPENERS).match(one.name))
    if any(KEPT_OUT.match(part) for part in one.path[:-1] if not part.isdecimal()):
        return bool(one.text)
    return isinstance(one.value, str) and RESTRAINING.match(one.text) is not None and not one.name.lower().endswith("name")


def _about(configuration: Configuration, one: Setting) -> str:
    """Return the names that stand in the maps around a setting, the nearest first: what it is a setting of."""
    found: list[str] = []
    for path, node in reversed(configuration.maps):
        if path == one.path[: len(path)] and named(path) not in {"labels", "annotations"}:
            found += [text for key in ("host", "name", "key", "app", "service") if len(text := node.text(key)) >= LEAST_NAME]
            meta = node.get("metadata")
            found += [text for key in ("name", "namespace") if meta and len(text := meta.text(key)) >= LEAST_NAME]
    return " ".join(dict.fromkeys(found))[:200]
