"""Faults that explain disjoint symptoms are all reported, each with its own chain (diagnosis.md 6.2)."""

from __future__ import annotations

from tests.quality.reading import text_case

PODS = """NAME                       READY   STATUS             RESTARTS       AGE   IP         NODE
cart-6c8f7d9b5d-x2x9q      0/1     ImagePullBackOff   0              14m   10.0.0.1   n1
billing-5d6c7b8f9d-k8s2p   0/1     CrashLoopBackOff   12 (3m ago)    41m   10.0.0.2   n1
report-58b7c6d9f8-zzxxw    0/1     OOMKilled          4 (40s ago)    22m   10.0.0.3   n1
search-7f9c8d6b5c-abcde    0/1     Pending            0              9m    <none>     <none>
web-74d9c8b7f6-qqwwe       1/1     Running            0              3d    10.0.0.4   n1
"""
REFUSED = """2031-03-04T12:00:00Z INFO starting
2031-03-04T12:00:01Z ERROR cannot connect to postgres://db:5432: connection refused
2031-03-04T12:00:01Z FATAL exiting with code 1
"""
DESCRIBED = """Name:             {name}
Namespace:        shop
Priority:         0
Node:             n1/10.0.0.9
Labels:           app={app}
Status:           {phase}
Containers:
  {app}:
    Image:          reg.example/{app}:9.9
    State:          Waiting
      Reason:       {reason}
{ended}    Ready:          False
    Restart Count:  {restarts}
"""
ENDED = """    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
"""


def found(files: dict[str, str]) -> set[tuple[str, str]]:
    """Return family and first word of the subject of every candidate."""
    return {(one.family, one.subject.split("-")[0]) for one in text_case(files).diagnosis.candidates}


EVERY = {("image_pull", "pod/cart"), ("crash_loop", "pod/billing"), ("oom_killed", "pod/report"), ("unready", "pod/search")}


def test_every_fault_of_one_table_is_a_candidate_though_all_pods_share_a_node() -> None:
    assert found({"pods.txt": PODS}) == EVERY


def test_a_log_that_names_no_pod_joins_no_faults() -> None:
    assert found({"pods.txt": PODS, "app.log": REFUSED}) >= EVERY


def test_two_pods_of_one_application_that_fail_differently_are_two_faults() -> None:
    rows = PODS.replace("billing-5d6c7b8f9d", "cart-5d6c7b8f9d   ").splitlines()[:3]
    assert found({"pods.txt": "\n".join(rows)}) == {("image_pull", "pod/cart"), ("crash_loop", "pod/cart")}


def test_an_effect_goes_to_the_cause_in_its_own_pod() -> None:
    pods = (
        DESCRIBED.format(name="cart-6c8f7d9b5d-x2x9q", app="cart", phase="Pending", reason="ErrImagePull", ended="", restarts=0),
        DESCRIBED.format(
            name="billing-5d6c7b8f9d-k8s2p", app="billing", phase="Running", reason="CrashLoopBackOff", ended=ENDED, restarts=9
        ),
    )
    told = text_case({"pods.txt": "\n\n".join(pods)}).diagnosis.candidates
    chains = {(one.family, one.subject.split("-")[0]): one.chain for one in told}
    assert "crash_loop" in chains["oom_killed", "pod/billing"]
    assert "crash_loop" not in chains["image_pull", "pod/cart"]
