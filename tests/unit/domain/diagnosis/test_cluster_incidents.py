"""Small incidents of a cluster as several views show them together, each with what must lead."""

from __future__ import annotations

import pytest

from tests.quality.reading import text_case
from tests.unit.domain.diagnosis.examples.objects import deployment, nodes, service
from tests.unit.domain.diagnosis.examples.shapes import log

NAMES = ("cart", "mail", "orders", "stock", "users")
HASH = "57d67bb57d-75r4c"
HEAD = "NAME                     READY   STATUS    RESTARTS      AGE   IP          NODE\n"


def pods(*rows: str, left_out: str = "") -> str:
    """Return ready pods of every service, and these rows."""
    well = (f"{name}-{HASH}   1/1   Running   0   9d   10.1.0.{place}   n1\n" for place, name in enumerate(NAMES))
    return (
        HEAD + "".join(row for row in well if not left_out or not row.startswith(left_out)) + "".join(f"{row}\n" for row in rows)
    )


def listed(*names: str) -> str:
    """Return `kubectl get services -o wide` of these."""
    head = "NAME     TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)    AGE   SELECTOR\n"
    return head + "".join(
        f"{name:<8} ClusterIP   10.0.0.{n}     <none>        8080/TCP   9d    app={name}\n" for n, name in enumerate(names)
    )


WHOLE = {
    "apps.yaml": "".join(deployment(name) + service(name) for name in NAMES),
    "services.txt": listed(*NAMES),
    "pods.txt": pods(),
}
QUOTA = "Name:       counts\nNamespace:  shop\nResource    Used  Hard\n--------    ----  ----\nservices    4     4\n"
WEB = {**WHOLE, "apps.yaml": WHOLE["apps.yaml"] + deployment("web")}
CONTROL = "kube-{}-cp   {}   {}   {}   9d   10.9.0.1   {}"
ROUTES = "".join(
    f"    location /{name}/ {{ proxy_pass http://{name if name != 'mail' else 'stock'}:8080/; }}\n" for name in NAMES
)
CONFIG = f"Name:         edge\nNamespace:    shop\nLabels:       <none>\nAnnotations:  <none>\n\nData\n====\nedge.conf:\n----\nserver {{\n    listen 80;\n{ROUTES}}}\n\n\nBinaryData\n====\n\nEvents:  <none>\n"
TAINTED = "Name:               cp\nRoles:              control-plane\nLabels:             kubernetes.io/hostname=cp\nTaints:             node-role.kubernetes.io/control-plane:NoSchedule\nUnschedulable:      false\nCapacity:\n  cpu:  4\nAllocatable:\n  cpu:  4\n"
DENIED = "ERROR Access denied for user 'cart'@'10.1.0.7' (using password: YES)"
BASE = deployment("shop-mysql", port=3306)

INCIDENTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "a service that a full quota refused": (
        "quota_exceeded",
        "quota/counts",
        {
            **WHOLE,
            "services.txt": listed(*(name for name in NAMES if name != "mail")),
            "quota.txt": QUOTA,
            "cart.log": log("ERROR dial tcp: lookup mail on 10.0.0.53:53: no such host")["app.log"],
        },
    ),
    "an account that nobody listed, after its events expired": (
        "account_missing",
        "deployment/web",
        {
            **WHOLE,
            "apps.yaml": WHOLE["apps.yaml"] + deployment("web", spec="      serviceAccountName: web-runner\n"),
            "accounts.txt": "NAME      SECRETS   AGE\ndefault   0         9d\nbuilder   0         9d\n",
            "deployments.txt": "NAME   READY   UP-TO-DATE   AVAILABLE   AGE\nweb    0/1     0            0           8m\ncart   1/1     1            1           9d\n",
        },
    ),
    "a proxy that runs as a pod and crashes on one node": (
        "proxy_down",
        "node/n2",
        {**WHOLE, "system.txt": HEAD + CONTROL.format("proxy-x2x4z", "0/1", "CrashLoopBackOff", "9 (2m ago)", "n2") + "\n"},
    ),
    "a scheduler whose pod is gone while another waits": (
        "scheduler_down",
        "node/cp",
        {
            **WEB,
            "pods.txt": pods(f"web-{HASH}   0/1   Pending   0   8m   <none>   <none>"),
            "system.txt": HEAD
            + CONTROL.format("controller-manager", "1/1", "Running", "0", "cp")
            + "\n"
            + CONTROL.format("apiserver", "1/1", "Running", "0", "cp")
            + "\n",
        },
    ),
    "a route in a described config map": ("gateway_route", "service/mail", {**WHOLE, "edge.txt": CONFIG}),
    "workers that are all closed, beside a control plane": (
        "node_cordoned",
        f"pod/web-{HASH}",
        {
            **WEB,
            "pods.txt": pods(f"web-{HASH}   0/1   Pending   0   8m   <none>   <none>"),
            "nodes.txt": nodes(
                ("n1", "Ready,SchedulingDisabled", "kubernetes.io/hostname=n1"), ("cp", "Ready", "kubernetes.io/hostname=cp")
            ),
            "cp.txt": TAINTED,
        },
    ),
    "a login that client and server both report": (
        "db_credentials",
        "deployment/cart",
        {
            **WHOLE,
            "apps.yaml": WHOLE["apps.yaml"] + BASE,
            "cart.log": log(DENIED)["app.log"],
            "shop-mysql.log": log(DENIED.replace("ERROR", "NOTE"), DENIED.replace("ERROR", "WARN"))["app.log"],
        },
    ),
}


@pytest.mark.parametrize("incident", INCIDENTS)
def test_the_fault_of_the_incident_leads_with_its_subject(incident: str) -> None:
    family, subject, files = INCIDENTS[incident]
    first = text_case(files).diagnosis.candidates[0]
    assert (first.family, first.subject) == (family, subject)


def test_a_pod_that_is_ready_is_not_kept_from_running_by_its_configuration() -> None:
    said = {"front.previous.log": 'nginx: [emerg] host not found in upstream "stock" in /etc/nginx/nginx.conf:41\n'}
    apps = {**WHOLE, "apps.yaml": WHOLE["apps.yaml"] + deployment("front")}
    for state, count, expected in (("1/1   Running", "1 (9m ago)", False), ("0/1   CrashLoopBackOff", "6 (1m ago)", True)):
        rows = pods(f"front-{HASH}   {state}   {count}   9m   10.1.0.9   n1")
        found = text_case({**apps, "pods.txt": rows, **said}).diagnosis.candidates
        assert ("config_invalid" in {one.family for one in found}) == expected
