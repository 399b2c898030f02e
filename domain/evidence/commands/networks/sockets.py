"""Sockets: `ss`, `netstat` and their summaries: full accept queues, half-closed and half-open connections, retransmissions."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from domain.evidence.commands.rows import apart
from domain.evidence.reading import Fact, Reading

STATES = {
    "LISTEN": "LISTEN", "ESTAB": "ESTABLISHED", "ESTABLISHED": "ESTABLISHED", "SYN-SENT": "SYN-SENT", "SYN-RECV": "SYN-RECV", "SYN-RECEIVED": "SYN-RECV",
    "TIME-WAIT": "TIME-WAIT", "CLOSE-WAIT": "CLOSE-WAIT", "FIN-WAIT-1": "FIN-WAIT", "FIN-WAIT-2": "FIN-WAIT", "FIN-WAIT1": "FIN-WAIT", "FIN-WAIT2": "FIN-WAIT",
    "LAST-ACK": "LAST-ACK", "CLOSING": "CLOSING", "UNCONN": "UNCONN", "CLOSED": "CLOSED", "CLOSE": "CLOSED",
}  # fmt: skip
"""Words of `ss`, `netstat` and BSD for the states of TCP, `_` read as `-`."""
ENDPOINT = re.compile(r"^(?:\[[0-9a-fA-F:.%\w]{0,60}\]|[\w.:*%\-]{0,260})[:.](?:\d{1,5}|\*|[a-z][\w\-]{0,30})$")
LOCAL = re.compile(r"^(?:u_str|u_seq|u_dgr|nl|p_raw|p_dgr|v_str|v_dgr|unix|ti_\w{2,6}|xdp)\s")
"""Sockets that do not leave the host."""
HEADS = ("Netid", "Proto", "Active ", "State")
PROTOCOLS = re.compile(r"^(?:tcp|udp|raw|sctp|mptcp|icmp)\w{0,4}$")
USERS = re.compile(r'\(\("(?P<name>[^"]{1,100})",pid=(?P<pid>\d{1,9})')
PROGRAM = re.compile(r"(?:^|\s)(?P<pid>\d{1,9})/(?P<name>[^\s/]{1,100})")
TOTAL = re.compile(
    r"^TCP:\s+(?P<all>\d{1,12}) \(estab (?P<estab>\d{1,12}), closed (?P<closed>\d{1,12}), orphaned (?P<orphaned>\d{1,12}),(?: synrecv \d{1,9},)? timewait (?P<timewait>\d{1,12})"
)
COUNTER = re.compile(r"^\s{2,8}(?P<count>\d{1,18}) (?P<what>[a-zA-Z][^:]{3,120})$")
OVERFLOWS = re.compile(
    r"listen queue of a socket overflowed|SYNs to LISTEN sockets dropped|dropped because of (?:full|missing)|packets pruned|receive buffer errors|packet receive errors"
)
SENT = re.compile(r"segments sent out$|segments send out$")
AGAIN = re.compile(r"segments retransmitted$")
LOST = 0.02
"""Share of segments sent again from which on the network loses packets."""
MANY = {"CLOSE-WAIT": 10, "SYN-SENT": 5, "SYN-RECV": 50, "TIME-WAIT": 5_000, "FIN-WAIT": 500, "LAST-ACK": 100}
"""Sockets in one state that are no coincidence."""
MEANINGS = {
    "CLOSE-WAIT": "wait to be closed by the program", "SYN-SENT": "get no answer to their first packet", "SYN-RECV": "are half open",
    "TIME-WAIT": "wait for late packets", "FIN-WAIT": "wait for the other side to close", "LAST-ACK": "wait for a last answer",
}  # fmt: skip
TELLING = frozenset({"CLOSE-WAIT", "SYN-SENT"})
"""States of which one socket is told."""
BACKLOG = 1_000_000.0
"""Bytes that a connection has not read or sent: its reader, or the path, is stuck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Socket:
    """One row, whatever printed it."""

    number: int
    protocol: str
    state: str
    queues: tuple[float, float]
    """Received and not read, sent and not confirmed; of a listener: waiting, and how many may wait."""
    local: str
    peer: str
    owner: str

    def port(self) -> str:
        """Return the port of this side."""
        return self.local.rpartition(":" if ":" in self.local else ".")[2]

    def full(self) -> bool:
        """Return whether a listener's accept queue is full."""
        waiting, limit = self.queues
        return limit > 0 and waiting >= limit


def _socket(number: int, line: str) -> Socket | None:
    """Return the socket of a row, None where it has no two ends."""
    words = line.split()
    ends = [n for n, word in enumerate(words) if n > 0 and ENDPOINT.match(word)]
    if len(ends) < 2:
        return None
    before, behind = words[: ends[0]], words[ends[-1] + 1 :]
    protocol = words[0].lower() if PROTOCOLS.match(words[0].lower()) else ""
    state = next((STATES[name] for word in (*before, *behind) if (name := word.replace("_", "-").upper()) in STATES), "")
    counts = [float(word[:15]) for word in before if word.isascii() and word.isdecimal()][-2:]
    user = USERS.search(line) or PROGRAM.search(line)
    return Socket(
        number=number,
        protocol=protocol,
        state=state,
        queues=(counts[0], counts[1]) if len(counts) > 1 else (0.0, 0.0),
        local=words[ends[0]],
        peer=words[ends[1]],
        owner=f"{user['name']}[{user['pid']}]" if user else "",
    )


