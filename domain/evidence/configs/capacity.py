"""Amounts that cannot work: nothing at all, less than nothing, a least above its most, a limit below what is asked for."""

from __future__ import annotations

import re
from operator import itemgetter

from domain.evidence.configs.quantities import comparable, size
from domain.evidence.configs.settings import Configuration, Setting, mention
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.trees import Node, Path, numeric, said

ZERO = re.compile(
    r"(?i)(?:pool_?size|max_?pool|maximumpoolsize|max_?(?:open_?|request_?)?(?:connections?|conns?|clients|workers|threads|requests|sessions|active|total|children)"
    r"|^(?:workers|threads|concurrency|parallelism|worker_?processes|worker_?connections|maxconn|limitnofile|nofile|capacity|queue_?size|queue_?capacity))$"
)
"""Names of amounts of which none is too few."""
REPLICAS = re.compile(r"(?i)^(?:replicas|replica_?count|desired_?count|instance_?count)$")
COUNTED = re.compile(
    r"(?i)(?:size|count|replicas|workers|threads|limit|capacity|port|connections|retries|attempts|max_\w+|timeout|interval|ttl|delay|period)$"
)
LEAST = re.compile(r"(?i)^(.*?)(min(?:imum)?|lower|soft|initial)(.*)$")
MOST_WORDS = {"min": ("max",), "minimum": ("maximum",), "lower": ("upper",), "soft": ("hard",), "initial": ("max", "maximum")}
ASKED = (("limits", "requests"), ("limits", "reservations"))
"""(most, least) as Kubernetes and Compose name them."""
PAIRED = (
    ("minimumIdle", "maximumPoolSize"),
    ("mem_reservation", "mem_limit"),
    ("idleTimeout", "maxLifetime"),
    ("max_idle_conns", "max_open_conns"),
)
"""(least, most) whose names do not mirror each other (documentation of HikariCP, Compose, Go's database/sql)."""
POOL = re.compile(r"(?i)(?:maximum_?pool_?size|max_?pool_?size|pool_?size|max_?open_?conn\w*|pool[._]max|max_?pool)$")
ROOM = re.compile(r"(?i)^max_?connections$")
FILES = re.compile(r"(?i)^(?:worker_rlimit_nofile|LimitNOFILE|nofile)$")
PER_WORKER = re.compile(r"(?i)^(?:worker_connections|maxconn|maxclients|max_?clients)$")


def remark(configuration: Configuration) -> None:
    """Say which amounts cannot work."""
    for setting in configuration.of(ZERO, REPLICAS, COUNTED):
        _single(configuration, setting)
    for path, node in configuration.maps:
        fields = dict(node.fields)
        _turned(configuration, path, fields)
        for most, least in ASKED:
            if most in fields and least in fields:
                _below(configuration, (*path, most), fields[most], fields[least])
    _pools(configuration)
    _files(configuration)


def _single(configuration: Configuration, setting: Setting) -> None:
    """Find an amount of nothing, or of less."""
    name, value = setting.name, numeric(setting.value) if setting.text else None
    if value is None:
        return
    if value == 0 and (ZERO.search(name) or (REPLICAS.match(name) and not configuration.cluster)):
        configuration.doubt(setting.path, setting.line, 3.0, f"{setting.where} is 0", value=setting.text, reason="zero capacity")
    elif COUNTED.search(name) and (value < -1 or (value == -1 and re.search(r"(?i)port|replicas|workers|threads", name))):
        statement = f"{setting.where} is {setting.text}, less than nothing"
        configuration.doubt(setting.path, setting.line, 2.5, statement, value=setting.text, reason="negative amount")


