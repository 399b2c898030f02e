"""Labels, and who carries all that are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


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
