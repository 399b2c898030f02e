"""All examples by family."""

from tests.unit.domain.diagnosis.examples import cluster, grants, objects, servers, services
from tests.unit.domain.diagnosis.examples.shapes import Trio

TRIOS: dict[str, Trio] = {**cluster.EXAMPLES, **services.EXAMPLES, **objects.EXAMPLES, **grants.EXAMPLES, **servers.EXAMPLES}
