"""Spans of secrets and personal data, by rules alone."""

from __future__ import annotations

from typing import Literal

from domain.privacy import identities, networks, secrets, strict
from domain.privacy.forms import FORM
from domain.privacy.placeholders import Span
from domain.privacy.redaction import settle

Preset = Literal["balanced", "strict"]
"""Balanced keeps what root-cause work needs: paths, ids, system accounts and names inside a cluster."""


def spans(text: str, preset: Preset = "balanced") -> tuple[Span, ...]:
    """Return what is sensitive, in order and without overlap.

    Text that reads as a placeholder is itself a value (LITERAL), so that nobody can forge one; it is no secret of its own.
    """
    forged = tuple(Span(start=form.start(), end=form.end(), kind="LITERAL") for form in FORM.finditer(text))
    hidden = (span for span in secrets.spans(text) if not FORM.fullmatch(text, span.start, span.end))
    more = strict.spans(text) if preset == "strict" else ()
    return settle((*forged, *hidden, *networks.spans(text), *identities.spans(text), *more))
