"""Seeded logs in which one decisive thing hides, with words made up anew for every seed: a gate of the digest that needs no data folder.

usage: python -m tests.quality.needles [SEEDS [BUDGET]]
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.evidence.analyse import analyse
from domain.evidence.digest import digest, pick
from domain.evidence.values import Analysis, Context, Digest, Document, Head, Hint, Kind

LINES = 12_000
SYLLABLES = tuple(first + last for first in "bcdfgklmnprstvwz" for last in ("al", "em", "in", "or", "u", "ay"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Needle:
    """A log and the texts that its digest must hold."""

    name: str
    text: bytes
    decisive: tuple[str, ...]


class Words:
    """Dice with a vocabulary and a layout of their own."""

    def __init__(self, seed: str) -> None:
        self.dice = random.Random(seed)
        self.layout = self.dice.randrange(4)
        self.parts = [self.word() for _ in range(6)]
        self.usual = [(self.word(), self.word(), self.word()) for _ in range(18)]
        self.start = datetime(2026, 5, 4, tzinfo=UTC) + timedelta(minutes=self.dice.randrange(10_000))

    def word(self) -> str:
        return "".join(self.dice.choices(SYLLABLES, k=self.dice.randrange(2, 4)))

    def line(self, number: int, text: str, level: str = "INFO") -> str:
        at = self.start + timedelta(seconds=number * 2)
        part, request = self.dice.choice(self.parts), self.dice.randrange(10**8)
        if self.layout == 0:
            return f"{at:%b %d %H:%M:%S} {part} {part}d[{request % 9999}]: {level.lower()}: {text}"
        if self.layout == 1:
            return f'{{"level":"{level}","time":"{at:%Y-%m-%dT%H:%M:%SZ}","part":"{part}","message":"{text}","trace":"{request:08x}"}}'
        if self.layout == 2:
            return f"[{at:%d/%b/%Y:%H:%M:%S +0000}] {level} {part} ({request}): {text}"
        return f"{at:%Y/%m/%d %H:%M:%S} {level:<7}{part} - {text} #{request}"

    def ordinary(self, slow: int = 1) -> str:
        one, two, three = self.dice.choice(self.usual)
        return f"{one} {two} of {three} done in {self.dice.randrange(10, 60) * slow} ms"


def written(words: Words, special: dict[int, tuple[str, str]], slow_from: int = LINES) -> bytes:
    """All lines: the ordinary one at every place, the special one instead where there is one."""
    rows = (
        words.line(n, special[n][0], special[n][1])
        if n in special
        else words.line(n, words.ordinary(40 if n >= slow_from else 1))
        for n in range(LINES)
    )
    return ("\n".join(rows) + "\n").encode()


def lone_failure(words: Words) -> tuple[dict[int, tuple[str, str]], tuple[str, ...]]:
    text = f"{words.word()} cannot reach {words.word()}"
    return {words.dice.randrange(4_000, 9_000): (text, "ERROR")}, (text,)


def quiet_oddity(words: Words) -> tuple[dict[int, tuple[str, str]], tuple[str, ...]]:
    text = f"{words.word()} handed over to {words.word()}"
    return {words.dice.randrange(4_000, 9_000): (text, "INFO")}, (text,)


def storm(words: Words) -> tuple[dict[int, tuple[str, str]], tuple[str, ...]]:
    text, noise = f"{words.word()} turned away by {words.word()}", f"{words.word()} is a bit late"
    steady = dict.fromkeys(range(0, LINES, 61), (noise, "WARN"))
    return steady | {7_000 + 2 * n: (text, "WARN") for n in range(150)}, (text,)


def stopped_pulse(words: Words) -> tuple[dict[int, tuple[str, str]], tuple[str, ...]]:
    text = f"{words.word()} pulse"
    return dict.fromkeys(range(0, 8000, 25), (text, "INFO")), (text, "silent")


def odd_status(words: Words) -> tuple[dict[int, tuple[str, str]], tuple[str, ...]]:
    path = f"/{words.word()}/{words.word()}"
    usual = dict.fromkeys(range(0, LINES, 9), (f"PUT {path} 204", "INFO"))
    return usual | dict.fromkeys((6001, 6203, 7012), (f"PUT {path} 506", "INFO")), (f"{path} 506",)


def growing(words: Words) -> tuple[dict[int, tuple[str, str]], tuple[str, ...]]:
    unit = words.word()
    return {n: (f"{unit} queue depth {10 + n // 4}", "INFO") for n in range(0, LINES, 40)}, (f"{unit} queue depth 3000", "→")


def slower(words: Words) -> tuple[dict[int, tuple[str, str]], tuple[str, ...]]:
    return {}, ("→", " ms")


NEEDLES: tuple[Callable[[Words], tuple[dict[int, tuple[str, str]], tuple[str, ...]]], ...] = (
    lone_failure,
    quiet_oddity,
    storm,
    stopped_pulse,
    odd_status,
    growing,
    slower,
)


def needles(seed: int) -> Iterator[Needle]:
    """One log per kind of needle."""
    for make in NEEDLES:
        words = Words(f"{seed} {make.__name__}")
        special, decisive = make(words)
        slow_from = 9_000 if make is slower else LINES
        yield Needle(name=make.__name__, text=written(words, special, slow_from), decisive=decisive)


def read(text: bytes, name: str = "app.log", kind: Kind | None = None) -> Analysis:
    """The analysis of one text, of this kind where one is chosen."""
    return analyse(
        Document(evidence=name, name=name, chunks=[text], size=len(text), hint=Hint(name=name, chosen=kind)), Context()
    )


def head_of(one: Analysis) -> Head:
    """What the digest says about one analysis as a whole."""
    return Head(
        evidence=one.evidence,
        name=one.name,
        kind=one.classification.kind,
        confidence=one.classification.confidence,
        coverage=one.coverage,
    )


def digested(analyses: list[Analysis], budget: int, focus: str = "") -> Digest:
    """The digest over all of them."""
    return digest([line for one in analyses for line in pick(one)], [head_of(one) for one in analyses], budget, focus)


def lost(seed: int, budget: int = 400) -> list[str]:
    """The needles whose digest misses a decisive text."""
    missing = []
    for needle in needles(seed):
        text = digested([read(needle.text)], budget).text
        if not all(part in text for part in needle.decisive):
            missing.append(needle.name)
    return missing


def main(arguments: list[str]) -> None:
    """Print the share of needles kept."""
    seeds = int(arguments[0]) if arguments else 5
    budget = int(arguments[1]) if len(arguments) > 1 else 400
    missing = {seed: found for seed in range(1, seeds + 1) if (found := lost(seed, budget))}
    total = seeds * len(NEEDLES)
    kept = total - sum(map(len, missing.values()))
    print(f"needles at {budget} tokens: {kept}/{total} kept, seeds 1-{seeds}, lost {missing or '-'} (target all)")


if __name__ == "__main__":
    main(sys.argv[1:])
