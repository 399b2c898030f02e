"""Every expected failure.

FaultMavenError
├── bad input (never retried)
│   ├── InvalidInput          422  a field is wrong
│   ├── MalformedRequest      400  the body or an id cannot be read
│   ├── PayloadTooLarge       413  a stated limit is passed
│   ├── UnsupportedMedia      415  bytes of a kind that cannot be evidence
│   ├── EvidenceUnreadable    422  the stored bytes cannot be analysed
│   └── KeyReused             409  the Idempotency-Key names another body
├── facts about a case (never retried)
│   ├── NotFound              404  missing or invisible
│   ├── NotAllowed            403  readable, but not to be changed
│   ├── CaseEnded             409  resolved or closed cases take no more evidence (no label on turns)
│   ├── CaseTerminal          409  the same outside of turns
│   ├── UsernameTaken         409
│   ├── UnknownTurn           404  the case does not know this turn
│   ├── TurnRefused           503  the sender was told that nothing was stored
│   └── QueueFull             429  20 turns wait already
├── people (never retried)
│   ├── TokenInvalid          401
│   ├── SessionExpired        401
│   └── RateLimited           429
├── models
│   ├── ModelRefused          never retried: authentication, context length, content policy, bad answer
│   │   └── ToolsRefused      the provider takes no tools: it is asked without them
│   ├── ModelBusy             retried after `retry_after`
│   ├── ModelUnreachable      retried
│   ├── OutsideRefused        never retried: a tool of another server is gone, or is not what it was
│   ├── OutsideUnreachable    retried: that server does not answer
│   ├── LeakPrevented         never retried: a prompt still held something sensitive
│   └── BudgetExhausted       never retried
└── weather (retried)
    ├── StoreUnavailable      503
    ├── StorageFull           503
    └── RedactionUnavailable  503

A message names the thing and the remedy, and never holds what a user wrote: it ends up in logs and histories.
"""

from __future__ import annotations

from typing import ClassVar, Literal

Layer = Literal["api", "workflow", "activity", "adapter"]
Recovery = Literal["retry", "fallback", "wait", "refuse", "ask_user", "page"]


class FaultMavenError(Exception):
    """An expected failure; its class says what it means and what may be done."""

    code: ClassVar[str | None] = "INTERNAL"
    status: ClassVar[int] = 500
    layer: ClassVar[Layer] = "api"
    component: ClassVar[str] = "case"
    retryable: ClassVar[bool] = False
    recovery: ClassVar[Recovery] = "ask_user"
    retry_after: int | None = None
    """Seconds after which sending again makes sense, where that is known."""


class InvalidInput(FaultMavenError):
    """A field is wrong; the message names it and what is allowed."""

    code, status = "VALIDATION", 422


class MalformedRequest(FaultMavenError):
    """The request cannot be read at all."""

    code, status = "BAD_ID", 400

    def __init__(self, message: str, code: str = "BAD_ID") -> None:
        """Keep the label that clients see."""
        super().__init__(message)
        self.label = code


class PayloadTooLarge(FaultMavenError):
    """A stated limit is passed."""

    code, status = "PAYLOAD_TOO_LARGE", 413


class UnsupportedMedia(FaultMavenError):
    """Bytes of a kind that cannot be evidence."""

    code, status = "UNSUPPORTED_MEDIA", 415


class EvidenceUnreadable(FaultMavenError):
    """The stored bytes cannot be analysed."""

    code, status, layer, component = "EVIDENCE_UNREADABLE", 422, "activity", "evidence"


class KeyReused(FaultMavenError):
    """The Idempotency-Key was used with another body."""

    code, status = "IDEMPOTENCY_KEY_REUSE", 409


class NotFound(FaultMavenError):
    """Missing, or invisible to this person: the two look alike."""

    code, status = "NOT_FOUND", 404


class NotAllowed(FaultMavenError):
    """Readable for this person, not to be changed."""

    code, status = "FORBIDDEN", 403


class CaseEnded(FaultMavenError):
    """A resolved or closed case takes no evidence, transition or action on a turn; sent without a label."""

    code, status = None, 409

    def __init__(self, case_state: str) -> None:
        """Keep the state, which the body names."""
        super().__init__(f"this case is {case_state}: it answers questions and takes no new evidence or actions")
        self.case_state = case_state


