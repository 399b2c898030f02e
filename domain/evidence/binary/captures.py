"""Captured packets by their headers: how many, when, who talks most, whose connections are not answered or refused."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from itertools import islice

from domain.evidence.reading import Reading

PACKETS = 500_000
"""Packets looked at, one to two seconds."""
TALKERS, PEERS = 10, 100
LINK = {0: 4, 1: 14, 12: 0, 101: 0, 113: 16, 276: 20}
"""Bytes before the network header, by link type (tcpdump.org/linktypes.html)."""
ETHERNET, VLAN = 1, 0x8100
TCP, ICMP = 6, 1
SYN, RST, ACK = 2, 4, 16
UNREACHABLE = 3
MAGICS = {b"\xd4\xc3\xb2\xa1": ("<", 1e-6), b"\xa1\xb2\xc3\xd4": (">", 1e-6), b"\x4d\x3c\xb2\xa1": ("<", 1e-9), b"\xa1\xb2\x3c\x4d": (">", 1e-9)}  # fmt: skip
"""Byte order and unit of fractions, by magic (draft-ietf-opsawg-pcap)."""
SECTION, INTERFACE, ENHANCED, RESOLUTION = 0x0A0D0D0A, 1, 6, 9
"""Blocks and the option of a time's unit (draft-ietf-opsawg-pcapng)."""
Peer = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packet:
    time: float
    size: int
    link: int
    data: bytes


@dataclass(slots=True)
class _Seen:
    """What the headers of packets add up to; a peer is (client, server, port of the server)."""

    packets: int = 0
    size: int = 0
    first: float = 0.0
    last: float = 0.0
    talkers: Counter[str] = field(default_factory=Counter)
    asked: Counter[Peer] = field(default_factory=Counter)
    answered: set[Peer] = field(default_factory=set)
    reset: Counter[Peer] = field(default_factory=Counter)
    unreachable: Counter[tuple[str, str]] = field(default_factory=Counter)

    def take(self, packet: _Packet) -> None:
        """Count one packet."""
        self.first = min(self.first, packet.time) if self.packets else packet.time
        self.last = max(self.last, packet.time)
        self.packets += 1
        self.size += packet.size
        network = _network(packet)
        if len(network) < 20:
            return
        source, target, protocol, rest = _addresses(network)
        self.talkers[source] += packet.size
        if protocol == TCP and len(rest) >= 14:
            self._tcp(source, target, rest)
        elif protocol == ICMP and rest[:1] == bytes([UNREACHABLE]):
            self.unreachable[source, target] += 1

    def _tcp(self, source: str, target: str, rest: bytes) -> None:
        left, right = struct.unpack_from(">HH", rest)
        flags = rest[13]
        if flags & SYN and not flags & ACK:
            self.asked[source, target, right] += 1
        elif flags & SYN:
            self.answered.add((target, source, left))
        elif flags & RST:
            there, back = (source, target, right), (target, source, left)
            self.reset[back if back in self.asked else there] += 1


def tell_pcap(reading: Reading, data: bytes) -> str:
    """Return how many packets were captured, when and by whom sent."""
    order, unit = MAGICS[data[:4]]
    (link,) = struct.unpack_from(order + "I", data, 20)
    return _tell(reading, _packets(data, order, unit, link & 0xFFFF), len(data))


def _packets(data: bytes, order: str, unit: float, link: int) -> Iterator[_Packet]:
    at, record = 24, struct.Struct(order + "IIII")
    while at + 16 <= len(data):
        seconds, fraction, kept, size = record.unpack_from(data, at)
        at += 16
        if at + kept > len(data):
            return
        yield _Packet(time=seconds + fraction * unit, size=size, link=link, data=data[at : at + min(kept, 128)])
        at += kept


def tell_pcapng(reading: Reading, data: bytes) -> str:
    """Return the same of the newer format."""
    return _tell(reading, _enhanced(data), len(data))


