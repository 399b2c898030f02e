"""Incidents as monitors show them: the first cause, its label, and what an engineer must read in the first 250 words."""

from __future__ import annotations

import re

import pytest

from domain.diagnosis.explain import explain
from tests.quality.incident_words import category
from tests.quality.monitored import Monitored, monitored
from tests.quality.monitored_changes import changes
from tests.quality.monitored_clouds import clouds
from tests.quality.monitored_kinds import further
from tests.quality.monitored_servers import servers
from tests.quality.reading import Read, text_case

CASES = [
    pytest.param(one, id=f"{name}-{seed}")
    for seed in (1, 2)
    for name, one in (*monitored(seed), *further(seed), *clouds(seed), *servers(seed), *changes(seed))
]
READ_FIRST = 250
"""Words of a reply that an engineer on call reads."""


def opening(read: Read) -> str:
    return " ".join(explain(read.answer).lower().split()[:READ_FIRST])


def says(text: str, words: str) -> bool:
    """Tell whether a text holds words together, or each of them."""
    return words.lower() in text or set(re.findall(r"[a-z0-9]+", words.lower())) <= set(re.findall(r"[a-z0-9]+", text))


@pytest.mark.parametrize("one", CASES)
def test_the_first_cause_of_a_monitored_incident_is_its_fault(one: Monitored) -> None:
    read = text_case(one.files)
    ranked = [cause.family for cause in read.answer.causes]
    assert (ranked[:1] or [""])[0] == one.family or set(ranked[:2]) == set(one.also.split())
    assert category(read.answer) == one.label


@pytest.mark.parametrize("one", CASES)
def test_the_opening_of_the_reply_says_what_decides_and_what_is_ruled_out(one: Monitored) -> None:
    text = opening(text_case(one.files))
    assert [words for words in one.says if not says(text, words)] == []
