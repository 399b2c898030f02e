"""Safe text back to originals, for its owner's eyes only: the last step before they are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.privacy.forms import FORM, placeholder
from domain.privacy.placeholders import Placeholder


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Return each placeholder of the text once, in order of appearance."""
    return tuple(dict.fromkeys(placeholder(form) for form in FORM.finditer(text)))


def restore(text: str, originals: Mapping[Placeholder, str]) -> str:
    """Replace placeholders in one pass; one that is not among the originals prints as `[KIND]`.

    Values go in as text: who writes JSON or HTML escapes afterwards. A restored value is never looked at again, so a value that reads like a placeholder stays as it is.
    """

    def shown(form: re.Match[str]) -> str:
        found = placeholder(form)
        return originals.get(found, f"[{found.kind}]")

    return FORM.sub(shown, text)
