"""All examples by family."""

from tests.unit.domain.diagnosis.examples import cluster, grants, hosts, objects, recorded, servers, services
from tests.unit.domain.diagnosis.examples.shapes import Trio

GROUPS = (cluster, services, objects, grants, servers, hosts, recorded)
TRIOS: dict[str, Trio] = {family: trio for group in GROUPS for family, trio in group.EXAMPLES.items()}
