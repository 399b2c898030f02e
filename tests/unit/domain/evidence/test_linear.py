from __future__ import annotations

import pytest

from domain.evidence.clocks import parse_time
from domain.evidence.decoding.decode import fold_space, plain
from domain.evidence.digest import tokens
from domain.evidence.logs.cutting import learn_rules
from domain.evidence.logs.mask import signature
from domain.evidence.logs.messages import continues, read_message, thrown
from domain.evidence.logs.records import attributes
from domain.evidence.logs.slots import learn_slots
from domain.evidence.severity import severity
from tests.pace import cpu, quickest, within

pytestmark = pytest.mark.unmeasured

SIZE = 64 << 10
WORST = (
    "a",
    " ",
    "1",
    "a.",
    "/a",
    '"',
    "=a ",
    "a=1 ",
    "-",
    ":",
    "::f",
    "A",
    "<*>",
    "aA.",
    "\x1b[",
    "\x1b]",
    "1.",
    "ab1",
    "at ",
    "no ",
    "GET ",
    "é",
    "(",
    "exit ",
    "Aa.",
    "{",
    "[1",
    "_a-",
)
READERS = (
    severity,
    signature,
    parse_time,
    read_message,
    thrown,
    continues,
    plain,
    fold_space,
    lambda text: attributes(text, ()),
    lambda text: learn_rules([text.encode()], ()),
    lambda text: learn_slots([text.encode()]),
)


@pytest.mark.parametrize("unit", WORST)
def test_no_expression_takes_long_on_its_worst_line(unit):
    text = (unit * SIZE)[:SIZE] + "!"
    slow = [n for n, read in enumerate(READERS) if cpu(lambda r=read: r(text)) > 0.05 and quickest(lambda r=read: r(text)) > 0.05]
    assert slow == []


def test_tokens_of_a_long_text_are_counted_in_linear_time():
    with within(0.5):
        tokens("word-1 " * 20_000)
