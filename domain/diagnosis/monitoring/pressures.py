"""What a server suffers from where no limit of its own was measured: a load that one statement makes, a full link, a failing host."""

from __future__ import annotations

import re

from domain.diagnosis.monitoring.gauges import Gauge
from domain.diagnosis.monitoring.loads import Row
from domain.diagnosis.monitoring.values import Picture, Vital
from domain.diagnosis.monitoring.vitals import PILED, SESSIONS, WAITS_CPU, drives
from domain.diagnosis.subjects import spoken

MOST = 0.5
"""Share of the load that one statement makes, or that waits for one thing, when nothing else need be looked for."""
WAITS_LINK = r"client ?write|net_?(?:write|send)|network|async_network_io|sql\*net more data to"
"""Waits of a server that sends more than its client or the link takes (PostgreSQL, SQL Server and Oracle)."""


def loaded(seen: Picture) -> Vital | None:
    """Return that one statement loads a server, by what its sessions wait for; None where its load has not grown so."""
    load, driver = seen.board.one("load"), seen.driver
    if load is None or driver is None or driver.share < MOST or not overloaded(load):
        return None
    sent = next((one for one in seen.board.of("sent") if one.last >= PILED * max(one.first, 1.0)), None)
    if seen.loads.waiting(WAITS_LINK) >= MOST or (sent and re.search(WAITS_LINK, driver.waits, re.IGNORECASE)):
        return _link(seen, load, driver, sent)
    busy = seen.loads.waiting(WAITS_CPU) >= MOST and not seen.board.of("cpu")
    owner = next((one.owner for one in seen.board.gauges if one.owner), load.owner)
    name, waits = spoken(owner, "the database"), seen.loads.waits[:1]
    query = f"query `{driver.short}` makes {driver.share:.0%} of the load"
    what = f"CPU saturation of {name}" if busy else f"One slow query loads {name}"
    measured = f"{load.spoken}; CPUUtilization is not reported" if busy else load.spoken
    felt = "Sessions queue for CPU" if busy else f"Sessions wait for {waits[0].text}" if waits else "Sessions pile up"
    return Vital(
        id="cpu" if busy else "load",
        subject=owner,
        statement=f"{what} ({measured}): {query}",
        chain=(*drives(seen, "One query dominates"), f"{felt} ({load.spoken}) and response times rise"),
        shown_by=(load, driver, *waits),
        drivers=(driver,),
        time=load.departed,
    )


def _link(seen: Picture, load: Gauge, driver: Row, sent: Gauge | None) -> Vital:
    """Return that a statement sends more than the network or its client takes."""
    owner = sent.owner if sent else next((one.owner for one in seen.board.gauges if one.owner), load.owner)
    measured = "; ".join(one.spoken for one in (sent, load) if one)
    return Vital(
        id="link",
        subject=owner,
        statement=f"Network throughput of {spoken(owner, 'the database')} is saturated ({measured}): query `{driver.short}` makes {driver.share:.0%} of the load",
        chain=(
            *drives(seen, "One query sends too much"),
            f"The server waits until the network or the client takes its answers ({measured})",
        ),
        shown_by=tuple(one for one in (sent, load, driver) if one),
        drivers=(driver,),
        time=sent.departed if sent else load.departed,
    )


def overloaded(load: Gauge) -> bool:
    """Tell whether the sessions that work or wait have grown to many, and still are."""
    return load.last >= SESSIONS and load.last >= PILED * max(load.first, 0.5)


def host(seen: Picture) -> Vital | None:
    """Return that a machine fails the status checks of its cloud, None where it passes them."""
    failed = [one for one in seen.board.of("status_check") if one.last >= 1]
    if not failed:
        return None
    gauge, told = failed[0], ", ".join(one.spoken for one in failed[:2])
    return Vital(
        id="host",
        subject=gauge.owner,
        statement=f"{spoken(gauge.owner, 'The instance')} fails its status checks ({told}): the host or hardware under it is impaired",
        chain=(f"The cloud's own checks of the machine fail ({told})", "Whatever runs on it stops answering its callers"),
        shown_by=tuple(failed[:2]),
        time=gauge.departed,
    )
