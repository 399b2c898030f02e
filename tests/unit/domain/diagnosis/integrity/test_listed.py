"""What was not seen decides nothing: a list shows what is absent, views of some do not, and unknown places may be anywhere."""

from __future__ import annotations

from dataclasses import replace

from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity import addresses, loads, services
from domain.evidence.values import Citation, Curve, Edge, ObservedObject
from tests.unit.domain.diagnosis.integrity.graphs import thing, told

NAMES = ("cart", "stock", "mail", "web")
ONE = "list.txt"


def place(name: str, port: str, file: str) -> ObservedObject:
    return thing(f"service/{name}", file, ports=f"{port}/TCP", selector=f"app={name}")


def template(name: str, file: str, **fields: str) -> ObservedObject:
    return thing(f"deployment/{name}", file, pod_labels=f"app={name}", **fields)


def absent(file: str) -> list[tuple[str, str]]:
    """What is said of a caller of `stocks`, where the services stand in files of this name."""
    caller = thing("deployment/web", "web.yaml", container__web__env__STOCK_ADDR="stocks:8080")
    views = (place(name, "8080", file.format(name)) for name in NAMES)
    return told(addresses.check, caller, *views)


def unselected(file: str, **endpoints: str) -> list[tuple[str, str]]:
    """What is said of a service of `web`, where the templates of the others stand in files of this name."""
    views = (template(name, file.format(name)) for name in NAMES[:3])
    asked = replace(place("web", "80", "services.txt"), fields={"selector": "app=web", "ports": "80/TCP", **endpoints})
    calls = Edge(
        source="deployment/cart", relation="calls", target="service/web", citation=Citation(evidence="f", first=1, last=1)
    )
    return told(services.check, asked, *views, edges=(calls,))


def test_a_service_is_absent_from_a_list_of_services_not_from_views_of_some() -> None:
    assert absent(ONE) == [("address", "deployment/web")]
    assert absent("{}.txt") == []


def test_a_service_selects_nothing_of_a_list_or_by_its_own_word_not_among_views_of_some() -> None:
    assert unselected(ONE) == [("selector", "service/web")]
    assert unselected("{}.txt", endpoints="<none>") == [("selector", "service/web")]
    assert unselected("{}.txt") == []


def test_no_node_is_called_slow_where_as_many_slow_services_may_run_elsewhere() -> None:
    assert slow_on("n1", "n1", "n2") == ["distant"]
    assert slow_on("n1", "n1", "") == ["distant"]
    assert slow_on("n1", "n1", "", "") == []


def test_slow_services_that_one_node_does_not_explain_make_another_one_a_rival() -> None:
    assert slow_on("n1", "n1", "n2", "n2") == ["distant", "distant"]


def slow_on(*places: str) -> list[str]:
    """What is said where services that do not call each other became slow, each on a node or at an unknown place."""
    things = [thing(f"node/{node}") for node in ("n1", "n2")]
    curves = []
    for letter, node in zip("abcd", places, strict=False):
        pod = thing(f"pod/app{letter}-57d67bb57d-75r4c", **({"node": node} if node else {}))
        things += [thing(f"deployment/app{letter}"), pod]
        curves.append(Curve(name=f"app{letter}-p90latency", values=(5.0,) * 10 + (400.0,) * 10, citation=pod.citation))
    found = loads.check(Graph(objects={one.id: one for one in things}, curves=tuple(curves)))
    return [one.attributes["check"] for one in found]
