"""Which of many names is nearly a given one: what difflib would say, after a bound that costs one operation on integers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches

ALIKE = 0.8
"""Share of the letters of both names that must match in order."""


class Names:
    """Names with their letters as bits: the n-th occurrence of a letter is one bit, so that common bits are common letters."""

    def __init__(self, names: Iterable[str]) -> None:
        self._bits: dict[tuple[str, int], int] = {}
        self._letters = {name: self._told(name) for name in names}

    def nearest(self, word: str, most: int) -> list[str]:
        """Return the names that are alike enough, the most similar first."""
        told, length = self._told(word), len(word)
        able = [
            name
            for name, letters in self._letters.items()
            if 2.0 * (told & letters).bit_count() >= ALIKE * (length + len(name))  # no order of letters matches more
        ]
        return get_close_matches(word, able, most, ALIKE)

    def _told(self, name: str) -> int:
        counts = ((letter, nth) for letter, count in Counter(name).items() for nth in range(count))
        return sum(1 << self._bits.setdefault(place, len(self._bits)) for place in counts)
