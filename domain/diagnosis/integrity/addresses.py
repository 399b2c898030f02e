"""Names and ports in settings against the observed services; credentials against those that others use for the same place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity.resemblance import Names
from domain.diagnosis.integrity.services import PORT
from domain.diagnosis.integrity.telling import finding, omitted, settings_of, together
from domain.diagnosis.subjects import owner
from domain.evidence.secret_names import PASSWORD
from domain.evidence.values import Finding, ObservedObject

PLACE = re.compile(
    r"^(?:[a-z][a-z0-9+.:-]{0,30}://)?(?:[^@/\s]{1,100}@)?(?P<host>[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)(?P<domain>(?:\.[a-z0-9-]{1,63}){0,6}):(?P<port>\d{1,5})(?:[/?,].{0,300})?$"
)
"""`host:port`, alone or in a URL."""
HOST_KEY = re.compile(r"(?i)^(?P<stem>.{0,80}?)[._-]?(?:host|hostname|addr|address|server)$")
ADDRESS_KEY = re.compile(r"(?i)[._-]?(?:host|hostname|addr|address|url|uri|endpoint|server|target)$")
"""What a setting that holds an address ends in, after the name of what stands there."""
NAME = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
OWN = frozenset({"localhost", "local"})
ENOUGH = 3
"""Services that one document must list before another may be called absent: views of single ones show only what was asked for."""
MOST_STRANGE = 50
"""Names that no service has and that are compared with all: who calls more of them calls another cluster."""
SLIP = 0.6
"""How like two words must be for one to be the other misspelt: `leader`, `laeder`; not `users`, `orders`."""
SPECIFIC = re.compile(r"[A-Za-z]{3,}[._-][A-Za-z0-9._-]{0,60}[._-](?:ADDR|ADDRESS|HOST|URL|URI|ENDPOINT)$", re.IGNORECASE)
"""A setting that says whose address it is, so that two workloads that have it mean one service."""
DATABASE = re.compile(r"(?i)mysql|maria|postgres|pgsql|mongo|redis|oracle|mssql|cassandra|database|jdbc|(?:^|[._-])db(?:[._-]|$)")
AGREE = 0.6
"""Share of siblings that must hold another value before one that differs is suspicious."""
FEW_SIBLINGS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a workload is told to find something."""

    item: ObservedObject
    """The workload."""
    source: ObservedObject
    """Where it is written."""
    setting: str
    host: str
    domain: str
    port: str
    secret: str = ""
    """Fingerprint of the password that stands beside it."""


def check(graph: Graph) -> Iterator[Finding]:
    """Yield settings that name a service or port that does not exist, and credentials that differ from the siblings'."""
    services = {item.id.partition("/")[2]: item for item in graph.of("service") if item.fields.get("ports")}
    if len(services) < ENOUGH:
        return
    listed = together(graph, services.values(), "ports") >= ENOUGH
    places = tuple(one for item in graph.workloads.values() for one in _places(graph, item))
    strange = {one.host: one.source for one in reversed(places) if listed and _is_absent(one, services)}
    near = {**_meant(places, services), **_nearest(reversed(strange), services)}
    yield from omitted("names that no service has", tuple(reversed(strange.values())), MOST_STRANGE)
    usual = _usual(one for one in places if one.host in services)
    for one in places:
        meant = near.get(one.host) or usual.get((one.setting, one.port), "")
        if listed and meant and _is_absent(one, services):
            yield _absent(one, meant)
        yield from _port(one, services)
    yield from _credentials(places)
    yield from _resolvers(graph, services)


def servers(graph: Graph) -> frozenset[str]:
    """Return the names of the workloads whose own name or image says that they are a database."""
    return frozenset(name for name, item in graph.workloads.items() if DATABASE.search(f"{name} {item.fields.get('images', '')}"))


def databases(graph: Graph) -> Mapping[str, str]:
    """Return name of a workload → the workload behind the one database that its settings name."""
    found: dict[str, set[str]] = {}
    for item in graph.workloads.values():
        for one in _places(graph, item):
            home = graph.home(f"service/{one.host}")
            if DATABASE.search(f"{one.setting} {one.host}") and owner(home) in graph.workloads:
                found.setdefault(owner(item.id), set()).add(graph.workloads[owner(home)].id)
    return {name: next(iter(homes)) for name, homes in found.items() if len(homes) == 1}


def _resolvers(graph: Graph, services: Mapping[str, ObservedObject]) -> Iterator[Finding]:
    """Yield workloads that ask other name servers than their siblings, or that fix a service's name to an address."""
    asked = Counter(item.fields.get("nameservers", "") for item in graph.workloads.values())
    for item in graph.workloads.values():
        servers = item.fields.get("nameservers", "")
        if item.fields.get("dns_policy") == "None" and servers and asked[servers] <= (1 - AGREE) * len(graph.workloads):
            told = f"{item.id} resolves names by {servers} alone, and the others by the cluster's own resolver"
            yield finding("resolver", item, told, severity=3.5, value=servers)
        for name in set(item.fields.get("host_aliases", "").split(",")) & services.keys():
            told = f"{item.id} has an address of its own for {name}, past the cluster's resolver"
            yield finding("resolver", item, told, severity=3.5, value=name, host=name)


