"""Format of a command about a network → its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.evidence.commands.networks import certificates, links, load_tests, names, neighbours, packets, reach, sockets, web
from domain.evidence.reading import Reading

READERS: Mapping[str, Callable[[Reading, int, int], int]] = {
    "sockets": sockets.sockets,
    "socket summary": sockets.summary,
    "links": links.links,
    "link counters": links.counted,
    "routes": links.routes,
    "neighbours": neighbours.neighbours,
    "rules": links.rules,
    "ping": reach.ping,
    "traceroute": reach.path,
    "connection test": reach.tests,
    "dig": names.names,
    "nslookup": names.names,
    "curl": web.http,
    "wget": web.http,
    "openssl": certificates.certificates,
    "tcpdump": packets.packets,
    "packet filter": packets.filters,
    "load test": load_tests.read,
}