def sockets(reading: Reading, first: int, last: int) -> int:
    """Read every socket, then what is strange about many of them."""
    found: list[Socket] = []
    understood, by_ss = 0, True
    for number in range(first, last + 1):
        line = reading.head(number)
        one = _socket(number, line)
        if one and (one.protocol or one.state):
            found.append(one)
            _keep(reading, one, (first, number), limited=by_ss)
        elif LOCAL.match(line):
            name = " ".join(line.split())[:200]
            reading.observe("socket", apart(reading, "socket", name, (first, number)), number, {"protocol": name.split(" ")[0]})
        elif line.startswith(HEADS):
            by_ss = by_ss and not line.startswith(("Proto", "Active "))
        else:
            continue
        understood += 1
    _crowds(reading, found)
    return understood


def _keep(reading: Reading, one: Socket, rows: tuple[int, int], *, limited: bool) -> None:
    """Keep one socket; only `ss` prints the limit of a listener."""
    received, sent = one.queues
    fields = {"address": one.local, "protocol": one.protocol, "queue": f"{received:g}", "limit": f"{sent:g}", "owner": one.owner}
    if one.state == "LISTEN":
        reading.observe("listener", apart(reading, "listener", one.port(), rows), one.number, fields)
        if limited and one.full():
            facts: dict[str, Fact] = {"port": one.port(), "resource": "accept queue", "used": received, "limit": sent}
            text = f"accept queue of port {one.port()} is full: {received:g} of {sent:g}"
            reading.find("connection", f"listener/{one.port()}", one.number, 3.5, text, **facts)
        return
    name = f"{one.protocol}:{one.local}-{one.peer}".lstrip(":")
    subject = reading.observe(
        "socket", apart(reading, "socket", name, rows), one.number, fields | {"state": one.state, "peer": one.peer}
    )
    if one.state == "ESTABLISHED" and max(received, sent) >= BACKLOG:
        where = "received and not read" if received >= sent else "sent and not confirmed"
        text = f"{max(received, sent):g} bytes of {one.local} to {one.peer} are {where}"
        reading.find("connection", subject, one.number, 2.5, text, used=max(received, sent), host=one.peer)


def _crowds(reading: Reading, found: list[Socket]) -> None:
    """Find many sockets in a state they should leave at once, by port or by peer."""
    grouped: dict[str, list[Socket]] = {}
    for one in found:
        if one.state in MANY:
            grouped.setdefault(one.state, []).append(one)
    for state, group in grouped.items():
        many = len(group) >= MANY[state]
        if not many and state not in TELLING:
            continue
        waits = state == "SYN-SENT"
        place, count = Counter(one.peer if waits else one.port() for one in group).most_common(1)[0]
        line = next(one.number for one in group if place == (one.peer if waits else one.port()))
        subject = "" if waits else f"listener/{place}"
        text = f"{len(group)} sockets {MEANINGS[state]}, {count} of them {'to' if waits else 'of port'} {place}"
        facts: dict[str, Fact] = {"state": state, "count": float(len(group)), ("host" if waits else "port"): place}
        reading.find("connection", subject, line, 3.0 if many else 2.0, text, **facts)


def summary(reading: Reading, first: int, last: int) -> int:
    """Read `ss -s` and `netstat -s`: counts by state, overflows and retransmissions."""
    sent, understood = 0.0, 0
    for number in range(first, last + 1):
        line = reading.head(number)
        if total := TOTAL.match(line):
            reading.observe("sockets", "tcp", number, total.groupdict())
            _orphans(reading, number, {name: float(count) for name, count in total.groupdict().items()})
        elif counter := COUNTER.match(line):
            reading.observe("counter", counter["what"].strip(), number, {"count": counter["count"]})
            sent = float(counter["count"]) if SENT.search(line) else sent
            _counter(reading, number, (counter["what"].strip(), float(counter["count"])), sent)
        understood += bool(line.strip())
    return understood


def _orphans(reading: Reading, number: int, counts: dict[str, float]) -> None:
    for name, limit in (("timewait", MANY["TIME-WAIT"]), ("orphaned", MANY["FIN-WAIT"])):
        if counts[name] >= limit:
            reading.find("connection", "", number, 2.5, f"{counts[name]:g} sockets are {name}", state=name, count=counts[name])


def _counter(reading: Reading, number: int, said: tuple[str, float], sent: float) -> None:
    what, count = said
    if OVERFLOWS.search(what) and count:
        facts: dict[str, Fact] = {
            "resource": "accept queue" if "listen" in what.lower() else "packets",
            "used": count,
            "message": what,
        }
        reading.find("connection", "", number, 2.5, f"{count:g} {what}", **facts)
    elif AGAIN.search(what) and sent > count > LOST * sent:
        reading.find(
            "connection",
            "",
            number,
            2.5,
            f"{count / sent:.1%} of {sent:g} segments were sent again",
            resource="packets",
            used=count,
            limit=sent,
        )
