"""Safe text back to originals, for its owner's eyes only: the last step before they are shown."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from domain.privacy.forms import FORM, placeholder, split
from domain.privacy.placeholders import Placeholder

Medium = Literal["text", "json"]
"""Where the text will stand; a value inserted into JSON is escaped for a JSON string."""


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Return each placeholder of the text once, in order of appearance."""
    return tuple(dict.fromkeys(placeholder(form) for form in FORM.finditer(text)))


def restore(text: str, originals: Mapping[Placeholder, str], medium: Medium = "text") -> str:
    """Replace placeholders in one pass; one that is not among the originals prints as `[KIND]`.

    A restored value is never looked at again, so a value that reads like a placeholder stays as it is.
    """

    def shown(form: re.Match[str]) -> str:
        found = placeholder(form)
        value = originals.get(found)
        if value is None:
            return f"[{found.kind}]"
        return json.dumps(value)[1:-1] if medium == "json" else value

    return FORM.sub(shown, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restorer:
    """Restores a text that arrives in pieces: the joined output equals the restored whole, however it is cut."""

    originals: Mapping[Placeholder, str]
    held: str = ""

    def feed(self, piece: str) -> tuple[Restorer, str]:
        """Return the next state and what may be shown now."""
        ready, held = split(self.held + piece)
        return replace(self, held=held), restore(ready, self.originals)

    def finish(self) -> str:
        """Return the restored rest."""
        return restore(self.held, self.originals)
