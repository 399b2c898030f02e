"""Which parts of an investigation a message asks about, so that a follow-up answers that first (rule B1)."""

from __future__ import annotations

import re

PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("checks", re.compile(r"\b(?:check|verify|confirm|test|look (?:at|for|into)|inspect|next steps?|what next|investigate)\b", re.IGNORECASE)),
    ("actions", re.compile(r"\b(?:fix|mitigat\w+|solve|resolve|repair|stop it|roll ?back|restart|work-?around|(?:should|can|do) (?:i|we) do|to do)\b", re.IGNORECASE)),
    ("onset", re.compile(r"\b(?:since when|when did|when was|how long|start(?:ed)?|began|begin)\b", re.IGNORECASE)),
    ("scope", re.compile(r"\b(?:affected|impact(?:ed)?|blast radius|which (?:services?|users?|regions?)|who (?:is|are)|how many)\b", re.IGNORECASE)),
    ("changes", re.compile(r"\b(?:what|which|anything|something|recent(?:ly)?|last)\b.{0,40}\b(?:changed?|changes|deploy(?:s|ed|ments?)?|releases?d?|rolled out)\b", re.IGNORECASE)),
    ("causes", re.compile(r"\b(?:why|caused?|causes|reason|root cause|what is wrong|what'?s wrong|what happened|explain)\b", re.IGNORECASE)),
)  # fmt: skip
"""Part → the words that name it, in the order in which an answer shows them."""


def asked(text: str) -> tuple[str, ...]:
    """Return the parts that a question names: checks, actions, onset, scope, changes, causes; empty for a statement."""
    questions = [
        sentence for sentence in re.split(r"(?<=[.!?\n])\s+", text[:4_000]) if "?" in sentence or _STARTS.match(sentence)
    ]
    return tuple(part for part, words in PARTS if any(words.search(sentence) for sentence in questions))


_STARTS = re.compile(
    r"\s*(?:what|why|how|when|where|which|who|is|are|can|could|should|do|does|did|tell|show|explain)\b", re.IGNORECASE
)
