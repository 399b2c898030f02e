"""Routes of a gateway: by the names of services, else by the settings that only their workloads read."""

from __future__ import annotations

from domain.diagnosis.integrity import gateways
from domain.evidence.values import Citation, Edge, ObservedObject
from tests.unit.domain.diagnosis.integrity.graphs import thing, told

WORDS = ("order", "price", "stock", "users", "mails")
INVENTED = {"order": "kepu", "price": "zolani", "stock": "tivor", "users": "bamek", "mails": "rudigo"}
ROW = "route"


def gateway(**leads: str) -> ObservedObject:
    return thing("configmap/edge", **{f"route__/api/{word}service/**": host for word, host in leads.items()})


def led(names: dict[str, str], **others: str) -> dict[str, str]:
    """Return word → host, some of them led to the service of another word."""
    return {word: names[others.get(word, word)] for word in names}


def reads(workload: str, setting: str) -> Edge:
    return Edge(source=workload, relation="reads", target=setting, citation=Citation(evidence="file", first=1, last=1))


def services(names: dict[str, str]) -> list[ObservedObject]:
    return [thing(f"{kind}/{name}") for name in names.values() for kind in ("service", "deployment")]


def settings(names: dict[str, str], form: str = "secret/shop-{}-mysql") -> tuple[Edge, ...]:
    return tuple(reads(f"deployment/{name}", form.format(word)) for word, name in names.items())


def test_a_path_that_is_named_after_one_service_and_leads_to_another_is_told() -> None:
    names = {word: f"shop-{word}-service" for word in WORDS}
    assert told(gateways.check, gateway(**led(names, order="stock")), *services(names)) == [(ROW, "service/shop-order-service")]
    assert told(gateways.check, gateway(**led(names)), *services(names)) == []


def test_of_two_services_whose_names_hold_the_word_the_one_with_least_beside_it_is_meant() -> None:
    names = {word: f"shop-{word}-service" for word in WORDS}
    longer = {"bulk": "shop-bulk-price-service"}
    found = told(gateways.check, gateway(**led(names, price="stock")), *services(names), *services(longer))
    assert found == [(ROW, "service/shop-price-service")]


def test_where_names_say_nothing_the_settings_that_one_workload_alone_reads_do() -> None:
    wrong = gateway(**led(INVENTED, order="stock"))
    assert told(gateways.check, wrong, *services(INVENTED), edges=settings(INVENTED)) == [(ROW, "service/kepu")]
    assert told(gateways.check, gateway(**led(INVENTED)), *services(INVENTED), edges=settings(INVENTED)) == []


def test_settings_of_another_word_beside_it_name_another_service() -> None:
    more = (*settings(INVENTED), reads("deployment/other", "secret/shop-order-other-mysql"))
    wrong = gateway(**led(INVENTED, order="stock"))
    other = services({"other": "other"})
    assert told(gateways.check, wrong, *services(INVENTED), *other, edges=more) == [(ROW, "service/kepu")]


def test_settings_that_several_read_name_nobody() -> None:
    shared = tuple(reads(f"deployment/{name}", f"secret/shop-{word}-mysql") for name in INVENTED.values() for word in WORDS)
    wrong = gateway(**led(INVENTED, order="stock"))
    assert told(gateways.check, wrong, *services(INVENTED), edges=shared) == []
    assert told(gateways.check, wrong, *services(INVENTED)) == []


def test_few_routes_make_no_naming() -> None:
    names = {word: f"shop-{word}-service" for word in WORDS[:3]}
    assert told(gateways.check, gateway(**led(names, order="stock")), *services(names)) == []


def test_a_route_to_a_misspelt_service_is_told_where_no_other_route_leads_to_the_right_one() -> None:
    names = {word: f"shop-{word}-service" for word in WORDS}
    leads = {f"/v1/{number}/**": host for number, host in enumerate(names.values())}
    slip, far = ({**leads, "/v1/0/**": host} for host in ("shop-ordr-service", "shop-archive-service"))
    assert told(gateways.check, paths(slip), *services(names)) == [(ROW, "service/shop-order-service")]
    assert told(gateways.check, paths(far), *services(names)) == []
    assert told(gateways.check, paths({**leads, "/v1/9/**": "shop-ordr-service"}), *services(names)) == []


def paths(leads: dict[str, str]) -> ObservedObject:
    return thing("configmap/edge", **{f"route__{path}": host for path, host in leads.items()})