def _turned(configuration: Configuration, path: Path, fields: dict[str, Node]) -> None:
    """Find a least that is above its most in the same map."""
    pairs = [(low, high) for low, high in PAIRED if low in fields and high in fields]
    lowered: dict[str, str] = {}
    for name in fields if mention(fields, MOST_WORDS) else ():
        if found := LEAST.match(name):
            before, word, after = found.groups()
            lowered = lowered or {other.lower(): other for other in fields}
            mirrors = (f"{before}{high}{after}".lower() for high in MOST_WORDS[word.lower()])
            pairs += [(name, lowered[mirror]) for mirror in mirrors if mirror in lowered][:1]
    for low, high in pairs:
        least, most = fields[low], fields[high]
        measured = comparable(low, least.value, most.value)
        if measured and measured[0] > measured[1] > 0:
            where = ".".join((*path, low))
            statement = f"{where} {said(least.value)} is above {high} {said(most.value)}"
            facts = {"value": said(least.value), "limit": said(most.value), "reason": "least above most"}
            if configuration.doubt((*path, low), least.line, 3.5, statement, **facts):
                configuration.reading.also(most.line, said(most.value))


def _below(configuration: Configuration, path: Path, most: Node, least: Node) -> None:
    """Find limits below their requests."""
    for name, limit in most.fields:
        asked = least.get(name)
        high, low = amount(said(limit.value)), amount(said(asked.value)) if asked else None
        if asked and high is not None and low is not None and high < low:
            where = ".".join((*path, name))
            statement = f"{where} {said(limit.value)} is below the request {said(asked.value)}"
            facts = {"value": said(limit.value), "reason": "limit below request"}
            if configuration.doubt((*path, name), limit.line, 3.5, statement, **facts):
                configuration.reading.also(asked.line, said(asked.value))


def _pools(configuration: Configuration) -> None:
    """Find a pool that is larger than what the server in the same documents admits, by itself or times its replicas."""
    rooms = [(one, number) for one in configuration.of(ROOM) if (number := numeric(one.value or 0))]
    if not rooms:
        return
    room, most = min(rooms, key=itemgetter(1))
    replicas = max((numeric(one.value or 0) or 0 for one in configuration.of(REPLICAS)), default=1) or 1
    for one in configuration.settings:
        held = numeric(one.value or 0) if POOL.search(one.where) and one.path != room.path else None
        if held and held * replicas > most:
            times = f" × {replicas:g} replicas" if replicas > 1 else ""
            statement = f"{one.where} {held:g}{times} is more than {room.where} {most:g} admits"
            facts = {"value": one.text, "limit": room.text, "reason": "pool above the server's limit"}
            if configuration.doubt(one.path, one.line, 3.0, statement, **facts):
                configuration.reading.also(room.line, room.text)


def _files(configuration: Configuration) -> None:
    """Find more connections than files may be open, by the first limit of files."""
    limits = ((one, numeric(one.text.split(":")[0] or None)) for one in configuration.of(FILES))
    limit, allowed = next(limits, (None, None))
    for one in configuration.settings if limit and allowed else ():
        wanted = numeric(one.value or 0) if PER_WORKER.match(one.name) else None
        if limit is None or not wanted or wanted <= (allowed or 0):
            continue
        statement = f"{one.where} {wanted:g} is more than {limit.where} {allowed:g} lets be open"
        facts = {"value": one.text, "limit": limit.text, "reason": "connections above the file limit"}
        if configuration.doubt(one.path, one.line, 3.0, statement, **facts):
            configuration.reading.also(limit.line, limit.text)


def heap(text: str) -> tuple[str, float] | None:
    """Return the flag that fixes a heap and its bytes, None where a text holds none (java, node and Go documentation)."""
    flags = (
        (r"-Xmx(\d{1,12}[kKmMgGtT]?)\b", 1.0),
        (r"--max[-_]old[-_]space[-_]size=(\d{1,9})", 1024.0**2),
        (r"GOMEMLIMIT=(\d{1,12}\w{0,3})", 1.0),
    )
    for pattern, unit in flags:
        if found := re.search(pattern, text[:4096]):
            number = numeric(found.group(1))
            held = number * unit if number is not None else size(found.group(1))
            return (found.group(), held) if held else None
    return None
