"""Links, addresses, routes and the rules that choose them: `ip`, `ifconfig`, `route`, `netstat`."""

from __future__ import annotations

import re

from domain.evidence.commands.rows import apart
from domain.evidence.reading import Fact, Reading
from domain.evidence.structure import columns

LINK = re.compile(
    r"^(?P<index>\d{1,6}): (?P<name>[\w.\-]{1,40})(?:@(?P<on>[\w.\-]{1,40}))?: <(?P<flags>[A-Z_,\d\-]{0,300})>(?P<rest>.{0,400})$"
)
ADDRESS = re.compile(r"^\s+(?P<family>inet6?) (?:addr:)?(?P<address>[0-9a-fA-F.:/%\w]{2,80})\b")
STATISTICS = re.compile(r"^\s+(?P<way>RX|TX):\s+bytes\s")
CONFIGURED = re.compile(
    r"^(?P<name>[a-z][\w.\-]{0,39}(?::\d{1,4})?):?\s+(?:flags=[\da-f]{1,8}<(?P<flags>[A-Z_,\d]{0,300})>|Link encap:)(?P<rest>.{0,300})$"
)
ERRORS = re.compile(r"^\s+(?P<way>RX|TX) (?:errors|packets)[: ](?P<rest>.{0,300})$")
COUNT = re.compile(r"\b(errors|dropped|overruns|frame|carrier|collisions|packets)[: ]{1,2}(\d{1,18})\b")
PLAIN = re.compile(r"^(?P<name>[\w.\-@]{1,60})\s+(?P<state>UP|DOWN|UNKNOWN|LOWERLAYERDOWN|DORMANT)(?:\s+(?P<rest>\S.{0,400}))?$")
"""`ip -br`."""
ROUTE = re.compile(
    r"^(?P<kind>unreachable |blackhole |prohibit |throw |local |broadcast |multicast )?(?P<to>default|[0-9a-fA-F:.]{2,45}(?:/\d{1,3})?)\s(?P<rest>(?:via|dev|proto|scope|metric|src|nhid|nexthop|onlink|table|linkdown|error)\b.{0,300})$"
)
OLD_ROUTE = re.compile(
    r"^(?P<to>default|[\d.]{7,15}|[0-9a-fA-F:./%\w]{2,50})\s+(?P<via>[\d.]{7,15}|\*|-|[0-9a-fA-F:.%#\w]{1,50})\s+(?P<mask>[\d.]{7,15})?\s*(?P<flags>!?[A-Z!][A-Za-z!]{0,8})\s+(?P<rest>.{0,120})$"
)
RULE = re.compile(
    r"^(?P<priority>\d{1,10}):\s+(?P<which>(?:not )?from \S.{0,200}?) (?:lookup (?P<table>\S{1,64})|(?P<action>blackhole|unreachable|prohibit|goto \d{1,10}|nop))(?: .{0,200})?$"
)
"""A row of `ip rule`."""
NOWHERE = frozenset({"unreachable", "blackhole", "prohibit"})
"""What `ip` calls a route or rule that drops packets."""
TROUBLES = ("errors", "dropped", "overruns", "overrun", "missed", "carrier", "collsns", "collisions", "frame", "fifo")
BROKEN, LOST = 0.001, 0.01
"""Share of packets of a link that are broken or dropped from which on people notice."""
VIRTUAL = re.compile(
    r"^(?:lo|veth|docker|br-|virbr|cni|flannel|cali|tun|tap|ifb|dummy|gre|erspan|sit|ip6tnl|tunl|ip_vti|ip6_vti|bond|teql|nlmon|vxlan|wg)"
)
"""Links that may be down for good reasons."""


def links(reading: Reading, first: int, last: int) -> int:
    """Read links with their addresses and counters."""
    link, way, names, understood = "", "", [""], 0
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := LINK.match(line) or CONFIGURED.match(line):
            link = _link(reading, number, found.groupdict())
        elif address := ADDRESS.match(line):
            reading.observe("address", address["address"], number, {"link": link})
            reading.relate(f"address/{address['address']}", "on", link, number)
        elif counted := STATISTICS.match(line):
            way, names = counted["way"], line.split()[1:]
        elif way and (counts := line.split()) and all(one.isdecimal() for one in counts):
            _counts(reading, number, (link, way), dict(zip(names, map(_count, counts), strict=False)))
            way = ""
        elif errors := ERRORS.match(line):
            _counts(reading, number, (link, errors["way"]), {name: _count(n) for name, n in COUNT.findall(line)})
        elif plain := PLAIN.match(line):
            _brief(reading, number, plain.groupdict())
        understood += bool(line.strip())
    return understood


def _count(text: str) -> float:
    return float(text[:18])


def _link(reading: Reading, number: int, said: dict[str, str | None]) -> str:
    """Keep a link; one that is up but has no carrier is told."""
    name, flags, rest = said["name"] or "", (said["flags"] or "").split(","), said["rest"] or ""
    state = re.search(r"\bstate ([A-Z]{2,20})", rest)
    mtu = re.search(r"\bmtu (\d{1,6})", rest)
    fields = {
        "flags": ",".join(flags),
        "state": state.group(1) if state else "",
        "mtu": mtu.group(1) if mtu else "",
        "on": said.get("on") or "",
    }
    link = reading.observe("link", name, number, fields)
    if "NO-CARRIER" in flags or (state and state.group(1) == "LOWERLAYERDOWN"):
        _down(reading, number, link, "has no carrier")
    elif state and state.group(1) == "DOWN" and "UP" not in flags:
        _down(reading, number, link, "is down")
    return link