def _places(graph: Graph, item: ObservedObject) -> Iterator[Place]:
    """Yield every place in the settings of a workload, and in the secrets and config maps that it reads whole."""
    own = {name: value for _, name, value in settings_of(item)}
    yield from _in(item, item, own)
    for edge in graph.edges_from.get(item.id, ()):
        source = graph.objects.get(edge.target)
        if edge.relation == "reads" and source:
            held = {name.removeprefix("data."): value for name, value in source.fields.items() if name.startswith("data.")}
            yield from _in(item, source, held)


def _in(item: ObservedObject, source: ObservedObject, settings: Mapping[str, str]) -> Iterator[Place]:
    for name, value in settings.items():
        if found := PLACE.match(value):
            yield Place(item=item, source=source, setting=name, host=found["host"], domain=found["domain"], port=found["port"])
        elif (key := HOST_KEY.match(name)) and NAME.fullmatch(value):
            stem = key["stem"].lower()
            beside = {other.lower(): said for other, said in settings.items() if other.lower().startswith(stem)}
            port = next((said for other, said in beside.items() if other.endswith("port") and said.isdecimal()), "")
            secret = next((said for other, said in beside.items() if PASSWORD.search(other)), "")
            yield Place(item=item, source=source, setting=name, host=value, domain="", port=port, secret=secret)


def _is_absent(one: Place, services: Mapping[str, ObservedObject]) -> bool:
    """Tell whether a place inside of the cluster has a name that no service has."""
    inside = not one.domain or ".svc" in one.domain
    member = one.domain.lstrip(".").partition(".")[0]
    return inside and not any(name in services or name in OWN for name in (one.host, member))


def _nearest(hosts: Iterable[str], services: Mapping[str, ObservedObject]) -> Mapping[str, str]:
    """Return host → the service of nearly that name, where there is one."""
    known = Names(services)
    near = {host: known.nearest(host, 3) for host in [*dict.fromkeys(hosts)][:MOST_STRANGE]}
    meant = {host: [name for name in names if _is_misspelt(host, name)] for host, names in near.items()}
    return {host: names[0] for host, names in meant.items() if names}


def _meant(places: Iterable[Place], services: Mapping[str, ObservedObject]) -> Mapping[str, str]:
    """Return host → the service that its setting is named after, where the host is that name with a word more or less."""
    by_letters = {re.sub(r"[^a-z0-9]", "", name): name for name in services}
    found = {}
    for one in places:
        stem = ADDRESS_KEY.sub("", one.setting)
        name = by_letters.get(re.sub(r"[^a-z0-9]", "", stem.lower()), "")
        if name and one.host not in services and {*one.host.split("-")} & {*name.split("-")}:
            found[one.host] = name
    return found


def _is_misspelt(host: str, name: str) -> bool:
    """Tell whether a name is another one with a slip: one that has another word in its place is another name."""
    left, right = host.split("-"), name.split("-")
    if len(left) != len(right):
        return True
    return all(one == two or bool(get_close_matches(one, [two], 1, SLIP)) for one, two in zip(left, right, strict=True))


def _usual(places: Iterable[Place]) -> Mapping[tuple[str, str], str]:
    """Return (setting, port) → the one service that all others give there; settings of one name mean one place."""
    found: dict[tuple[str, str], set[str]] = {}
    for one in places:
        if SPECIFIC.search(one.setting) and one.port:
            found.setdefault((one.setting, one.port), set()).add(one.host)
    return {key: next(iter(hosts)) for key, hosts in found.items() if len(hosts) == 1}


def _absent(one: Place, near: str) -> Finding:
    """Return that no service has the name of a place, and which has nearly that name."""
    told = f"{one.item.id} is told to call {one.host}{':' + one.port if one.port else ''} in {one.setting}, and there is no such service; {near} is the nearest name"
    facts = {"value": one.host, "setting": one.setting, "near": near, "host": one.host}
    return finding("address", one.source, told, subject=one.item.id, severity=3.5, **facts)


def _port(one: Place, services: Mapping[str, ObservedObject]) -> Iterator[Finding]:
    """Yield a port that the named service does not offer."""
    service = services.get(one.host)
    offered = {port for port, _ in PORT.findall(service.fields["ports"])} if service else set()
    if not offered or not one.port or one.port in offered:
        return
    check = "database_port" if DATABASE.search(f"{one.setting} {one.host}") else "address"
    told = f"{one.item.id} is told to call {one.host} on port {one.port} in {one.setting}, and the service offers {', '.join(sorted(offered))}"
    yield finding(
        check,
        one.source,
        told,
        subject=one.item.id,
        severity=3.5,
        value=f"{one.host}:{one.port}",
        setting=one.setting,
        host=one.host,
        port=one.port,
    )


def _credentials(places: tuple[Place, ...]) -> Iterator[Finding]:
    """Yield who uses another password for a place than most others do."""
    by_host: dict[str, list[Place]] = {}
    for one in places:
        if one.secret:
            by_host.setdefault(one.host, []).append(one)
    for host, users in by_host.items():
        ((usual, count),) = Counter(one.secret for one in users).most_common(1)
        if len(users) < FEW_SIBLINGS or count < AGREE * len(users):
            continue
        for one in users:
            if one.secret != usual:
                told = f"{owner(one.item.id)} uses another password for {host} than {count} of {len(users)} who call it"
                yield finding("credentials", one.source, told, subject=one.item.id, severity=3.5, host=host, value=one.setting)