class CaseTerminal(FaultMavenError):
    """A resolved or closed case cannot be changed by this route."""

    code, status = "CASE_TERMINAL", 409


class UsernameTaken(FaultMavenError):
    """Another account has this name."""

    code, status = "USERNAME_TAKEN", 409


class UnknownTurn(FaultMavenError):
    """The case does not know this turn."""

    code, status, layer = "NOT_FOUND", 404, "workflow"


class TurnRefused(FaultMavenError):
    """The sender was told that nothing was stored; the turn is dropped and its key is free again."""

    code, status, layer, recovery = "TURN_REFUSED", 503, "activity", "refuse"


class QueueFull(FaultMavenError):
    """As many turns wait in this case as it takes."""

    code, status, recovery = "CASE_QUEUE_FULL", 429, "refuse"

    def __init__(self, waiting: int) -> None:
        """Derive the wait from the queue's length."""
        super().__init__(f"{waiting} messages of this case wait for an answer; send the next when one is answered")
        self.retry_after = max(5, min(60, 3 * waiting))


class TokenInvalid(FaultMavenError):
    """The token is missing, expired, revoked or not ours; no reason is given."""

    code, status, component = "TOKEN_INVALID", 401, "people"


class SessionExpired(FaultMavenError):
    """The client session is unknown, over or another person's."""

    code, status, component = "SESSION_EXPIRED", 401, "people"

    def __init__(self) -> None:
        """Say exactly what clients look for."""
        super().__init__("Session expired")


class RateLimited(FaultMavenError):
    """Too many requests; `retry_after` says when the next may come."""

    code, status, recovery = "RATE_LIMITED", 429, "refuse"

    def __init__(self, message: str, retry_after: int, code: str = "RATE_LIMITED") -> None:
        """Keep the wait and the label."""
        super().__init__(message)
        self.retry_after = retry_after
        self.label = code


class ModelRefused(FaultMavenError):
    """The provider will not answer this request, however often it is sent."""

    code, status, layer, component, recovery = "MODEL_REFUSED", 502, "adapter", "models", "fallback"


class ToolsRefused(ModelRefused):
    """The provider refuses a request that offers tools; without them it may answer."""


class ModelBusy(FaultMavenError):
    """The provider asks for patience; `retry_after` holds its wish in seconds, if it named one."""

    code, status, layer, component = "MODEL_BUSY", 503, "adapter", "models"
    retryable, recovery = True, "retry"

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        """Keep the wait that the provider asked for."""
        super().__init__(message)
        self.retry_after = retry_after


class ModelUnreachable(FaultMavenError):
    """No whole answer arrived: refused, cut, silent or broken in between."""

    code, status, layer, component = "MODEL_UNREACHABLE", 503, "adapter", "models"
    retryable, recovery = True, "retry"


class OutsideRefused(FaultMavenError):
    """A tool of another server is not to be had: gone, changed, or refused to us."""

    code, status, layer, component, recovery = "OUTSIDE_REFUSED", 502, "adapter", "tools", "fallback"


class OutsideUnreachable(FaultMavenError):
    """Another server does not answer, or not in time, or not whole."""

    code, status, layer, component = "OUTSIDE_UNREACHABLE", 503, "adapter", "tools"
    retryable, recovery = True, "retry"


class LeakPrevented(FaultMavenError):
    """Something sensitive stood in what was about to leave; nothing was sent."""

    code, status, layer, component, recovery = "LEAK_PREVENTED", 500, "activity", "redaction", "page"


class BudgetExhausted(FaultMavenError):
    """The tokens of this turn, case or team are spent."""

    code, status, layer, component, recovery = "BUDGET_EXHAUSTED", 503, "activity", "models", "fallback"


class StoreUnavailable(FaultMavenError):
    """A store did not answer in time; nothing was kept, sending again is safe."""

    code, status, layer, component = "STORE_UNAVAILABLE", 503, "adapter", "stores"
    retryable, recovery, retry_after = True, "retry", 5


class StorageFull(FaultMavenError):
    """A store has no room; nothing was kept."""

    code, status, layer, component = "STORAGE_FULL", 503, "adapter", "stores"
    retryable, recovery, retry_after = True, "page", 5


class RedactionUnavailable(FaultMavenError):
    """Redaction did not finish; nothing of the text may go out."""

    code, status, layer, component = "REDACTION_UNAVAILABLE", 503, "adapter", "redaction"
    retryable, recovery = True, "retry"
