"""Request bodies that are not domain values; every optional field takes null and absence alike, unknown fields are ignored."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from domain.case.turns import Intent, IntentType
from domain.errors import InvalidInput

TRANSITIONS = frozenset({"from_state", "to_state", "pending_id"})
INTENT_FIELDS: dict[IntentType, frozenset[str]] = {
    IntentType.STATUS_TRANSITION: TRANSITIONS,
    IntentType.CONFIRMATION: frozenset({"confirmation_value", "pending_id"}),
    IntentType.HYPOTHESIS_ACTION: frozenset({"hypothesis_id", "action", "reason"}),
    IntentType.FILE_RECLASSIFICATION: frozenset({"file_id", "data_type"}),
    IntentType.SOLUTION_ACTION: frozenset({"solution_id", "action"}),
}
REQUIRED: dict[IntentType, tuple[str, ...]] = {
    IntentType.STATUS_TRANSITION: ("to_state",),
    IntentType.CONFIRMATION: ("confirmation_value",),
    IntentType.HYPOTHESIS_ACTION: ("hypothesis_id", "action"),
    IntentType.FILE_RECLASSIFICATION: ("file_id", "data_type"),
    IntentType.SOLUTION_ACTION: ("solution_id", "action"),
}
WORDS: dict[tuple[IntentType, str], frozenset[str]] = {
    (IntentType.STATUS_TRANSITION, "to_state"): frozenset({"inquiry", "investigating", "resolved", "closed"}),
    (IntentType.CONFIRMATION, "confirmation_value"): frozenset({"true", "false"}),
    (IntentType.HYPOTHESIS_ACTION, "action"): frozenset({"validate", "refute", "retire"}),
    (IntentType.SOLUTION_ACTION, "action"): frozenset({"accept", "reject", "applied", "failed", "verified"}),
}
INTENT_BYTES = 16 << 10


class Body(BaseModel):
    """What all bodies share."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class Login(Body):
    """A name or e-mail address with its password."""

    username: Annotated[str, Field(min_length=3, max_length=254, examples=["ada"])]
    password: Annotated[str, Field(min_length=1, max_length=128)]


class DevLogin(Body):
    """A name alone, where the deployment allows it."""

    username: Annotated[str, Field(min_length=3, max_length=254, examples=["ada"])]
    password: str | None = None


class Registration(Body):
    """A new account."""

    username: Annotated[str, Field(min_length=3, max_length=50, pattern=r"^[A-Za-z0-9._@-]+$", examples=["ada"])]
    password: Annotated[str, Field(min_length=12, max_length=128)]
    email: Annotated[str | None, Field(max_length=254)] = None
    display_name: Annotated[str | None, Field(max_length=100)] = None


class Refresh(Body):
    """A refresh token to trade."""

    refresh_token: Annotated[str, Field(min_length=1, max_length=4096)]


class NewSession(Body):
    """What a client asks of its session."""

    client_id: Annotated[str | None, Field(min_length=1, max_length=255)] = None
    session_type: Annotated[str | None, Field(max_length=50)] = None
    timeout_minutes: Annotated[int | None, Field(ge=60, le=480)] = None
    metadata: dict[str, Any] | None = None

    @field_validator("metadata")
    @classmethod
    def bounded(cls, value: dict[str, Any] | None) -> dict[str, Any] | None:
        """Refuse more than 4 KiB."""
        if value is not None and len(json.dumps(value).encode()) > 4096:
            raise ValueError("at most 4 KiB")
        return value


class NewCase(Body):
    """A case to open."""

    title: Annotated[str | None, Field(max_length=200, examples=["Checkout fails since 14:00"])] = None
    description: Annotated[str | None, Field(max_length=2000)] = None
    initial_message: Annotated[str | None, Field(max_length=4000)] = None
    session_id: Annotated[str | None, Field(max_length=64)] = None
    priority: str | None = None
    metadata: dict[str, Any] | None = None

    @field_validator("priority")
    @classmethod
    def known(cls, value: str | None) -> str | None:
        """Refuse words that no client shows."""
        if value not in {None, "", "critical", "high", "medium", "low"}:
            raise ValueError("one of critical, high, medium, low")
        return value or None


class CaseChange(Body):
    """What the owner may change by hand; states change by turns."""

    title: Annotated[str | None, Field(min_length=1, max_length=200)] = None
    description: Annotated[str | None, Field(max_length=2000)] = None
    state: str | None = None


class NewFork(Body):
    """Where a fork leaves its origin, and what it does without or otherwise."""

    at_turn: Annotated[int | None, Field(ge=1)] = None
    without: Annotated[list[Annotated[str, Field(max_length=64)]] | None, Field(max_length=1_000)] = None
    model: Annotated[str | None, Field(max_length=200, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/@-]*$", examples=["anthropic"])] = None
    title: Annotated[str | None, Field(max_length=200)] = None


class NewDocument(Body):
    """A document for the knowledge; without a title its first heading or its file's name stands."""

    content: Annotated[str, Field(min_length=1)]
    title: Annotated[str | None, Field(max_length=200)] = None
    filename: Annotated[str | None, Field(max_length=255)] = None
    scope: Literal["personal", "team"] = "personal"
    document_type: Annotated[str | None, Field(max_length=50)] = None
    category: Annotated[str | None, Field(max_length=100)] = None
    description: Annotated[str | None, Field(max_length=2000)] = None
    source_url: Annotated[str | None, Field(max_length=2048, pattern=r"^https?://")] = None
    tags: Annotated[list[Annotated[str, Field(max_length=50)]] | None, Field(max_length=50)] = None


class TitleWish(Body):
    """How a title should be made."""

    max_words: Annotated[int | None, Field(ge=3, le=12)] = None
    hint: Annotated[str | None, Field(max_length=200)] = None
    force: bool | None = None


def read_intent(intent_type: str | None, data: str | None) -> Intent:
    """Return the intent with its known keys as text; `InvalidInput` names what is missing or unknown."""
    kind = IntentType(intent_type or "conversation")
    if kind is IntentType.UNKNOWN:
        raise InvalidInput(f"intent_type: unknown; one of {', '.join(k for k in IntentType if k is not IntentType.UNKNOWN)}")
    if kind is IntentType.CONVERSATION:
        return Intent()
    given = _object(data)
    kept = {name: _text(given[name]) for name in sorted(INTENT_FIELDS[kind]) if given.get(name) is not None}
    for name in REQUIRED[kind]:
        if not kept.get(name):
            raise InvalidInput(f"intent_data.{name}: missing; {kind} needs it")
    for name, text in kept.items():
        allowed = WORDS.get((kind, name))
        if allowed and text not in allowed:
            raise InvalidInput(f"intent_data.{name}: one of {', '.join(sorted(allowed))}")
    return Intent(type=kind, data=kept)


def _object(data: str | None) -> dict[str, Any]:
    if data is not None and len(data.encode()) > INTENT_BYTES:
        raise InvalidInput("intent_data: at most 16 KiB")
    try:
        given = json.loads(data or "{}")
    except ValueError:
        raise InvalidInput("intent_data: a JSON object as text is needed") from None
    if not isinstance(given, dict):
        raise InvalidInput("intent_data: a JSON object as text is needed")
    return given


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:200]
