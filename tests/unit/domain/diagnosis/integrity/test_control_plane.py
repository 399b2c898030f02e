from domain.diagnosis.graph import Graph
from domain.diagnosis.integrity import nodes, placement, services
from domain.diagnosis.presence import exists
from tests.unit.domain.diagnosis.integrity.graphs import thing, told

CONTROLLERS = thing("pod/kube-controller-manager-cp-1", ready="1/1", status="Running", node="cp-1")
SCHEDULER = thing("pod/kube-scheduler-cp-1", ready="1/1", status="Running", node="cp-1")
CRASHING = thing("pod/kube-scheduler-cp-1", ready="0/1", status="CrashLoopBackOff", node="cp-1")
WAITING = thing("pod/web-7d9c6b5f4-x2x4z", ready="0/1", status="Pending")


def test_a_scheduler_that_is_gone_is_told_while_a_pod_waits() -> None:
    assert told(nodes.check, CONTROLLERS, WAITING) == [("scheduler", "node/cp-1")]
    assert told(nodes.check, CONTROLLERS, CRASHING, WAITING) == [("scheduler", "node/cp-1")]


def test_a_scheduler_that_runs_is_not_told() -> None:
    assert told(nodes.check, CONTROLLERS, SCHEDULER, WAITING) == []


def test_a_scheduler_that_no_list_shows_may_be_a_service_of_the_node() -> None:
    assert told(nodes.check, CONTROLLERS) == []
    assert told(nodes.check, WAITING) == []
    assert told(nodes.check, CONTROLLERS, WAITING, thing("unit/kube-scheduler@cp-1", active="active")) == []


def test_pods_that_are_parts_of_a_node_are_spoken_of_as_the_node() -> None:
    seen = Graph(objects={one.id: one for one in (CRASHING, WAITING)})
    assert seen.home(CRASHING.id) == "node/cp-1"
    assert seen.home(WAITING.id) == WAITING.id


def test_a_protocol_differs_also_where_the_target_port_is_a_name() -> None:
    pods = thing("deployment/web", pod_labels="app=web", container__main__ports="8080/TCP", container__main__port_names="http")
    service = {"selector": "app=web", "target_ports": "http/SCTP"}
    assert told(services.check, pods, thing("service/web", ports="80/SCTP", **service)) == [("protocol", "service/web")]
    same = {"selector": "app=web", "target_ports": "http/TCP"}
    assert told(services.check, pods, thing("service/web", ports="80/TCP", **same)) == []


CONTROL = thing("node/cp-1", labels="kubernetes.io/hostname=cp-1", taints="node-role.kubernetes.io/control-plane:NoSchedule")
CLOSED = thing("node/w-1", labels="kubernetes.io/hostname=w-1", unschedulable="true")


def test_the_control_plane_is_no_place_that_its_taint_takes_away() -> None:
    assert told(placement.check, CONTROL, CLOSED, WAITING) == [("placement_cordon", WAITING.id)]


def test_the_control_plane_is_a_place_where_the_pod_asks_for_it_or_nothing_else_is_there() -> None:
    asking = thing(WAITING.id, status="Pending", node_selector="kubernetes.io/hostname=cp-1")
    assert told(placement.check, CONTROL, CLOSED, asking) == [("placement_taint", WAITING.id)]
    assert told(placement.check, CONTROL, WAITING) == [("placement_taint", WAITING.id)]


def test_an_affinity_that_leaves_the_control_plane_alone_is_the_fault() -> None:
    away = thing(WAITING.id, status="Pending", node_affinity="kubernetes.io/hostname NotIn w-1")
    open_ = thing("node/w-1", labels="kubernetes.io/hostname=w-1")
    assert told(placement.check, CONTROL, open_, away) == [("placement_affinity", WAITING.id)]


READY = thing("pod/web-7d9c6b5f4-x2x4z", ready="1/1", status="Running")
SHOP = thing("service/shop", resolves="10.0.0.7")


def test_a_name_that_resolves_for_others_may_fail_for_who_asks_other_servers() -> None:
    plain = Graph(objects={one.id: one for one in (READY, SHOP, thing("deployment/web"))})
    apart = Graph(objects={one.id: one for one in (READY, SHOP, thing("deployment/web", nameservers="192.0.2.53"))})
    assert exists("dns_failure", "deployment/web", {"host": "shop"}, plain) == "service/shop"
    assert exists("dns_failure", "deployment/web", {"host": "shop"}, apart) == ""


def test_an_account_of_a_manifest_that_no_list_holds_does_not_exist() -> None:
    wished, other = thing("serviceaccount/web", namespace="shop"), thing("serviceaccount/default", age="3d")
    for things, found in (
        ((wished, other), ""),
        ((wished,), "serviceaccount/web"),
        ((thing("serviceaccount/web", age="2d"), other), "serviceaccount/web"),
    ):
        assert (
            exists("account_missing", "deployment/web", {"account": "web"}, Graph(objects={one.id: one for one in things}))
            == found
        )
