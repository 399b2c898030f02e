"""The text of a document that is none: a page, a picture, a word processor's file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the lines of an extract stand in the document, from `first` up to the next place."""

    first: int
    """Line of the extract."""
    label: str
    """For example "page 3, paragraph 2", "block 1"."""
    confidence: float = 1.0
    """0..1, of what read it."""
    hidden: bool = False
    """Not shown to a reader of the document, so anybody may have put it there."""
    guessed: bool = False
    """Read by a model alone: it is shown, and nothing is concluded from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """A picture drawn anew: what is seen, and nothing else that its file said (place, camera, earlier versions).

    It cannot be redacted, so it is no `SafeText`: it leaves for the one model that a setting names, or not at all.
    """

    media_type: Literal["image/png", "image/jpeg"]
    data: bytes
    width: int
    height: int

    @property
    def tokens(self) -> int:
        """What a model counts for it at most: a token for 750 pixels (Anthropic's page on vision; others count fewer)."""
        return self.width * self.height // 750 + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """Its lines are those that citations name; it is stored with the analysis."""

    text: str = ""
    places: tuple[Place, ...] = ()
    """Ascending."""
    by: str = ""
    """What read it."""
    notes: tuple[str, ...] = ()
    """What was left out and why."""
    share_read: float = 1.0
    taken: datetime | None = None
    """When a camera or a screen says that it took the picture."""

    def place(self, line: int) -> Place | None:
        """Return where a line stands."""
        return next((place for place in reversed(self.places) if place.first <= line), None)
