"""Packets as text (`tcpdump`, `tshark`) and the filters they pass (`iptables`, `nft`)."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from domain.evidence.reading import Fact, Reading

PACKET = re.compile(
    r"^(?:\d{4}-\d\d-\d\d )?(?P<time>\d\d:\d\d:\d\d\.\d{1,9}) (?:\S{1,20}\s+(?:In|Out|P|B|M)\s+)?(?P<kind>IP6?|ARP)[ ,](?P<rest>.{0,2000})$"
)
FLOW = re.compile(r"^(?:\([^)]{0,300}\)\s*)?(?P<source>[\w.:\-%]{1,260}) > (?P<target>[\w.:\-%]{1,260}): (?P<what>.{0,1500})$")
FLAGS = re.compile(r"^Flags \[(?P<flags>[SFPRUEW.]{1,8})\](?:, cksum \S+(?: \([^)]{0,80}\))?)?(?:, seq (?P<seq>[\d:]{1,40}))?")
LENGTH = re.compile(r"\blength (\d{1,9})")
REFUSED = re.compile(
    r"ICMP6?,? .{0,300}(?:unreachable|time exceeded|need to frag|prohibited)|(?:\bNXDomain|\bServFail|\bRefused)\b"
)
DROPPED = re.compile(r"^(\d{1,12}) packets? dropped by (?:kernel|interface)")
AGAIN = 3
"""Times that the same first packet is sent before somebody is told."""
CHAIN = re.compile(
    r"^Chain (?P<chain>[\w\-.:]{1,100}) \((?:policy (?P<policy>[A-Z]{4,10})(?: (?P<packets>\d{1,15}[KMG]?) packets)?|\d{1,6} references)"
)
RULE = re.compile(
    r"^\s{0,8}(?:\d{1,6}\s+)?(?:(?P<packets>\d{1,12}[KMG]?)\s+\d{1,12}[KMG]?\s+)?(?P<target>[A-Z][\w\-]{1,60})\s+(?P<proto>\w{1,12}|\d{1,3})\s+(?P<opt>--|-f|!f)\s+(?P<rest>.{1,600})$"
)
SAVED = re.compile(
    r"^(?::(?P<chain>\S{1,100}) (?P<policy>ACCEPT|DROP|-) \[(?P<packets>\d{1,15}):\d{1,18}\]|(?:\[\d{1,15}:\d{1,18}\] )?-A (?P<into>\S{1,100}) (?P<rest>.{1,600}))$"
)
NFT_CHAIN = re.compile(
    r"^\s+(?:type \w{1,20} hook (?P<hook>\w{1,20}) .{0,80}?policy (?P<policy>\w{1,10});|chain (?P<chain>\S{1,100}) \{)"
)
NFT_RULE = re.compile(
    r"^\s{2,40}(?P<rest>\S.{0,500}?\b(?P<verdict>accept|drop|reject|jump \S{1,60}|goto \S{1,60}|masquerade|return|dnat \S.{0,60}|snat \S.{0,60})(?: .{0,200})?)$"
)
SHUT = frozenset({"DROP", "REJECT", "drop", "reject"})


@dataclass(slots=True)
class Trace:
    """What is counted over the packets."""

    opened: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    sent: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    answered: set[tuple[str, str]] = field(default_factory=set)
    resets: dict[tuple[str, str], list[int]] = field(default_factory=dict)


def packets(reading: Reading, first: int, last: int) -> int:
    """Read packets: connections that get no answer or a reset, segments that are sent again, refusals."""
    trace, seen = Trace(), 0
    for number in range(first, last + 1):
        line = reading.head(number)
        if dropped := DROPPED.match(line):
            seen += 1
            if int(dropped.group(1)):
                reading.find("resource", "", number, 1.5, line, resource="packets", used=float(dropped.group(1)))
        elif packet := PACKET.match(line):
            seen += 1
            _packet(reading, number, trace, packet["rest"])
    _judge(reading, trace)
    return seen


def _packet(reading: Reading, number: int, trace: Trace, rest: str) -> None:
    flow = FLOW.match(rest)
    if not flow:
        reading.observe("packet", str(number), number, {"what": rest[:200]})
        return
    source, target, what = flow["source"], flow["target"], flow["what"]
    reading.observe("packet", str(number), number, {"from": source, "to": target, "what": what[:200]})
    if REFUSED.search(what):
        reading.find("connection", "", number, 3.0, f"{source} tells {target}: {what}", message=what, host=source)
    if flags := FLAGS.match(what):
        _segment(trace, number, (source, target), (flags["flags"], flags["seq"] or "", what))


def _segment(trace: Trace, number: int, flow: tuple[str, str], said: tuple[str, str, str]) -> None:
    flags, seq, what = said
    trace.answered.add((flow[1], flow[0]))
    if "R" in flags:
        trace.resets.setdefault(flow, []).append(number)
    elif flags.startswith("S") and "." not in flags:
        trace.opened.setdefault((*flow, seq), []).append(number)
    elif (length := LENGTH.search(what)) and int(length.group(1)) and seq:
        trace.sent.setdefault((*flow, seq), []).append(number)


def _judge(reading: Reading, trace: Trace) -> None:
    """Find what the packets tell together."""
    for (source, target, _), lines in trace.opened.items():
        if (source, target) not in trace.answered and len(lines) >= AGAIN:
            facts: dict[str, Fact] = {"host": target, "source": source, "count": float(len(lines)), "reason": "no answer"}
            reading.find("connection", "", lines[0], 3.5, f"{target} does not answer {source}, asked {len(lines)} times", **facts)
            reading.also(lines[-1])
    for (source, target), lines in trace.resets.items():
        refused = any((target, source) == key[:2] for key in trace.opened)
        text = f"{source} {'refuses' if refused else 'resets'} the connection of {target}"
        reading.find(
            "connection",
            "",
            lines[0],
            3.5 if refused else 2.5,
            text,
            host=source,
            reason="refused" if refused else "reset",
            count=float(len(lines)),
        )
    again = {key: lines for key, lines in trace.sent.items() if len(lines) > 1}
    if again:
        flow, _ = Counter(key[:2] for key in again).most_common(1)[0]
        line = next(lines[1] for key, lines in again.items() if key[:2] == flow)
        share = sum(len(lines) - 1 for lines in again.values()) / sum(map(len, trace.sent.values()))
        text = f"{share:.0%} of the segments with data were sent again, most from {flow[0]} to {flow[1]}"
        reading.find("connection", "", line, 3.0 if share >= 0.02 else 1.5, text, resource="packets", used=share, host=flow[1])


def filters(reading: Reading, first: int, last: int) -> int:
    """Read chains and rules; those that shut out packets are told by how many they met."""
    chain, understood = "", 0
    for number in range(first, last + 1):
        line = reading.head(number)
        understood += bool(line.strip())
        if head := CHAIN.match(line) or SAVED.match(line) or NFT_CHAIN.match(line):
            said = {key: value or "" for key, value in head.groupdict().items()}
            chain = said.get("chain") or chain
            into = said.get("into", "")
            if into:
                _rule(reading, number, into, (_verdict(said["rest"]), "", said["rest"]))
            else:
                _chain(reading, number, chain, (said.get("policy", ""), said.get("packets", "")))
        elif rule := RULE.match(line):
            _rule(reading, number, chain, (rule["target"], rule["packets"] or "", rule["rest"]))
        elif nft := NFT_RULE.match(line):
            counted = re.search(r"counter packets (\d{1,15})", nft["rest"])
            _rule(reading, number, chain, (nft["verdict"].split(" ")[0], counted.group(1) if counted else "", nft["rest"]))
    return understood


def _verdict(rest: str) -> str:
    found = re.search(r"-[jg] (\S{1,60})", rest)
    return found.group(1) if found else ""


def _chain(reading: Reading, number: int, chain: str, said: tuple[str, str]) -> None:
    policy, met = said
    reading.observe("chain", chain, number, {"policy": policy, "packets": met})
    if policy in SHUT:
        text = f"what no rule of {chain} lets in is dropped" + (f": {met} packets so far" if met else "")
        reading.find("setting", f"chain/{chain}".lower(), number, 1.5 if met and met != "0" else 1.0, text, value=policy)


def _rule(reading: Reading, number: int, chain: str, said: tuple[str, str, str]) -> None:
    verdict, met, rest = said
    reading.observe("rule", f"{chain}:{number}", number, {"verdict": verdict, "packets": met, "match": rest[:300]})
    if verdict in SHUT:
        hit = met not in {"", "0"}
        text = f"{chain} shuts out {rest}" + (f": {met} packets so far" if hit else "")
        reading.find("setting", f"chain/{chain}".lower(), number, 2.5 if hit else 1.0, text, value=verdict, field=rest[:200])
