from domain.diagnosis.catalogue.families import FAMILIES
from domain.diagnosis.causes import diagnose
from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity import images, siblings
from domain.evidence.values import ObservedObject
from tests.quality.reading import analysed
from tests.unit.domain.diagnosis.examples.objects import deployment
from tests.unit.domain.diagnosis.examples.shapes import log
from tests.unit.domain.diagnosis.integrity.graphs import thing, told

PEERS = tuple(thing(f"deployment/{name}", ready="1/1", container__main__image=f"hub.test/shop/{name}:1.4") for name in "abcd")
HASH = "7d9c6b5f4-x2x4z"


def pulling(image: str, status: str = "ImagePullBackOff") -> tuple[ObservedObject, ...]:
    return (
        thing("deployment/web", ready="0/1", container__main__image=image),
        thing(f"pod/web-{HASH}", ready="0/1", status=status),
    )


def test_an_image_that_cannot_be_pulled_differs_from_its_siblings_in_place_or_tag() -> None:
    assert told(images.check, *PEERS, *pulling("hub.example/shop/web:1.4")) == [("image", "deployment/web")]
    assert told(images.check, *PEERS, *pulling("hub.test/shop/web:1.5")) == [("image", "deployment/web")]


def test_an_image_like_those_of_its_siblings_is_not_odd() -> None:
    assert told(images.check, *PEERS, *pulling("hub.test/shop/web:1.4")) == []
    assert told(images.check, *PEERS[:2], *pulling("hub.test/shop/web:1.5")) == []


def test_an_image_that_was_pulled_is_not_odd() -> None:
    assert told(images.check, *PEERS, *pulling("hub.example/shop/web:1.5", "Running")) == []


def test_an_image_that_cannot_be_pulled_differs_from_the_revision_before() -> None:
    old = thing("replicaset/web-5c8d7b6f5", images="hub.test/shop/web:1.3", desired="0")
    new = thing("replicaset/web-7d9c6b5f4", images="hub.test/shop/web:1.5", desired="1")
    assert told(images.check, old, new, *pulling("hub.test/shop/web:1.5")) == [("image", "deployment/web")]
    assert told(images.check, new, *pulling("hub.test/shop/web:1.5")) == []


LEVEL = {"container__main__env__CACHE": "cache:6379", "dns_policy": "ClusterFirst"}
ALIKE = tuple(thing(f"deployment/{name}", ready="1/1", **LEVEL) for name in "abcde")


def test_a_workload_in_trouble_that_differs_in_one_setting_is_odd() -> None:
    odd = thing("deployment/web", ready="0/1", **{**LEVEL, "container__main__env__CACHE": "cache:6380"})
    assert told(siblings.check, *ALIKE, odd) == [("sibling", "deployment/web")]


def test_a_workload_that_differs_in_more_is_of_another_kind() -> None:
    other = thing("deployment/web", ready="0/1", container__main__env__CACHE="cache:6380", dns_policy="Default")
    assert told(siblings.check, *ALIKE, other) == []


def test_a_workload_that_is_well_may_differ() -> None:
    well = thing("deployment/web", ready="1/1", **{**LEVEL, "container__main__env__CACHE": "cache:6380"})
    assert told(siblings.check, *ALIKE, well) == []


def test_what_a_variable_holds_is_not_told() -> None:
    others = tuple(thing(f"deployment/{name}", ready="1/1", container__main__env__KEY="orchid") for name in "abcde")
    odd = thing("deployment/web", ready="0/1", container__main__env__KEY="magnolia")
    (found,) = siblings.check(Graph(objects={one.id: one for one in (*others, odd)}, edges=()))
    assert "variable KEY" in found.statement
    assert "orchid" not in repr(found)
    assert "magnolia" not in repr(found)


HINT = "this is the only setting in which it differs from nearly all its siblings"
LOST = log("ERROR lookup cash: no such host")["app.log"]


def hints(address: str, *, ready: str = "0/1", others: str = "cache:6379") -> list[tuple[str, str]]:
    """Return (family, setting) of what the odd setting of a workload that cannot find a name says to the causes told."""

    def manifest(name: str, value: str) -> str:
        held = f"        env:\n        - name: CACHE_ADDR\n          value: {value}\n"
        return deployment(name, container=held)

    files = {
        "all.yaml": "".join(manifest(name, others) for name in ("mail", "cart", "shop", "bank", "desk"))
        + manifest("web", address),
        "list.txt": f"NAME   READY   UP-TO-DATE   AVAILABLE   AGE\nweb    {ready}     1            0           5m\n",
        "web.log": LOST,
    }
    found = diagnose([analysed(name, text.encode()) for name, text in files.items()])
    return [
        (one.family, sign.text.partition(" a ")[2][:20])
        for one in found.candidates
        for sign in one.signals
        if sign.meaning == HINT
    ]


def test_an_odd_address_supports_a_cause_of_its_workload() -> None:
    assert hints("cash:6379")


def test_an_address_like_those_of_its_siblings_supports_nothing() -> None:
    assert hints("cache:6379") == []


def test_an_odd_address_of_a_workload_that_is_well_supports_nothing() -> None:
    assert hints("cash:6379", ready="1/1") == []


def test_an_odd_setting_alone_is_no_cause() -> None:
    odd = thing("deployment/web", ready="0/1", **{**LEVEL, "container__main__env__CACHE": "cache:6380"})
    objects = {one.id: one for one in (*ALIKE, odd)}
    (found,) = siblings.check(Graph(objects=objects))
    assert not any(
        rule.attributes.get("check") == "sibling" for family in FAMILIES for rule in (*family.decisive, *family.refutes)
    )
    assert found.severity < 3
