"""What must hold in every recorded run, as one pure function over its lines.

A line is a JSON object whose `what` says what it records:

- `planned` case, message, key, text: what a client meant to say, in its order;
- `acknowledged` key: a 2xx for the message · `refused` key, status: no 2xx, sent again with its key;
- `answered` key, turn, body: a whole answer as the client got it; `body` is its fingerprint;
- `unexpected` key, status: an answer that no client can explain;
- `model_call` key, at · `kill` part, at: both in seconds of one clock;
- `row` case, seq, turn, role, id, content: the conversation at the end, read over HTTP;
- `step` case, turn, step, completed: how often a step of a turn completed, from its history.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any

Line = Mapping[str, Any]
ON_THE_WAY_S = 1.0
"""A request that left its process before the kill may be read by the provider after it."""


def violations(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return every violation as a sentence, in the order of the rules; none means that the run was faultless."""
    return tuple(found for rule in RULES for found in rule(lines))


def answered_all(lines: Sequence[Line]) -> Iterator[str]:
    """Every message that was acknowledged, or meant at all, has an answer in the end."""
    answered = {line["key"] for line in of(lines, "answered")}
    acknowledged = {line["key"] for line in of(lines, "acknowledged")}
    for line in of(lines, "planned"):
        if line["key"] not in answered:
            told = "acknowledged and " if line["key"] in acknowledged else ""
            yield f"{line['key']}: {told}never answered"


def explained(lines: Sequence[Line]) -> Iterator[str]:
    """A refusal is 503 or a broken connection; everything else is a fault."""
    for line in of(lines, "unexpected"):
        yield f"{line['key']}: the API answered {line['status']}: {line.get('detail', '')}"


def same_answer(lines: Sequence[Line]) -> Iterator[str]:
    """The same key has the same answer, whenever and however often it is asked."""
    bodies = defaultdict(set)
    for line in of(lines, "answered"):
        bodies[line["key"]].add((line["turn"], line["body"]))
    for key, different in bodies.items():
        if len(different) > 1:
            yield f"{key}: {len(different)} different answers, turns {sorted({turn for turn, _ in different})}"


def one_row_each(lines: Sequence[Line]) -> Iterator[str]:
    """A message has one user row, and that row's turn has one user and one assistant row; its answer names this turn."""
    turns = {line["key"]: line["turn"] for line in of(lines, "answered")}
    for case, rows in by_case(lines, "row").items():
        roles = Counter((row["turn"], row["role"]) for row in rows)
        for (turn, role), count in roles.items():
            if count > 1:
                yield f"{case}: turn {turn} has {count} {role} rows"
            if not roles[turn, other(role)]:
                yield f"{case}: turn {turn} has no {other(role)} row"
        for message in by_case(lines, "planned").get(case, ()):
            own = [row for row in rows if row["role"] == "user" and message["text"] in row["content"]]
            if len(own) != 1:
                yield f"{message['key']}: {len(own)} user rows"
            elif turns.get(message["key"], own[0]["turn"]) != own[0]["turn"]:
                yield f"{message['key']}: answered as turn {turns[message['key']]}, its row is turn {own[0]['turn']}"


def in_order(lines: Sequence[Line]) -> Iterator[str]:
    """User rows stand in the order in which the client sent them; turns count up by one; a question precedes its answer."""
    for case, messages in by_case(lines, "planned").items():
        rows = sorted(by_case(lines, "row").get(case, ()), key=itemgetter("seq"))
        said = [row["content"] for row in rows if row["role"] == "user"]
        sent = [message["text"] for message in messages]
        if len(said) != len(sent):
            yield f"{case}: {len(sent)} messages sent, {len(said)} user rows"
        elif wrong := [text for text, content in zip(sent, said, strict=True) if text not in content]:
            yield f"{case}: out of order from {wrong[0]!r}"
        expected = [(turn, role) for turn in range(1, len(sent) + 1) for role in ("user", "assistant")]
        if [(row["turn"], row["role"]) for row in rows] != expected:
            yield f"{case}: rows are not turn 1 to {len(sent)}, each a question and its answer"


def distinct(lines: Sequence[Line]) -> Iterator[str]:
    """No two rows share an id."""
    for row_id, count in Counter(row["id"] for row in of(lines, "row")).items():
        if count > 1:
            yield f"{count} rows have the id {row_id}"


def paid_once(lines: Sequence[Line]) -> Iterator[str]:
    """Model calls per step ≤ 1 + kills while it was in flight: between two calls of a step something was killed."""
    kills = [line["at"] for line in of(lines, "kill")]
    calls = defaultdict(list)
    for line in of(lines, "model_call"):
        calls[line["key"]].append(line["at"])
    for key, moments in calls.items():
        for first, second in pairwise(sorted(moments)):
            if not any(first - ON_THE_WAY_S <= at <= second for at in kills):
                yield f"{key}: called again after {second - first:.1f} s without a kill between"


def completed_once(lines: Sequence[Line]) -> Iterator[str]:
    """A step that completed is never run again, and none is left open."""
    for line in of(lines, "step"):
        if line["completed"] != 1:
            yield f"{line['case']}: step {line['step']} of turn {line['turn']} completed {line['completed']} times"


RULES: tuple[Callable[[Sequence[Line]], Iterator[str]], ...] = (
    answered_all,
    explained,
    same_answer,
    one_row_each,
    in_order,
    distinct,
    paid_once,
    completed_once,
)


def of(lines: Iterable[Line], what: str) -> list[Line]:
    """Return the lines of one kind, in their order."""
    return [line for line in lines if line["what"] == what]


def by_case(lines: Iterable[Line], what: str) -> dict[str, list[Line]]:
    """Return the lines of one kind by their case."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in of(lines, what):
        found[line["case"]].append(line)
    return found


def other(role: str) -> str:
    return "assistant" if role == "user" else "user"
