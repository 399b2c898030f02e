"""What a tool brought, as it is kept between the steps of a turn: all of it safe."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from domain.evidence.values import DigestLine
from domain.ports.models import ToolUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A call with its result; the lines of it may be cited by claims."""

    use: ToolUse
    lines: tuple[DigestLine, ...] = ()
    done: bool = False
    """False where nothing could be looked up."""


USED = TypeAdapter(Used)
