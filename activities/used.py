"""What a tool brought, as it is kept between the steps of a turn: all of it safe."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from domain.evidence.values import DigestLine
from domain.ports.models import ToolUse
from domain.privacy.placeholders import SafeText


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A call with its result; the lines of it may be cited by claims."""

    use: ToolUse
    lines: tuple[DigestLine, ...] = ()
    sources: tuple[SafeText, ...] = ()
    """Where another server has it from, for people; nothing of it is evidence."""
    done: bool = False
    """False where nothing could be looked up."""


class Misused(Exception):
    """A call that cannot be carried out; the message tells the model why."""


USED = TypeAdapter(Used)
