"""How a text reads while something is pending: the classes of investigation 2.2, first match wins."""

from __future__ import annotations

import unicodedata

from domain.case.outcome import ReplyClass
from domain.case.texts import normal, words

YES_WORDS = "yes y yep yeah yup ok okay sure correct right exactly confirm confirmed agreed proceed lgtm"
YES = (*YES_WORDS.split(), "go ahead", "do it", "please do", "that is right", "thats right", "looks good")
NO_WORDS = "no n nope nah cancel stop dont"
NO = ("do not", "not yet", "no thanks", "never mind", *NO_WORDS.split())
POLITE = ("please", "thanks", "thank you")
VERBS = {
    "resolved": ("resolve it", "resolve"),
    "closed": ("close it", "close"),
    "investigating": ("start it", "start", "investigate it", "investigate"),
}
SIGNS = {"👍": " yes ", "✅": " yes ", "✔": " yes ", "👌": " ok ", "👎": " no ", "❌": " no ", "✖": " no "}
SHORT = 5
"""A text of so many words that is neither yes nor no is ambiguous."""

GREETING_WORDS = words(
    "hi hello hey hiya morning evening afternoon good thanks thank you thx cheers bye goodbye great cool nice perfect awesome "
    "ok okay lol welcome much so very many again there team all everyone"
)
STATUS_QUESTIONS = (
    "status",
    "any update",
    "any updates",
    "any news",
    "where are we",
    "where do we stand",
    "what is the status",
    "whats the status",
    "what do we know so far",
    "what do you know so far",
    "summary so far",
    "current status",
    "progress",
    "how is it going",
    "recap",
)
STATUS_WORDS = 8
"""A longer text asks for more than where we are."""


def classify(text: str, has_attachment: bool, target: str) -> ReplyClass:
    """Return the class of a text; `target` is the pending state, empty when nothing is pending."""
    said = normal(_signs_as_words(text))
    if has_attachment:
        return ReplyClass.SUBSTANTIVE
    if "?" in unicodedata.normalize("NFKC", text):
        return ReplyClass.QUESTION
    if not said:
        return ReplyClass.AMBIGUOUS if text.strip() else ReplyClass.EMPTY
    return _decided(said, target) or _undecided(said)


def is_greeting(text: str) -> bool:
    """Tell whether a text is nothing but courtesy."""
    return bool(normal(text)) and GREETING_WORDS.issuperset(normal(text).split())


def is_status_question(text: str) -> bool:
    """Tell whether a short text asks where the case stands."""
    said = normal(text)
    if len(said.split()) > STATUS_WORDS:
        return False
    exact = {"status", "progress", "recap"}
    return said in exact or any(said.startswith(phrase) for phrase in STATUS_QUESTIONS if phrase not in exact)


def _decided(said: str, target: str) -> ReplyClass | None:
    endings = (*POLITE, *VERBS.get(target, ()))
    if _without_endings(said, endings) in YES:
        return ReplyClass.YES
    if _without_endings(said, POLITE) in NO:
        return ReplyClass.NO
    if any(said.startswith(f"{word} ") for word in NO):
        return ReplyClass.NO_WITH_CONTENT
    return None


def _undecided(said: str) -> ReplyClass:
    return ReplyClass.AMBIGUOUS if len(said.split()) <= SHORT else ReplyClass.SUBSTANTIVE


def _without_endings(said: str, endings: tuple[str, ...]) -> str:
    """Cut courtesies and the target's verb off the end, one after the other, but never the whole text."""
    while True:
        shorter = next((said.removesuffix(f" {ending}") for ending in endings if said.endswith(f" {ending}")), said)
        if shorter == said or said in YES:
            return said
        said = shorter


def _signs_as_words(text: str) -> str:
    for sign, word in SIGNS.items():
        text = text.replace(sign, word)
    return text
