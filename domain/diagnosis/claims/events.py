"""Words of a clause: what happened, which needs evidence of its own, and connecting English, which needs none."""

from __future__ import annotations

import re

from domain.diagnosis.claims.parts import NEGATION, Clause

EVENTS = {
    "crash": "crash", "fail": "fail|error|unable|lost|unknown|crash|not ?ready", "error": "error|exception|fatal", "restart": "restart", "kill": "kill|oom",
    "terminat": "terminat|exit|kill|sigterm", "complet": "complet|finish|succe", "success": "succe|true", "start": "start",
    "block": "block|lock", "reject": "reject|refus|denied", "refus": "refus", "timeout": "time.?out|timed out", "unavailab": "unavailab",
    "evict": "evict", "leak": "leak", "exhaust": "exhaust|too many|limit", "saturat": "saturat", "deadlock": "deadlock", "recover": "recover|resolv",
    "resolv": "resolv|recover", "exceed": "exceed|above|over", "los": "lost|lose|losing|loss", "lost": "lost|lose|loss", "delet": "delet", "scal": "scal",
    "roll": "roll", "deploy": "deploy", "warn": "warn", "crossed": "exceed|above|over|cross", "shutdown": "shut", "unhealthy": "unhealthy|not ?ready", "outage": "outage|down",
    "fatal": "fatal", "corrupt": "corrupt", "throttl": "throttl", "trigger": "trigger",
    "drain": "drain", "reach": "reach", "expir": "expir", "connect": "connect", "disconnect": "disconnect|lost", "retr": "retr", "stall": "stall", "schedul": "schedul|assign",
    "alerting": "alerting|firing|state alert", "firing": "alerting|firing|state alert",
}  # fmt: skip
"""Beginnings of words for what happened, and what evidence writes for them: such a word never counts as mere English."""
PLAIN = frozenset([
    "the",
    "and",
    "for",
    "that",
    "this",
    "these",
    "those",
    "with",
    "without",
    "from",
    "into",
    "onto",
    "was",
    "were",
    "has",
    "have",
    "had",
    "are",
    "its",
    "their",
    "not",
    "but",
    "than",
    "then",
    "there",
    "here",
    "while",
    "which",
    "who",
    "whose",
    "about",
    "over",
    "under",
    "during",
    "between",
    "across",
    "within",
    "after",
    "before",
    "until",
    "since",
    "through",
    "shows",
    "show",
    "shown",
    "showing",
    "reports",
    "reported",
    "report",
    "confirm",
    "confirms",
    "state",
    "states",
    "stated",
    "says",
    "say",
    "said",
    "see",
    "same",
    "own",
    "per",
    "all",
    "any",
    "each",
    "both",
    "only",
    "other",
    "another",
    "one",
    "two",
    "now",
    "still",
    "also",
    "just",
    "currently",
    "being",
    "been",
    "does",
    "did",
    "including",
    "include",
    "includes",
    "pod",
    "pods",
    "node",
    "nodes",
    "log",
    "logs",
    "line",
    "lines",
    "event",
    "events",
    "source",
    "file",
    "evidence",
    "value",
    "values",
    "metric",
    "metrics",
    "full",
    "window",
    "time",
    "times",
    "new",
    "old",
    "older",
    "none",
])


def is_event(name: str) -> bool:
    """Tell whether a word that looks like a name tells what happened."""
    return re.fullmatch(r"[A-Z][a-z]+", name) is not None and any(name.lower().startswith(stem) for stem in EVENTS)


def event_words(clause: Clause) -> tuple[str, ...]:
    """Return what evidence may write for the words of a clause that tell what happened."""
    return tuple(
        told for word in (*clause.words, *capital_events(clause)) for stem, told in EVENTS.items() if word.startswith(stem)
    )


def capital_events(clause: Clause) -> tuple[str, ...]:
    """Return the words of events that are written like names."""
    return tuple(name.lower() for name in clause.own if is_event(name))


def tells(told: str, text: str) -> bool:
    """Tell whether the evidence writes such a word, and not in the negative."""
    for found in re.finditer(rf"(?:{told})", text, re.IGNORECASE):
        before = text[max(0, found.start() - 24) : found.start()].rsplit("\n", maxsplit=1)[-1]
        if not NEGATION.search(before):
            return True
    return False


def content(clause: Clause) -> list[str]:
    """Return the words of content of a clause."""
    return [word for word in clause.words if word not in PLAIN and len(word) > 3]


def share(clause: Clause, text: str) -> float:
    """Return which part of a clause's words of content stand in a text."""
    words = content(clause)
    told = [EVENTS[stem] for word in words for stem in EVENTS if word.startswith(stem)]
    held = [word for word in words if re.search(re.escape(word[:6].rstrip("s")), text, re.IGNORECASE)]
    meant = [word for word in told if tells(word, text)]
    return min(1.0, max(len(held), len(meant)) / len(words)) if words else 0.0
