"""Which members are taken when an archive holds more than a case takes: the most telling, fairly over its folders."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.evidence.archives.values import Member, Why

TAKEN = 100
"""Members that become evidence: a case keeps about 85 files in mind within its 32 KiB, the severest (investigation 13)."""
UNPACKED = 200 << 20
"""Unpacked bytes that are taken (privacy.md 13)."""
RANKS: Sequence[re.Pattern[str]] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:^|[^a-z])(?:events?|err(?:or)?s?|crash\w{0,8}|panics?|oom\w{0,8}|fail\w{0,6}|exceptions?|previous|alerts?|descri\w{1,8}|dmesg|dumps?|stacks?|threads?)(?:[^a-z]|$)",
        r"(?:\.(?:log|out|err)$|(?:^|[^a-z])(?:logs?|journal\w{0,8}|messages|syslog|stderr|stdout|console|trace\w{0,4}|audit)(?:[^a-z]|$))",
        r"(?:\.(?:json|ya?ml|txt|csv|tsv|prom|metrics)$|^[^.]{1,80}$)",
        r"\.(?:conf|cfg|cnf|ini|toml|properties|env|service|xml|html?|md)$",
        r"",
    )
)
"""What a member's last name says, the most telling first: faults and their stories, logs, states and outputs of commands, settings
and older logs, all else."""


PACKING = re.compile(r"\.(?:gz|xz|bz2|zst)$", re.IGNORECASE)
OLDER = re.compile(r"\.\d{1,3}$|[-.]\d{8}$")
"""What rotation puts behind the name of a log."""


def chosen(members: Sequence[Member], room: int) -> tuple[tuple[int, ...], tuple[Member, ...]]:
    """Return the places of the members to take, the most telling first, and all members, those left out with their reason.

    Together they unpack to at most `room` bytes.
    The order is the rank of the name; within a rank the largest member of each folder, then the second of each, and so on.
    """
    order = sorted((place for place, member in enumerate(members) if member.why is None), key=_keys(members).__getitem__)
    taken, size, told = list[int](), 0, list(members)
    for place in order:
        fits = size + members[place].size <= room
        if len(taken) < TAKEN and fits:
            taken.append(place)
            size += members[place].size
        else:
            told[place] = replace(members[place], why=Why.LESS if fits else Why.LARGE)
    return tuple(taken), tuple(told)


def rank(name: str) -> int:
    """Return how telling a name is, 0 the most; an older log by two less than its successor, a packed one as if it were plain."""
    last = PACKING.sub("", name.replace("\\", "/").rsplit("/", 1)[-1][:200])
    level = next(number for number, pattern in enumerate(RANKS) if pattern.search(last))
    return level + 2 * (OLDER.search(last) is not None)


def left_out(members: Sequence[Member]) -> Mapping[Why, int]:
    """Return how many members are left out for each reason."""
    return Counter(member.why for member in members if member.why is not None)


def _keys(members: Sequence[Member]) -> Mapping[int, tuple[int, int, int, str, int]]:
    groups: dict[tuple[int, str], list[int]] = defaultdict(list)
    for place, member in enumerate(members):
        groups[rank(member.name), member.name.rpartition("/")[0]].append(place)
    keys: dict[int, tuple[int, int, int, str, int]] = {}
    for (level, _), group in groups.items():
        group.sort(key=lambda place: (-members[place].size, members[place].name, place))
        for turn, place in enumerate(group):
            keys[place] = (level, turn, -members[place].size, members[place].name, place)
    return keys
