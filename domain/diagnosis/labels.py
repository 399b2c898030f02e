"""Labels, and who carries all that are wanted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from posixpath import commonprefix

KNOWN = 1 << 16
"""Texts whose labels are remembered: services, pods, policies and nodes are all asked for theirs again."""


@lru_cache(maxsize=KNOWN)
def labels(text: str) -> frozenset[str]:
    """Return the `key=value` pairs of a field that lists them."""
    return frozenset(part.strip() for part in text.replace("\n", ",").replace(" ", ",").split(",") if "=" in part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriers:
    """Names by the labels that they carry; looking one selector up costs as much as its rarest label has carriers."""

    carried: Mapping[str, frozenset[str]]
    by_label: Mapping[str, tuple[str, ...]]

    def of(self, wanted: frozenset[str]) -> tuple[str, ...]:
        """Return who carries all of these labels, in the order they were told; nobody where none is wanted."""
        rarest = min((self.by_label.get(label, ()) for label in wanted), key=len, default=())
        return tuple(name for name in rarest if wanted <= self.carried[name])


def carriers(told: Iterable[tuple[str, str]]) -> Carriers:
    """Return names by label, from (name, text that lists its labels)."""
    carried = {name: labels(text) for name, text in told}
    found: dict[str, list[str]] = {}
    for name, several in carried.items():
        for label in several:
            found.setdefault(label, []).append(name)
    return Carriers(carried=carried, by_label={label: tuple(names) for label, names in found.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Likenesses:
    """All labels in order, each with the fullest set that it stands in: what a wanted one may have been meant to be."""

    ordered: tuple[str, ...]
    fullest: Mapping[str, frozenset[str]]

    def nearest(self, wanted: frozenset[str]) -> tuple[int, frozenset[str]]:
        """Return how many first letters some label shares with a wanted one, and the fullest set with such a label."""
        length = max((self._shared(label) for label in wanted), default=0)
        alike = {label for one in wanted if len(one) >= length for label in self._beginning(one[:length])}
        return length, max((self.fullest[label] for label in alike), key=sorted, default=frozenset())

    def _shared(self, label: str) -> int:
        """Return the longest beginning that any label shares: the longest one stands beside it in the order."""
        at = bisect_left(self.ordered, label)
        return max((len(commonprefix((label, one))) for one in self.ordered[max(0, at - 1) : at + 1]), default=0)

    def _beginning(self, letters: str) -> Iterator[str]:
        """Yield the labels that begin so."""
        place = bisect_left(self.ordered, letters)
        while place < len(self.ordered) and self.ordered[place].startswith(letters):
            yield self.ordered[place]
            place += 1


def likenesses(known: Iterable[frozenset[str]]) -> Likenesses:
    """Return what is needed to find the nearest of these sets of labels."""
    fullest: dict[str, frozenset[str]] = {}
    for one in sorted(set(known), key=sorted):
        fullest |= dict.fromkeys(one, one)
    return Likenesses(ordered=tuple(sorted(fullest)), fullest=fullest)
