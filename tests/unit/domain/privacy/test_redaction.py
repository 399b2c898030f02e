"""Text to safe text: nothing planted survives, and only what is sensitive changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.privacy.detectors import spans
from domain.privacy.forms import DROPPED
from domain.privacy.grouping import normalised
from domain.privacy.placeholders import Placeholder, SafeText, Span
from domain.privacy.redaction import recurs, redact, settle, values, with_known, words
from domain.privacy.restoring import restore
from tests.planted import Planted, planted


def made_safe(text: str) -> tuple[SafeText, dict[Placeholder, str]]:
    """Redact with numbers in order of appearance; return the safe text and what may be restored."""
    found = spans(text)
    numbering: dict[tuple[str, str], Placeholder] = {}
    originals: dict[Placeholder, str] = {}
    for kind, value in values(text, found):
        key = (kind, normalised(kind, value))
        if key not in numbering:
            numbering[key] = Placeholder(kind=kind, number=sum(known == kind for known, _ in numbering) + 1)
            originals[numbering[key]] = value
    return redact(text, found, numbering), {each: value for each, value in originals.items() if each.kind not in DROPPED}


EVERY = list(planted(5, 200))


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.text.replace(each.value, "{}")[:40])
def test_no_planted_value_survives(each: Planted) -> None:
    safe, _ = made_safe(each.text)
    assert each.value not in safe
    assert f"<{each.kind}_" in safe


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([each for each in EVERY if each.kind != "SECRET"]), max_size=6), st.sampled_from(("\n", " | ", " "))
)
def test_redact_then_restore_is_identity_for_kinds_that_are_kept(parts: list[Planted], joint: str) -> None:
    text = joint.join(part.text for part in parts)
    safe, originals = made_safe(text)
    assert restore(safe, originals) == text


@given(st.text(alphabet="<>&lgt;_@ABEMILP0123456789net\\u003ce ", max_size=120))
def test_text_that_plays_placeholder_comes_back_as_it_was(text: str) -> None:
    safe, originals = made_safe(text)
    if not any(span.kind in DROPPED for span in spans(text)):
        assert restore(safe, originals) == text


@settings(max_examples=40)
@given(st.lists(st.sampled_from(EVERY), max_size=5))
def test_safe_text_holds_nothing_but_placeholders(parts: list[Planted]) -> None:
    safe, _ = made_safe("\n".join(part.text for part in parts))
    assert {span.kind for span in spans(safe)} <= {"LITERAL"}


def test_secrets_are_joined_and_win_over_everything_else() -> None:
    spans = [Span(start=s, end=e, kind=k) for s, e, k in ((0, 5, "SECRET"), (3, 9, "SECRET"), (8, 12, "EMAIL"), (20, 25, "IP"))]
    assert [(span.start, span.end, span.kind) for span in settle(spans)] == [(0, 9, "SECRET"), (20, 25, "IP")]


def test_of_two_that_overlap_the_longer_stays() -> None:
    spans = (Span(start=4, end=8, kind="HOST"), Span(start=0, end=8, kind="EMAIL"), Span(start=8, end=9, kind="IP"))
    assert [(span.start, span.kind) for span in settle(spans)] == [(0, "EMAIL"), (8, "IP")]


@pytest.mark.parametrize("secret", ["postgres", "changeme", "Password", "12345", "abcd", "a1"])
def test_a_plain_word_does_not_recur(secret: str) -> None:
    assert not recurs(secret)


def test_words_hold_a_secret_however_it_is_joined() -> None:
    secret = "Kx7" + "tree!91q"
    for text in (secret, f"url=/a/{secret}?x=1", f'"{secret}",', f"try {secret}.", f"{secret}: refused"):
        assert secret in words(text)


def test_a_known_value_is_hidden_only_where_it_stands_alone() -> None:
    text = "abc1! xabc1! abc1!x (abc1!)"
    assert [(span.start, span.end) for span in with_known(text, (), ("abc1!",), "SECRET")] == [(0, 5), (21, 26)]
