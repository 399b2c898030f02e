"""What a finding says, in a form that code can evaluate again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteCheck:
    """The text stands in the cited line."""

    text: str
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCheck:
    """A key occurs at least `minimum` times."""

    key: str
    minimum: int
    kind: Literal["count"] = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualsCheck:
    """A field of an observed object has this value."""

    object: str
    field: str
    value: str
    kind: Literal["equals"] = "equals"


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentCheck:
    """No object of this kind and name was observed, and its list was covered."""

    object_kind: str
    name: str
    kind: Literal["absent"] = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftCheck:
    """A number moved from `before` to `after`."""

    subject: str
    before: float
    after: float
    kind: Literal["shift"] = "shift"


Check = QuoteCheck | CountCheck | EqualsCheck | AbsentCheck | ShiftCheck
