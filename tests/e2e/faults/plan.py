"""What clients will say and what will be killed, all from one seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

PHRASES = (
    "orders wait longer than before",
    "the queue of the importer grows",
    "payments fail for some of the shops",
    "the search page is slow",
    "workers of the mailer restart",
    "uploads end half way",
)
DUPLICATES = ("none", "none", "at_once", "while_waiting", "later")
"""How a message is delivered a second time: in parallel, before its answer, after its answer; half of them are not."""
BURST = 3
"""Messages that a client posts before it waits for an answer, at most."""
OLD = 9
"""How many messages later the engine may be told of a message again: far enough for a hand-over between."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message with its Idempotency-Key; its text is found again in rows and prompts by its note."""

    case: int
    number: int
    key: str
    text: str
    duplicate: str
    retold: bool
    """Whether its signal is delivered a second time, `OLD` messages later."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Per case its messages in bursts."""

    seed: int
    cases: tuple[tuple[tuple[Message, ...], ...], ...]

    @property
    def messages(self) -> tuple[Message, ...]:
        return tuple(message for bursts in self.cases for burst in bursts for message in burst)


def plan(seed: int, cases: int, turns: int) -> Plan:
    """Return the same plan for the same seed."""
    dice = Random(seed)
    return Plan(seed=seed, cases=tuple(_bursts(dice, seed, case, turns) for case in range(cases)))


def note(case: int, number: int) -> str:
    """Return the mark of a message in plain letters and small numbers, which redaction leaves alone."""
    return f"note {number} of book {case}."


def _bursts(dice: Random, seed: int, case: int, turns: int) -> tuple[tuple[Message, ...], ...]:
    messages = [
        Message(
            case=case,
            number=number,
            key=f"seed{seed}-case{case}-message{number}",
            text=f"{dice.choice(PHRASES).capitalize()}, {note(case, number)}",
            duplicate=dice.choice(DUPLICATES),
            retold=dice.random() < 0.2,
        )
        for number in range(1, turns + 1)
    ]
    bursts = []
    while messages:
        size = dice.randint(1, BURST)
        bursts.append(tuple(messages[:size]))
        messages = messages[size:]
    return tuple(bursts)