def _enhanced(data: bytes) -> Iterator[_Packet]:
    """Yield the packets of enhanced blocks; interfaces name link type and unit of time."""
    at, order = 0, "<"
    interfaces: list[tuple[int, float]] = []
    while at + 12 <= len(data):
        if data[at : at + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[at + 8 : at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
        kind, length = struct.unpack_from(order + "II", data, at)
        if length < 12 or at + length > len(data):
            return
        if kind == SECTION:
            interfaces = []
        elif kind == INTERFACE:
            interfaces.append((struct.unpack_from(order + "H", data, at + 8)[0], _unit(data[at + 16 : at + length - 4], order)))
        elif kind == ENHANCED and length >= 32:
            number, high, low, kept, size = struct.unpack_from(order + "IIIII", data, at + 8)
            link, unit = interfaces[number]
            start = at + 28
            yield _Packet(time=(high << 32 | low) * unit, size=size, link=link, data=data[start : start + min(kept, 128)])
        at += length


def _unit(options: bytes, order: str) -> float:
    """Return seconds per tick; a microsecond where no option says otherwise."""
    at = 0
    while at + 4 <= len(options):
        code, length = struct.unpack_from(order + "HH", options, at)
        if code == RESOLUTION and length and at + 4 < len(options):
            power = options[at + 4]
            return 2.0 ** -(power & 0x7F) if power & 0x80 else 10.0**-power
        at += 4 + -(-length // 4) * 4
    return 1e-6


def _network(packet: _Packet) -> bytes:
    """Return what follows the link's header, "" for links that are not known."""
    skip = LINK.get(packet.link, len(packet.data))
    tagged = packet.link == ETHERNET and packet.data[12:14] == VLAN.to_bytes(2, "big")
    return packet.data[skip + 4 * tagged :]


def _addresses(network: bytes) -> tuple[str, str, int, bytes]:
    """Return source, target, protocol and payload of an IP packet; addresses are "" where it is none."""
    if network[0] >> 4 == 4:
        source, target, protocol, rest = network[12:16], network[16:20], network[9], network[(network[0] & 15) * 4 :]
    elif network[0] >> 4 == 6 and len(network) >= 40:
        source, target, protocol, rest = network[8:24], network[24:40], network[6], network[40:]
    else:
        return "", "", 0, b""
    return str(ip_address(source)), str(ip_address(target)), protocol, rest


def _tell(reading: Reading, packets: Iterator[_Packet], size: int) -> str:
    seen = _Seen()
    for packet in islice(packets, PACKETS):
        seen.take(packet)
    if not seen.packets:
        reading.find("empty", "", 1, 0.5, "the capture holds no whole packet")
        return "no packets"
    if seen.packets == PACKETS:
        reading.notes.append(f"only the first {PACKETS:,} packets of {size:,} bytes were counted")
    _tell_peers(reading, seen)
    for host, sent in seen.talkers.most_common(TALKERS):
        if host:
            reading.observe("host", host, 1, {"bytes_sent": str(sent)})
    loudest = ", ".join(f"{host} {sent:,} bytes" for host, sent in seen.talkers.most_common(3) if host)
    return f"{seen.packets:,} packets of {seen.size:,} bytes{_when(reading, seen)}{loudest and ', most from ' + loudest}"


def _when(reading: Reading, seen: _Seen) -> str:
    first, last = (datetime.fromtimestamp(time, UTC) for time in (seen.first, seen.last))
    reading.happened(1, "the capture begins", "", first, 0.0)
    reading.happened(1, "the capture ends", "", last, 0.0)
    return f" from {first:%Y-%m-%d %H:%M:%S} to {last:%H:%M:%S} UTC ({seen.last - seen.first:.1f} s)"


def _tell_peers(reading: Reading, seen: _Seen) -> None:
    """Find connections that were refused or never answered."""
    for peer, asked in seen.asked.most_common(PEERS):
        client, server, port = peer
        if peer in seen.answered:
            continue
        refused = seen.reset[peer]
        what = f"refused {refused} times" if refused else "never answered"
        statement = f"{client} asked {server}:{port} for a connection {asked} times and was {what}"
        number = "refused" if refused else "unanswered"
        reading.find(
            "connection", f"host/{server}", 1, 4.0 if refused else 3.5, statement, host=server, port=str(port), reason=number
        )
    for (source, target), count in seen.unreachable.most_common(TALKERS):
        statement = f"{source} told {target} {count} times that a destination is unreachable"
        reading.find("connection", f"host/{source}", 1, 3.5, statement, host=source, reason="unreachable")
