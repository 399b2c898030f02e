"""What a message asks for and tells, read by rules from its safe text; unknown languages read as plain text."""

from __future__ import annotations

from datetime import datetime

from domain.case import asking, phrases, replies, telling
from domain.case.outcome import MessageReading, ReplyClass
from domain.case.state import Pending
from domain.case.texts import STATEMENT_BYTES, cut

READ_CHARACTERS = 20_000
"""Rules read the head of a long message; the rest is evidence and is analysed as such."""


def read_message(text: str, has_attachment: bool, pending: Pending | None, now: datetime) -> MessageReading:
    """Return everything that rules take from a message; `has_attachment` counts files and pastes of the turn."""
    head = text[:READ_CHARACTERS]
    reply = replies.classify(head, has_attachment, pending.target if pending else "")
    if not head.strip():
        return MessageReading(reply=reply)
    return _with_claims(head, reply, now)


def _with_claims(text: str, reply: ReplyClass, now: datetime) -> MessageReading:
    sentences = telling.sentences(text)
    told = tuple(each for each in sentences if "?" not in each)
    trouble = phrases.still_troubled(told)
    urgency, explicit = phrases.urgency(trouble)
    quotes = telling.quotes(told)
    statement = telling.statement(sentences)
    smalltalk = replies.is_greeting(text) or replies.is_status_question(text)
    return MessageReading(
        reply=reply,
        is_question="?" in text or telling.asks(text),
        is_status_question=replies.is_status_question(text),
        is_greeting=replies.is_greeting(text),
        has_referent=telling.has_referent(text),
        statement=cut(statement, STATEMENT_BYTES),
        quotes=tuple(draft for draft, _ in quotes),
        quote_texts=tuple(quote for _, quote in quotes),
        denies_changes=phrases.denies_changes(told),
        reports_applied=cut(phrases.applied(told), STATEMENT_BYTES),
        reports_recurrence=phrases.reports_recurrence(told),
        applied_in_vain=phrases.in_vain(told),
        not_as_described=phrases.not_as_described(told),
        reports_recovery=phrases.reports_recovery(told),
        cannot_provide=phrases.cannot_provide(told),
        asks_for_human=phrases.asks_for_human(text),
        breach=phrases.breach(told),
        data_loss=phrases.data_loss(told),
        urgency_word=urgency,
        urgency_explicit=explicit,
        temporal_word=phrases.temporal(trouble),
        problem_type=phrases.problem_type(trouble),
        limitation=phrases.limitation(told),
        substance=0 if smalltalk else len(" ".join(text.split())),
        title_words=telling.title_words(statement),
        services=telling.services(sentences),
        share=telling.share(told),
        users=telling.users(told),
        places=telling.places(sentences),
        onset=telling.onset(trouble, now),
        asked=asking.asked(text),
    )
