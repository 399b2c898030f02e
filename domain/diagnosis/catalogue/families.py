"""All families in one tuple; the order carries no meaning."""

from domain.diagnosis.catalogue import (
    builds,
    calm,
    changes,
    database_servers,
    databases,
    images,
    network,
    nodes,
    resources,
    scheduling,
    startup,
    storage,
    traffic,
)
from domain.diagnosis.values import Family

GROUPS = (
    scheduling,
    storage,
    nodes,
    images,
    startup,
    resources,
    network,
    databases,
    database_servers,
    traffic,
    changes,
    builds,
    calm,
)

FAMILIES: tuple[Family, ...] = tuple(value for group in GROUPS for value in vars(group).values() if isinstance(value, Family))

BY_ID = {family.id: family for family in FAMILIES}
