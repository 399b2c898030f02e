"""Where gateways and settings lead: routes that leave a callee out, and hosts that are a service's name with a word more."""

from domain.diagnosis.integrity import addresses, gateways
from domain.evidence.values import Citation, Edge
from tests.unit.domain.diagnosis.integrity.graphs import calls, thing, told

SERVICES = tuple(thing(f"service/{name}", ports="8080/TCP") for name in ("erp-core", "report-runner", "dir-bridge"))
DOOR = thing("deployment/door", desired="1")
MOUNTS = Edge(
    source="deployment/door", relation="mounts", target="configmap/door", citation=Citation(evidence="file", first=1, last=1)
)
CALLED = tuple(calls("deployment/door", one.id) for one in SERVICES)


def routes(**to: str) -> tuple[tuple[str, str], ...]:
    conf = thing("configmap/door", **{f"route__/{path}/": host for path, host in to.items()})
    return tuple(told(gateways.check, DOOR, conf, *SERVICES, edges=(MOUNTS, *CALLED)))


def test_a_route_that_leads_to_a_service_with_a_route_while_its_own_has_none_is_told() -> None:
    assert routes(erp="erp-core", reports="erp-core", directory="dir-bridge") == (("route", "service/report-runner"),)


def test_routes_that_reach_every_callee_are_no_fault_nor_is_a_second_path_to_one() -> None:
    assert routes(erp="erp-core", reports="report-runner", directory="dir-bridge") == ()
    assert routes(erp="erp-core", erp2="erp-core", directory="dir-bridge") == ()


def test_a_host_that_is_the_service_of_the_setting_with_a_word_more_is_a_wrong_address() -> None:
    known = tuple(thing(f"service/{name}", ports="8003/TCP") for name in ("udm", "nrf", "smf"))
    caller = thing("deployment/smf", desired="1", container__main__env__UDM_URI="http://udm-svc:8003")
    outside = thing("deployment/smf", desired="1", container__main__env__UDM_URI="http://partner:8003")
    assert told(addresses.check, *known, caller) == [("address", "deployment/smf")]
    assert told(addresses.check, *known, outside) == []
