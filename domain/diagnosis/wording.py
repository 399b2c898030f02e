"""Sentences that may be shown: no claim to have acted, no certainty that was not earned, nothing that clients misread."""

from __future__ import annotations

import re

ACTED = re.compile(
    r"\b(?:I|we)(?:'ve| have| had)?(?: (?:just|now|already|also|successfully))? (?:restarted|rolled|scaled|deleted|applied|deployed|fixed|changed|executed|ran|run|checked the (?:cluster|server|system)"
    r"|logged|connected|rebooted|patched|updated|closed|resolved|opened|created|contacted|notified)\b",
    re.IGNORECASE,
)
"""First-person claims of acting (rule B3): nothing here acts."""
OVERCLAIM = re.compile(
    r"\b(?:definitely|certainly|undoubtedly|without (?:a )?doubt|proven|(?<!once )confirmed|the root cause is|100 ?% (?:sure|certain))\b",
    re.IGNORECASE,
)
"""Words of certainty (rule C3); "once confirmed by" marks a step and claims nothing (rule A5)."""
BADGE = re.compile(r"\[([A-Z_]{2,})\]|<([A-Z_]{1,})>(?!_)|\[(\d+)\]")
BUTTONS = re.compile(r"\[[^\]\n]{0,20}(?:✅|❌)[^\]\n]{0,40}\]")
ACTIVE = re.compile(
    r"!?\[([^\]\n]{0,200})\]\((?:[^)\n]{0,400})\)|<(?:/?(?:script|img|iframe|a|style|svg|object|embed|form|input))\b[^>\n]{0,400}>|(?:https?|ftp|javascript|data):(?://)?[^\s)>\]]{1,400}",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*(?:[.!?]|$)")


def clean(text: str) -> str:
    """Return the text without sentences that claim to have acted, and with what clients misread written plainly."""
    kept = "\n".join(
        " ".join(one for one in _parts(line) if not ACTED.search(one)) if ACTED.search(line) else line
        for line in text.split("\n")
    )
    return plain(ACTIVE.sub(lambda found: found[1] or "(link removed)", kept))


def plain(text: str) -> str:
    """Return text without `[12]`, `[ERROR]`, `<T>` and button patterns (contract trap 13); a level loses its brackets."""
    return BUTTONS.sub("", BADGE.sub(lambda found: found[1] or found[2] or f"({found[3]})", text))


def quoted(text: str) -> str:
    """Return a line of evidence for Markdown: as inline code that nothing in it can leave, links and marks inert."""
    folded = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]", " ", text).split())
    return f"`{plain(folded).replace('`', 'ˋ')}`"


def overclaims(text: str) -> bool:
    """Tell whether the text claims certainty."""
    return OVERCLAIM.search(text) is not None


def modest(text: str) -> str:
    """Return the text with words of certainty taken back (the one repair of rule C3)."""
    return OVERCLAIM.sub(lambda found: "the likeliest cause is" if "root" in found[0].lower() else "probably", text)


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text; a dot inside a name or number ends none."""
    return tuple(part for line in text.splitlines() for part in _parts(line))


def _parts(line: str) -> list[str]:
    """Return the sentences of one line."""
    return [found[0].strip() for found in SENTENCE.finditer(line) if found[0].strip()]
