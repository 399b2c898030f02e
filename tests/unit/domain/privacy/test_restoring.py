"""Placeholders back to values: accepted spellings, and nothing else."""

from __future__ import annotations

import pytest

from domain.privacy.forms import HELD_BACK, split
from domain.privacy.placeholders import Placeholder
from domain.privacy.restoring import placeholders, restore

EMAIL = Placeholder(kind="EMAIL", number=1)
ADDRESS = Placeholder(kind="IP", number=3, group="net2")
ORIGINALS = {EMAIL: "ann@shop.test", ADDRESS: "10.1.2.3"}


@pytest.mark.parametrize(
    "form", ["<EMAIL_1>", "<email_1>", "&lt;EMAIL_1&gt;", "\\u003cEMAIL_1\\u003e", "\\u003Cemail_1\\u003E", "`<EMAIL_1>`"]
)
def test_accepted_spellings_are_restored(form: str) -> None:
    assert restore(f"by {form}.", ORIGINALS).replace("`", "") == "by ann@shop.test."


@pytest.mark.parametrize("form", ["<EMAIL_2>", "<IP_3>", "<IP_3@net1>", "<SECRET_1>", "<EMAIL_1@dom1>"])
def test_what_is_not_honoured_prints_its_kind(form: str) -> None:
    assert restore(form, ORIGINALS) == f"[{form[1:].partition('_')[0]}]"


@pytest.mark.parametrize(
    "text", ["<EMAIL 1>", "<EMAIL_01>", "<EMAIL_>", "EMAIL_1", "<FOO_1>", "< EMAIL_1>", "<EMAIL_1", "<EMAIL_1234567890>"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert restore(text, ORIGINALS) == text


def test_a_restored_value_is_never_looked_at_again() -> None:
    literal = Placeholder(kind="LITERAL", number=1)
    assert restore("<LITERAL_1>", {literal: "<EMAIL_1>", EMAIL: "ann@shop.test"}) == "<EMAIL_1>"


def test_port_and_prefix_length_stay_outside() -> None:
    assert restore("<IP_3@net2>:5432 <IP_3@NET2>/24", ORIGINALS) == "10.1.2.3:5432 10.1.2.3/24"


def test_placeholders_are_listed_once_in_order() -> None:
    assert placeholders("<IP_3@net2> <EMAIL_1> <ip_3@net2>") == (ADDRESS, EMAIL)


@pytest.mark.parametrize("form", ["<LITERAL_123456789@dome1234>", "&lt;EMAIL_1&gt;", "\\u003cIP_3@net2\\u003e"])
def test_every_beginning_of_a_form_is_held_back(form: str) -> None:
    for size in range(1, len(form)):
        assert split("x" + form[:size]) == ("x", form[:size])
    assert split(form) == (form, "")


@pytest.mark.parametrize("text", ["a < b", "<div", "&amp;", "\\n", "<EMAIL_1x", "<" + "A" * 80])
def test_what_cannot_become_a_form_is_released(text: str) -> None:
    ready, held = split(text + " x")
    assert (ready, held) == (text + " x", "")


def test_at_most_64_characters_are_held() -> None:
    assert len(split("<" * 500)[1]) <= HELD_BACK