def _down(reading: Reading, number: int, link: str, what: str) -> None:
    virtual = VIRTUAL.match(link.partition("/")[2])
    reading.find("unhealthy_object", link, number, 0.5 if virtual else 2.5, f"{link} {what}", status="down", reason=what)


def _brief(reading: Reading, number: int, said: dict[str, str | None]) -> None:
    name = (said["name"] or "").partition("@")[0]
    link = reading.observe("link", name, number, {"state": said["state"] or "", "addresses": said["rest"] or ""})
    if said["state"] in {"DOWN", "LOWERLAYERDOWN"}:
        _down(reading, number, link, "is down")


def _counts(reading: Reading, number: int, owner: tuple[str, str], counts: dict[str, float]) -> None:
    """Keep the counters of one direction; broken or dropped packets are told by their share of all."""
    link, way = owner
    kind, _, name = link.partition("/")
    if not name:
        return
    reading.observe(kind, name, number, {f"{way.lower()}_{what}": f"{count:g}" for what, count in counts.items()})
    packets = counts.get("packets") or _known(reading, link, f"{way.lower()}_packets")
    for what in TROUBLES:
        bad = counts.get(what, 0.0)
        share = bad / packets if packets else 1.0
        if bad and share >= 1e-6:
            severity = 3.5 if share >= LOST and bad >= 100 else 3.0 if share >= BROKEN and bad >= 10 else 1.0
            facts: dict[str, Fact] = {"resource": "packets", "used": bad, "limit": packets, "field": f"{way} {what}"}
            reading.find(
                "resource",
                link,
                number,
                severity,
                f"{link}: {bad:g} {way} {what}" + (f" of {packets:g} packets" if packets else ""),
                **facts,
            )


def _known(reading: Reading, link: str, field: str) -> float:
    said = reading.objects[link].fields.get(field, "") if link in reading.objects else ""
    return float(said) if said else 0.0


def routes(reading: Reading, first: int, last: int) -> int:
    """Read routes; a host without a default route, and routes to nowhere, are told."""
    seen, default = 0, False
    for number in range(first, last + 1):
        line = reading.head(number)
        if found := ROUTE.match(line) or OLD_ROUTE.match(line):
            seen += 1
            said = {key: value or "" for key, value in found.groupdict().items()}
            default = default or said["to"] == "default" or not said["to"].strip("0.:/")
            _route(reading, number, said)
        elif line.startswith(("Kernel IP", "Destination ", "Routing tables", "Internet")):
            seen += 1
    if seen and not default and any("scope link" in reading.head(n) for n in range(first, last + 1)):
        reading.find("row", "", first, 2.0, "there is no default route", reason="no default route")
    return seen


def _route(reading: Reading, number: int, said: dict[str, str]) -> None:
    rest = said["rest"].split()
    by = dict(zip(rest[::2], rest[1::2], strict=False)) if rest[:1] and rest[0] in {"via", "dev", "proto", "scope"} else {}
    link = by.get("dev") or (rest[-1] if not by and rest else "")
    name = f"{said['to']}{'/' + said['mask'] if said.get('mask') else ''}"
    known = reading.objects.get(f"route/{name}".lower())
    subject = reading.observe(
        "route", name if known is None else f"{name}:{link}", number, {"via": said.get("via") or by.get("via", ""), "link": link}
    )
    words = said.get("kind", "").strip()
    if words in NOWHERE or "linkdown" in rest or said.get("flags", "").startswith("!"):
        reading.find(
            "row",
            subject,
            number,
            2.5,
            f"the route to {said['to']} leads nowhere: {words or 'its link is down'}",
            reason="no route",
        )


def rules(reading: Reading, first: int, last: int) -> int:
    """Read `ip rule`: which packets look into which table, lowest priority first; those that are let go nowhere are told."""
    seen = 0
    for number in range(first, last + 1):
        found = RULE.match(reading.head(number))
        if not found:
            continue
        seen += 1
        name, action = apart(reading, "rule", found["priority"], (first, number)), found["action"] or ""
        fields = {"which": found["which"], "table": found["table"] or "", "action": action}
        subject = reading.observe("rule", name, number, fields)
        if action in NOWHERE:
            statement = f"packets {found['which']} are let go nowhere: {action}"
            reading.find("row", subject, number, 2.5, statement, reason="no route")
    return seen


def counted(reading: Reading, first: int, last: int) -> int:
    """Read `netstat -i`: packets of each link, good, broken and dropped."""
    seen = 0
    for row in columns.rows(reading.lines, (first, last), frozenset({"Iface", "MTU"})):
        seen += 1
        link = reading.observe("link", row.get("Iface"), row.line, {"mtu": row.get("MTU"), "flags": row.get("Flg")})
        for way in ("RX", "TX"):
            names = {"packets": f"{way}-OK", "errors": f"{way}-ERR", "dropped": f"{way}-DRP", "overruns": f"{way}-OVR"}
            said = {what: row.get(name) for what, name in names.items()}
            _counts(
                reading,
                row.line,
                (link, way),
                {what: _count(text) for what, text in said.items() if text.isascii() and text.isdecimal()},
            )
    return seen + 2 if seen else 0
