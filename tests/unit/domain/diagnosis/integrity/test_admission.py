from domain.diagnosis.integrity import accounts, policies, quotas, storage
from tests.unit.domain.diagnosis.integrity.graphs import calls, thing, told

DEFAULT = thing("serviceaccount/default", age="61d")
WEB = thing("deployment/web", desired="1", service_account="web-runner", container__main__ports="8080/TCP", pod_labels="app=web")
OTHERS = tuple(
    thing(f"deployment/{name}", desired="1", container__main__ports="80/TCP", pod_labels=f"app={name}") for name in "abcd"
)
SERVED = tuple(thing(f"service/{name}", ip="10.0.0.1", selector=f"app={name}") for name in "abcd")
POD = thing("pod/web-7d9c6b5f4-x2x4z", status="Running")
OTHER_POD = thing("pod/other-7d9c6b5f4-x2x4z", status="Running")


def test_an_account_that_is_not_in_the_list_is_missing_where_no_pod_was_made() -> None:
    assert told(accounts.check, DEFAULT, WEB, OTHER_POD) == [("account", "deployment/web")]


def test_an_account_is_not_missing_where_the_list_was_not_seen() -> None:
    assert told(accounts.check, thing("serviceaccount/other", namespace="shop"), WEB, OTHER_POD) == []


def test_an_account_is_not_missing_where_it_is_listed_or_its_pods_exist() -> None:
    assert told(accounts.check, DEFAULT, thing("serviceaccount/web-runner", age="9d"), WEB, OTHER_POD) == []
    assert told(accounts.check, DEFAULT, WEB, POD) == []


def test_a_full_quota_of_services_explains_the_one_workload_without_a_service() -> None:
    quota = thing("quota/counts", **{"hard__count/services": "4", "used__count/services": "4"})
    wish = thing("service/web", selector="app=web")
    assert told(quotas.check, quota, WEB, wish, *OTHERS, *SERVED) == [("quota", "quota/counts")]


def test_a_full_quota_of_services_is_no_fault_where_each_workload_has_one() -> None:
    quota = thing("quota/counts", hard__services="5", used__services="5")
    made = thing("service/web", ip="10.0.0.9", selector="app=web")
    assert told(quotas.check, quota, WEB, made, *OTHERS, *SERVED) == []


def test_a_quota_of_limits_is_compared_with_the_limits_of_the_missing_pod() -> None:
    quota = thing("quota/cpu", hard__limits__cpu="4", used__limits__cpu="3")
    asks = {"requests__cpu": "100m", "limits__cpu": "2"}
    web = thing("deployment/web", desired="1", **{f"container__main__{name}": value for name, value in asks.items()})
    small = thing("deployment/web", desired="1", container__main__limits__cpu="500m")
    assert told(quotas.check, quota, web, OTHER_POD) == [("quota", "quota/cpu")]
    assert told(quotas.check, quota, small, OTHER_POD) == []


CLOSED = thing(
    "networkpolicy/closed", selector="app=web", isolated="<none> (Selected pods are isolated for ingress connectivity)"
)


def test_a_policy_that_lets_nobody_in_is_told_where_others_call() -> None:
    assert told(policies.check, CLOSED, WEB, edges=(calls("service/shop", "service/web"),)) == [("isolated", "deployment/web")]


def test_a_policy_that_lets_nobody_in_is_no_fault_where_nobody_calls() -> None:
    assert told(policies.check, CLOSED, WEB) == []


def test_a_policy_does_not_isolate_what_a_test_from_inside_reaches() -> None:
    edges = (calls("service/shop", "service/web"),)
    web = thing("deployment/web", desired="1", pod_labels="app=web")
    for state, found in (("open", []), ("refused", [("isolated", "deployment/web")])):
        reached = thing("service/web", selector="app=web", state=state)
        assert told(policies.check, CLOSED, web, reached, edges=edges) == found


def test_a_second_policy_opens_what_the_first_closes() -> None:
    opened = thing("networkpolicy/opened", selector="app=web")
    assert told(policies.check, CLOSED, opened, WEB, edges=(calls("service/shop", "service/web"),)) == []


OPEN = thing("networkpolicy/narrow", selector="app=web", ingress_ports="8080/TCP")
SERVED_AT = thing("endpoints/web", endpoints="10.42.1.5:9090")


def test_a_policy_that_opens_another_port_than_the_service_is_served_on_is_told() -> None:
    assert told(policies.check, OPEN, thing("service/web", ports="9090/TCP"), SERVED_AT) == [("isolated", "service/web")]
    assert told(policies.check, OPEN, thing("service/web", ports="80/TCP", selector="app=web,tier=a"), SERVED_AT) == [
        ("isolated", "service/web")
    ]


def test_a_policy_that_opens_the_port_of_the_pods_is_no_fault_whatever_the_service_calls_it() -> None:
    service, ends = thing("service/web", ports="9090/TCP"), thing("endpoints/web", endpoints="10.42.1.5:8080")
    assert told(policies.check, OPEN, service, ends) == []
    assert told(policies.check, OPEN, thing("service/other", ports="9090/TCP"), SERVED_AT) == []


def test_policies_add_up_and_one_without_ports_opens_all_of_them() -> None:
    more, every = (
        thing("networkpolicy/more", selector="app=web", ingress_ports="9090/TCP"),
        thing("networkpolicy/all", selector="app=web"),
    )
    service = thing("service/web", ports="9090/TCP")
    assert told(policies.check, OPEN, more, service, SERVED_AT) == []
    assert told(policies.check, OPEN, every, service, SERVED_AT) == []


def test_a_class_that_makes_no_volumes_offers_none_where_no_volume_is_of_it() -> None:
    claim = thing("pvc/data", status="Pending", storageclass="local", request="1Gi", modes="RWO")
    volume = thing("pv/one", status="Available", capacity="1Gi", modes="RWO")
    for provisioner, found in (("kubernetes.io/no-provisioner", [("claim_class", "pvc/data")]), ("disk.example/csi", [])):
        assert told(storage.check, claim, volume, thing("storageclass/local", provisioner=provisioner)) == found
