"""Times that cannot work: a check longer than its period, a caller that gives up before its callee, absurd and unknown units."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.evidence.configs.quantities import SECONDS, TIME, WHOLE, seconds
from domain.evidence.configs.settings import Configuration, Setting, mention
from domain.evidence.structure.trees import Node, Path, numeric, said

PERIODS = ("interval", "period")
PERIOD = re.compile("(?i)" + "|".join(PERIODS))
LIMIT = re.compile(r"(?i)time_?out")
STEM = re.compile(r"(?i)interval|period|time_?out|seconds?|millis|_ms$|[_\-.]")
LONGEST, SHORTEST = 86_400.0, 0.005
"""Seconds: no answer is worth waiting a day for, and no network answers within 5 ms for sure."""
AWAITED = re.compile(
    r"(?i)(?:connect|read|write|request|response|query|statement|socket|call|http|acquire|lock)\w*[._\-]?time_?out"
)
IDLE = re.compile(
    r"(?i)idle|keep_?-?alive|session|connect|dial|handshake|tls|shutdown|grace|drain|lock|start|boot|job|build|deploy|cache|ttl|queue|tunnel|log"
)
CALLERS = (
    re.compile(r"(?i)client|gateway|proxy|ingress|front_?end|edge|load_?balancer|browser|caller"),
    re.compile(r"(?i)server|upstream|backend|service|request|handler|api|http"),
    re.compile(r"(?i)query|statement|database|\bdb\b|_db_|sql|redis|transaction|mongo"),
)
"""Who waits for whom, outermost first."""
TRIES = re.compile(r"(?i)^(?:retries|max_?retries|attempts|max_?attempts|num_?retries|retry_?count)$")
PER_TRY = re.compile(r"(?i)^per_?try_?timeout$")
PLAIN_UNITS = frozenset({"x", "k", "kb", "mb", "b", "%", "r", "rs", "c"})


def remark(configuration: Configuration) -> None:
    """Say which times cannot work."""
    for setting in configuration.of(TIME):
        if setting.text:
            _single(configuration, setting)
    for path, node in configuration.maps:
        _checks(configuration, path, node)
        _tries(configuration, path, dict(node.fields))
    _patience(configuration)


def _single(configuration: Configuration, setting: Setting) -> None:
    """Find a time in an unknown unit, below nothing, or of absurd length."""
    text = setting.text.strip()
    held = seconds(setting.name, setting.value)
    if held is None:
        found = re.fullmatch(r"\d{1,12}(?:\.\d{1,6})?\s?([A-Za-z]{1,12})", text)
        if found and found.group(1) not in SECONDS and found.group(1).lower() not in {*PLAIN_UNITS, *map(str.lower, SECONDS)}:
            statement = f"{setting.where} is {text}: {found.group(1)} is no unit of time"
            configuration.doubt(setting.path, setting.line, 2.5, statement, value=text, reason="unknown unit")
    elif held < 0:
        configuration.doubt(
            setting.path,
            setting.line,
            3.0,
            f"{setting.where} is {text}, less than nothing",
            value=text,
            reason="negative duration",
        )
    elif (
        AWAITED.search(setting.where)
        and not IDLE.search(setting.name.replace("connect", ""))
        and (held > LONGEST or 0 < held < SHORTEST)
    ):
        long = "longer than a day" if held > LONGEST else "too short for any network"
        configuration.doubt(
            setting.path, setting.line, 2.5, f"{setting.where} is {text}, {long}", value=text, reason="absurd duration"
        )


def _checks(configuration: Configuration, path: Path, node: Node) -> None:
    """Find a check whose time-out is longer than the period after which the next one begins."""
    if not mention(node.names(), PERIODS):
        return
    times = {name: child for name, child in node.fields if child.shape == "scalar" and TIME.search(name)}
    periods = {STEM.sub("", name).lower(): name for name in times if PERIOD.search(name)}
    for name, child in times.items():
        stem = STEM.sub("", name).lower()
        period = periods.get(stem) if LIMIT.search(name) else None
        if not period:
            continue
        longest, every = _both(name, child, period, times[period])
        if longest > every > 0:
            where = ".".join((*path, name))
            statement = (
                f"{where} {said(child.value)} is longer than {period} {said(times[period].value)}: checks overlap or are refused"
            )
            facts = {"value": said(child.value), "limit": said(times[period].value), "reason": "timeout above period"}
            if configuration.doubt((*path, name), child.line, 3.0, statement, **facts):
                configuration.reading.also(times[period].line, said(times[period].value))


def _both(name: str, one: Node, other_name: str, other: Node) -> tuple[float, float]:
    """Return two times in one unit, zeros where they cannot be compared."""
    first, second = seconds(name, one.value), seconds(other_name, other.value)
    if first is None or second is None:
        bare = (numeric(one.value) if said(one.value) else None, numeric(other.value) if said(other.value) else None)
        first, second = bare if WHOLE.match(said(one.value)) is None and WHOLE.match(said(other.value)) is None else (None, None)
    return (first, second) if first is not None and second is not None else (0.0, 0.0)


def _tries(configuration: Configuration, path: Path, fields: dict[str, Node]) -> None:
    """Find tries that do not fit into the time-out around them."""
    tries = next((child for name, child in fields.items() if TRIES.match(name)), None)
    each = next((child for name, child in fields.items() if PER_TRY.match(name)), None)
    if tries is None or each is None:
        return
    count, one = numeric(tries.value) or 0, seconds("timeout", each.value)
    for around, node in configuration.maps:
        whole = node.get("timeout") if path[: len(around)] == around else None
        total = seconds("timeout", whole.value) if whole else None
        if whole and total and one and count * one > total:
            statement = f"{count:g} tries of {said(each.value)} do not fit into the timeout {said(whole.value)}"
            facts = {"value": said(each.value), "limit": said(whole.value), "reason": "tries longer than timeout"}
            if configuration.doubt((*path, "perTryTimeout"), each.line, 2.5, statement, **facts):
                configuration.reading.also(whole.line, said(whole.value))
            return


def _patience(configuration: Configuration) -> None:
    """Find a caller that gives up before what it calls does: the work goes on for nobody."""
    waits = list(_waits(configuration.settings))
    for outer in range(2):
        callers = [(held, one) for rank, held, one in waits if rank == outer]
        callees = [(held, one) for rank, held, one in waits if rank > outer]
        if callers and callees and _gives_up(configuration, callers, callees):
            return


def _gives_up(configuration: Configuration, callers: list[tuple[float, Setting]], callees: list[tuple[float, Setting]]) -> bool:
    """Compare the least patient caller with the slowest callee."""
    patience, caller = min(callers, key=lambda pair: (pair[0], pair[1].line))
    needed, callee = max(callees, key=lambda pair: (pair[0], -pair[1].line))
    if patience >= needed:
        return False
    statement = f"{caller.where} {caller.text} gives up before {callee.where} {callee.text}"
    facts = {"value": caller.text, "limit": callee.text, "reason": "caller gives up before callee"}
    if configuration.doubt(caller.path, caller.line, 2.0, statement, **facts):
        configuration.reading.also(callee.line, callee.text)
    return True


def _waits(settings: tuple[Setting, ...]) -> Iterator[tuple[int, float, Setting]]:
    """Yield (rank of who waits, seconds, setting) of every time-out for an answer."""
    for one in settings:
        last_two = ".".join(one.path[-2:])
        if not LIMIT.search(last_two) or IDLE.search(one.name):
            continue
        held = seconds(one.name, one.value)
        if not held:
            continue
        ranks = [rank for rank, words in enumerate(CALLERS) if words.search(one.name)] or [
            rank for rank, words in enumerate(CALLERS) if words.search(".".join(one.path[:-1]))
        ]
        if ranks:
            yield ranks[-1], held, one
