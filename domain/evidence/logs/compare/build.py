"""Which lines of a failed build say why it failed, seen against a build that passed (evidence.md 12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from domain.evidence.logs.compare.roles import STEP, Role, bare, exits, names_what_failed, role_of
from domain.evidence.logs.counting import key_of

GAP = 2
"""Known or blank lines between two new ones that still join them (evidence.md 12)."""
ABOVE = 12
"""Lines directly above an error that may belong to it: the source that a test runner quotes first."""
DRIFT = 40
"""Lines that neither are severe nor continue anything, after which a block has ended."""
LOOK_AT = 40_000
"""New lines that are looked at, the last ones: a build stops where it fails."""
_BODY = frozenset({Role.PLAIN, Role.MORE, Role.WEAK, Role.ERROR})
_BETWEEN = frozenset({Role.BLANK, Role.RULER, Role.VERDICT})
_TELLING = frozenset({Role.MORE, Role.WEAK, Role.ERROR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Lines from `first` to `last`, 1-based and inclusive."""

    first: int
    last: int
    stated: int
    """The line within it that states the error."""


def failing_blocks(rows: Sequence[str], passing: Sequence[str]) -> tuple[Stretch, ...]:
    """Return the stretches of a failed build that state its error, in order; what the passing build says, too, is none."""
    known = {line_key(text) for text in bare(passing)}
    return failing_among(rows, lambda key: key in known)


def failing_among(rows: Sequence[str], known: Callable[[bytes], bool]) -> tuple[Stretch, ...]:
    """The same where a rule tells whether the passing build has a line of that key."""
    build = _Build.of(rows, known)
    found: list[Stretch] = []
    for anchor in build.anchors():
        above = found[-1].last if found else 0
        if anchor < above:
            continue
        block = build.block(anchor, above)
        if found and block.first == above + 1:
            found[-1] = replace(found[-1], last=block.last)
        else:
            found.append(block)
    return tuple(found)


def line_key(text: str) -> bytes:
    """Return what stays of a bare line when its numbers change."""
    return key_of(text.encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Build:
    """The bare lines of a failed build, and which of them the passing build lacks."""

    texts: Sequence[str]
    fresh: Sequence[bool]

    @classmethod
    def of(cls, rows: Sequence[str], known: Callable[[bytes], bool]) -> _Build:
        texts = bare(rows)
        fresh = [not known(line_key(text)) for text in texts]
        places = [place for place, new in enumerate(fresh) if new]
        for place in places[:-LOOK_AT]:
            fresh[place] = False
        return cls(texts=texts, fresh=fresh if any(fresh) else [role_of(text) in _TELLING | {Role.VERDICT} for text in texts])

    def role(self, place: int) -> Role:
        return role_of(self.texts[place])

    def anchors(self) -> list[int]:
        """Where blocks begin: at lines that state an error; where none does, at the next best."""
        begins, ends = self._failing_step()
        for wanted in (Role.ERROR, Role.WEAK, Role.VERDICT, Role.PLAIN):
            places = [place for place, new in enumerate(self.fresh) if new and self.role(place) is wanted]
            if places and wanted in {Role.VERDICT, Role.PLAIN}:
                return places[-1:]
            if places:
                return [place for place in places if begins <= place <= ends] or places
        return []

    def _failing_step(self) -> tuple[int, int]:
        """From where the last command begins that a build service says failed, to where it says so."""
        last = len(self.texts) - 1
        ends = next((place for place, text in enumerate(self.texts) if self.fresh[place] and exits(text)), last)
        begins = next((place for place in range(ends, -1, -1) if STEP.match(self.texts[place])), 0)
        return (begins, ends) if begins else (0, last)

    def block(self, anchor: int, above: int) -> Stretch:
        """The new lines around an anchor, not reaching up into the first `above` lines."""
        first = anchor
        while first > max(above, anchor - ABOVE):
            step = 2 if self._quoted_over_a_blank(first, above) else 1
            if not (self.fresh[first - step] and self.role(first - step) in _BODY):
                break
            first -= step
        return Stretch(first=first + 1, last=self._end(anchor) + 1, stated=anchor + 1)

    def _quoted_over_a_blank(self, first: int, above: int) -> bool:
        """True where one blank line parts the block from an indented line above."""
        return first - 1 > above and self.role(first - 1) is Role.BLANK and self.role(first - 2) is Role.MORE

    def _end(self, anchor: int) -> int:
        """The last line of the block; a verdict directly behind it that names what failed belongs to it."""
        end, told, closed = anchor, anchor, False
        for place in range(anchor + 1, len(self.texts)):
            role = self.role(place)
            if self.fresh[place] and role in (_TELLING if closed else _BODY):
                end, closed = place, False
                told = place if role in _TELLING else told
            elif role not in _BODY | _BETWEEN:
                break
            closed = closed or role is Role.VERDICT
            if place - end > GAP or place - told > DRIFT:
                break
        end = end if end - told <= DRIFT // 2 else told
        return end + self._is_named_verdict(end + 1)

    def _is_named_verdict(self, place: int) -> bool:
        there = place < len(self.texts) and self.fresh[place] and self.role(place) is Role.VERDICT
        return there and names_what_failed(self.texts[place])
