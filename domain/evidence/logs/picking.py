"""Which lines of a block may hold which literal of a slot: told by their keys, not by a search of the block for each literal."""

from __future__ import annotations

from collections.abc import Callable, KeysView, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import compress

from domain.evidence.logs.slots import SAMPLED, SlotState

REMEMBERED = 2 << 20
"""Bytes of keys whose literals are remembered."""
MOST = 8
"""Literals at most: one bit of a byte each."""
_HAS = tuple(bytes(byte >> bit & 1 for byte in range(256)) for bit in range(MOST))


class Picker:
    """Gathers the lines of a block by literal, in order; a line may be picked although it lacks the literal.

    Where a literal is sampled the first quarter of each text is looked at, else every line with it is picked.
    """

    def __init__(self, slots: Mapping[bytes, SlotState], thin: Callable[[bytes], bytes]) -> None:
        """`thin` leaves of a literal what keys leave of it."""
        self._slots = slots
        self._rows: tuple[list[bytes], ...] = tuple([] for _ in slots)
        self.rethink(thin)

    def rethink(self, thin: Callable[[bytes], bytes]) -> None:
        """Begin anew: keys are made otherwise from now on."""
        self._parts = tuple(enumerate(map(thin, self._slots)))
        self._marks: dict[bytes, int] = {}
        self._size = 0

    def pick(self, keys: Sequence[bytes], distinct: KeysView[bytes], text: bytes) -> None:
        """Keep those lines of the text, one per key, that may hold a literal; most with their line end."""
        if not self._slots:
            return
        self._learn(distinct)
        whole = sum(1 << bit for bit, state in enumerate(self._slots.values()) if not state.sampled)
        quarter = -(-len(keys) // SAMPLED)
        marks = bytes(map(self._marks.__getitem__, keys if whole else keys[:quarter]))
        marks = marks[:quarter] + marks[quarter:].translate(_only(whole))
        if not marks.strip(b"\0"):
            return
        bearing = list(compress(BytesIO(text), marks))
        marks = marks.translate(None, b"\0")
        for rows, has in zip(self._rows, _HAS, strict=False):
            rows.extend(compress(bearing, marks.translate(has)))

    def _learn(self, distinct: KeysView[bytes]) -> None:
        """Mark each new key with one bit per literal that its lines may hold."""
        if self._size > REMEMBERED:
            self._marks, self._size = {}, 0
        for key in distinct - self._marks.keys():
            self._marks[key] = sum(1 << bit for bit, part in self._parts if part in key)
            self._size += len(key)

    def take(self) -> Mapping[bytes, Sequence[bytes]]:
        """Return the lines by literal and begin the next block."""
        taken = dict(zip(self._slots, self._rows, strict=True))
        self._rows = tuple([] for _ in self._slots)
        return taken


@lru_cache
def _only(bits: int) -> bytes:
    """A table that leaves these bits of a byte."""
    return bytes(byte & bits for byte in range(256))
