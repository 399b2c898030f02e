"""All families in one tuple; the order carries no meaning."""

from dataclasses import replace

from domain.diagnosis.catalogue import (
    builds,
    calm,
    changes,
    database_servers,
    databases,
    distances,
    encryption,
    grants,
    hosts,
    images,
    measured,
    network,
    nodes,
    probes,
    resources,
    routing,
    scheduling,
    servers,
    startup,
    storage,
    traffic,
    volumes,
)
from domain.diagnosis.catalogue.mechanisms import MECHANISMS
from domain.diagnosis.values import Family

GROUPS = (
    scheduling,
    storage,
    volumes,
    nodes,
    images,
    startup,
    probes,
    resources,
    network,
    encryption,
    distances,
    routing,
    databases,
    database_servers,
    servers,
    hosts,
    traffic,
    measured,
    grants,
    changes,
    builds,
    calm,
)

FAMILIES: tuple[Family, ...] = tuple(
    replace(value, mechanism=MECHANISMS.get(value.id, ""))
    for group in GROUPS
    for value in vars(group).values()
    if isinstance(value, Family)
)

BY_ID = {family.id: family for family in FAMILIES}
