"""What an expression needs stands in everything that it finds, or a text is passed by that it would match."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence.configs import capacity, quantities, timeouts, values
from domain.evidence.kinds import grammars
from domain.evidence.needed import holds, small

NAMES = (
    *(quantities.TIME, timeouts.LIMIT, timeouts.IDLE),
    *(capacity.ZERO, capacity.REPLICAS, capacity.COUNTED, capacity.ROOM, capacity.FILES),
    *(values.ENDS, values.FLAG, values.PORT),
)
"""Expressions over names of settings."""
FREE = tuple(dict.fromkeys(pattern for _, pattern in grammars.ALL.free))
"""Expressions that may match anywhere in a command's output."""


@pytest.mark.parametrize("pattern", [*NAMES, *FREE], ids=lambda pattern: pattern.pattern[:20])
def test_what_an_expression_finds_holds_what_it_needs(pattern: re.Pattern[str]):
    @given(st.from_regex(pattern))
    @settings(max_examples=15, deadline=None, database=None)
    def found(text: str) -> None:
        assert holds(pattern.pattern, small(text))

    found()


def test_nearly_every_such_expression_passes_an_empty_text_by():
    assert [pattern.pattern for pattern in (*NAMES, *FREE) if holds(pattern.pattern, "")] == [
        r"\s\d+/\d+\s+\w+|\s\d+[smhd](?:\d+[smhd])?(?:\s|$)"
    ]
