"""Text that speaks to whoever reads it, or that hides what it is: no machine says that of itself, so it proves nothing."""

from __future__ import annotations

import re
import unicodedata

_REMARKS = (
    # what the reader shall do, leave out or believe
    r"\b(?:(?:ignore|disregard|forget|skip)\b.{0,40}\b(?:previous|above|below|prior|all|earlier|everything|evidence|instructions?|files?|rules?|them)\b"
    r"|new instructions?\b|instructions?=|instructions? for (?:the )?(?:ai|assistant|model)|your task\b|next task\b"
    r"|you (?:are|must|should|will|have|were) (?:now|no longer|report|answer|run|call|treat|say|state|told|administrator"
    r"|not(?! (?:authori[sz]ed|allowed|permitted|entitled|eligible|subscribed|logged in))|reached(?! (?:your|the|an?)\b.{0,60}\b(?:limit|quota|maximum)))\b"
    r"|when you (?:summari[sz]e|analy[sz]e|read|report|answer|write)\b|your (?:answer|report|summary|analysis|reply|verdict|conclusion)\b"
    r"|(?:report that|tell the (?:user|operator)|answer (?:only|in)|in the report|output nothing but|to the title of the case|include the contents?)\b"
    r"|(?:say|state|answer|conclude|repeat) that (?:all|no|the|it|this|every)\b|(?:in|from) (?:the|your|every) (?:analysis|diagnosis|summary|timeline|report|investigation)\b"
    r"|do not (?:report|use|mention)|must not mention|stop (?:the|your) (?:analysis|investigation|diagnosis)|from (?:here|now) on\b"
    r"|treat (?:every|all|any|lines?|later|the following)\b.{0,40}\bas\b|(?:exclude|hide|omit|leave out) (?:it|this|them|the (?:following|next|above))\b|part of a drill"
    r"|every following line\b|this line alone|blame the\b|decode and (?:obey|follow|run)|mark (?:this|the|hypothesis)\b|close[_ ](?:this[_ ]|the[_ ])?case\b|i approve\b"
    # whom it speaks to, or who it says it is
    r"|(?:assistant|developer|human|analyst|reviewers?)\s*(?::\s|\]|>|=|message|model|action)|note to (?:ai|the)\b"
    r"|(?:attention|dear|hey),? (?:ai|llm|language model|assistant|model)\b|(?:ai|llm|language model|analysts?|analysis tools?) (?:must|should|shall)\b"
    r"|from the administrator|redaction is off|the user is (?:an administrator|allowed)|human: "
    # a planted remedy
    r"|(?:known fix|workaround|resolution|remedy|recommended by \w+):|(?:fix|solution confirmed|remediation|recommended action): ?(?:run|execute|downgrade|disable|drop|delete|chmod|pip|curl)\b"
    r"|(?:operators?|admins?|engineers?|users?) (?:must|should) (?:run|execute|install|delete|disable)|needs? no review|no review needed"
    r"|to restore service\b|(?:pip|npm|gem) install\b.{0,80}(?:index-url|registry)|(?:curl|wget)\b.{0,80}\|\s*(?:ba|z)?sh\b"
    # calls of tools, and forged parts of an answer
    r"|(?:tool|function)_?call\b|call tool\b|invoke:|(?:real )?root cause (?:is|was|confirmed)\b|real root cause\b|first error of the incident"
    r"|confidence\b.{0,10}(?:must|=|:)|evidence_id=|citation check|e\d{1,3}:l\d{1,6}\b|hypothes[ei]s\\{0,3}\"|rank=1\b|correct verdict\b|end of uploaded)"
)
_MARKS = (
    # of prompts and documents, and what a viewer would load or run
    r"|(?:^|[\"'>#|]\s*)system\s*(?::\s|\]|>|message)|<\|?/?(?:im_|system|assistant|evidence|conclusion|document>|end)|\[/?inst\]|<<sys>>|\[\d+\]\(|!\[|```tool"
    r"|\]\((?:https?:)?//|<(?:img|script|iframe|svg|object|embed)\b|<!--|=hyperlink\(|role\\{0,3}\": ?\\{0,3}\"(?:system|assistant)|action input:"
    "|\\\\x1b\\]8;|\x1b\\]8;"
)
ORDERS = re.compile(_REMARKS + _MARKS, re.IGNORECASE)
"""Text that addresses a reader instead of stating a fact: nothing that a machine logs about itself."""
DISGUISED = re.compile(
    r"[a-z][\u200b-\u200f\u2060-\u2064][a-z]|[\u202a-\u202e\u2066-\u2069]|[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z]",
    re.IGNORECASE,
)
"""A word with marks that take no room, a turned direction, or letters of two alphabets in it: meant to be read by people only."""
WRITTEN = re.compile(r"\\{1,4}u(?!d[89a-f])([0-9a-f]{4})", re.IGNORECASE)
"""A letter that JSON writes as its number, also in JSON that stands in a text of JSON; halves of a pair stay as they are."""


def visible(text: str) -> str:
    """Return a text as it looks to people: letters in their plain form, without marks that take no room."""
    plain = unicodedata.normalize("NFKC", spelled(text))
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")


def spelled(text: str) -> str:
    """Return a text with the letters that JSON writes as numbers."""
    return WRITTEN.sub(lambda found: chr(int(found[1], 16)), text)


def is_plain(text: str) -> bool:
    """Tell whether a text looks as it is: nothing in it can be disguised."""
    return text.isascii() and "\\u" not in text


def is_disguised(text: str) -> bool:
    """Tell whether words are written so that a search does not find them."""
    return not is_plain(text) and DISGUISED.search(spelled(text)) is not None
