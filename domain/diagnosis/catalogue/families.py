"""All families in one tuple; the order carries no meaning."""

from domain.diagnosis.catalogue import (
    builds,
    calm,
    changes,
    database_servers,
    databases,
    distances,
    grants,
    hosts,
    images,
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
    distances,
    routing,
    databases,
    database_servers,
    servers,
    hosts,
    traffic,
    grants,
    changes,
    builds,
    calm,
)

FAMILIES: tuple[Family, ...] = tuple(value for group in GROUPS for value in vars(group).values() if isinstance(value, Family))

BY_ID = {family.id: family for family in FAMILIES}
