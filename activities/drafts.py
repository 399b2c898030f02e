"""What people see of a structured answer while it arrives: its summary as mere words, not its JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from domain.diagnosis.inert import inert
from domain.ports.models import TurnFeed

MOST = 8_192
"""Characters of an answer that are shown while it arrives: each piece is read again from the start."""
_ESCAPE = r"""\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"""
"""A whole escape, surrogate pairs together: half of one is not shown yet."""
_SUMMARY = re.compile(rf'"summary"\s*:\s*"((?:[^"\\]|{_ESCAPE})*)("?)')


class Nobody:
    """The feed of a call that no turn waits for."""

    async def publish(self, event: str, data: Mapping[str, str | int | float | bool | None]) -> None:
        """Show it to nobody."""


@dataclass(slots=True)
class SummaryFeed:
    """A feed that turns pieces of a JSON answer into pieces of its summary; everything else passes."""

    feed: TurnFeed
    _text: str = ""
    _shown: int = 0
    _done: bool = False

    async def publish(self, event: str, data: Mapping[str, str | int | float | bool | None]) -> None:
        """Show what the summary gained by this piece."""
        if event != "draft":
            await self.feed.publish(event, data)
        elif not self._done:
            await self._show(str(data.get("text", "")))

    async def _show(self, piece: str) -> None:
        self._text += piece
        self._done = len(self._text) > MOST
        found = _SUMMARY.search(self._text)
        if found is None:
            return
        self._done = self._done or bool(found[2])
        summary = inert(_whole_words(json.loads(f'"{found[1]}"', strict=False), over=self._done))
        news, self._shown = summary[self._shown :], len(summary)
        if news:
            await self.feed.publish("draft", {"text": news})


def _whole_words(text: str, *, over: bool) -> str:
    """Return the text to its last blank: what a word may become is known when it has ended."""
    return text if over else text[: max(text.rfind(" "), text.rfind("\n")) + 1]
