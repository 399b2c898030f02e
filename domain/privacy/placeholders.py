"""What stands in the place of a sensitive value: `<KIND_N>` or `<KIND_N@group>`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

SafeText = NewType("SafeText", str)
"""Text that went through redaction; ports that let text out accept nothing else. Only redaction makes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """A numbered stand-in, stable within a case."""

    kind: str
    """`[A-Z]{2,10}` from a closed list."""
    number: int
    group: str = ""

    def __str__(self) -> str:
        """Return the form that stands in safe text."""
        return f"<{self.kind}_{self.number}{'@' + self.group if self.group else ''}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A sensitive value at `text[start:end]`."""

    start: int
    end: int
    kind: str
