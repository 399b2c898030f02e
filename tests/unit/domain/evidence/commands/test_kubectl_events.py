"""Cluster events: which are findings, which are changes, and when they happened."""

from domain.evidence.commands.kubernetes import get as kubectl_get
from tests import told
from tests.evidence import read_part


def test_events_weigh_by_their_reason_and_normal_ones_only_when_they_change_something() -> None:
    parsed, understood = read_part(
        kubectl_get.read,
        """
    LAST SEEN              TYPE      REASON              OBJECT           COUNT   MESSAGE
    2m                     Warning   OOMKilling          node/oak-1       1       Memory cgroup out of memory
    3m (x26 over 7m)       Warning   FailedScheduling    pod/mill-1       3       0/1 nodes are available
    4m                     Warning   FailedMount         pod/mill-2       30      no volume
    5m                     Warning   Strange             Pod/mill-3       -       nobody knows
    6m                     Normal    Killing             pod/mill-4       1       Stopping container
    7m                     Normal    ScalingReplicaSet   deployment/mill  1       Scaled down
    8m                     Normal    Pulled              pod/mill-5       1       Image is present
    9m                     Normal    Odd                 pod/mill-6       1       cannot reach the yard
    <unknown>              Warning   Unhealthy           pod/mill-7       1       probe failed
    10m                    Normal    NodeNotSchedulable  node/oak-2       1       cordoned
    11m                    Other     Quiet               pod/mill-8       1       all is well
    12m                    Warning   Killing             pod/mill-9       1       Stopping container
    """,
    )
    assert told.findings(parsed) == [
        "5 event node/oak-1 @3: OOMKilling: Memory cgroup out of memory (node/oak-1) | message=Memory cgroup out of memory reason=OOMKilling type=Warning object=node/oak-1 count:1 | 2026-05-04 11:58:00+00:00",
        "4 event pod/mill-1 @4: FailedScheduling: 0/1 nodes are available (pod/mill-1) | message=0/1 nodes are available reason=FailedScheduling type=Warning object=pod/mill-1 count:26 | 2026-05-04 11:57:00+00:00",
        "4 event pod/mill-2 @5: FailedMount: no volume (pod/mill-2) | message=no volume reason=FailedMount type=Warning object=pod/mill-2 count:30 | 2026-05-04 11:56:00+00:00",
        "3.5 event pod/mill-7 @11: Unhealthy: probe failed (pod/mill-7) | message=probe failed reason=Unhealthy type=Warning object=pod/mill-7 count:1",
        "3 event pod/mill-3 @6: Strange: nobody knows (pod/mill-3) | message=nobody knows reason=Strange type=Warning object=pod/mill-3 count:1 | 2026-05-04 11:55:00+00:00",
        "2.5 change pod/mill-4 @7: Killing: Stopping container (pod/mill-4) | message=Stopping container reason=Killing type=Normal object=pod/mill-4 count:1 | 2026-05-04 11:54:00+00:00",
        "2.5 change node/oak-2 @12: NodeNotSchedulable: cordoned (node/oak-2) | message=cordoned reason=NodeNotSchedulable type=Normal object=node/oak-2 count:1 | 2026-05-04 11:50:00+00:00",
        "2.5 change pod/mill-9 @14: Killing: Stopping container (pod/mill-9) | message=Stopping container reason=Killing type=Warning object=pod/mill-9 count:1 | 2026-05-04 11:48:00+00:00",
        "2 event pod/mill-6 @10: Odd: cannot reach the yard (pod/mill-6) | message=cannot reach the yard reason=Odd type=Normal object=pod/mill-6 count:1 | 2026-05-04 11:51:00+00:00",
    ]
    assert told.events(parsed) == [
        "5 node/oak-1 @3: OOMKilling: Memory cgroup out of memory | 2026-05-04 11:58:00+00:00",
        "4 pod/mill-1 @4: FailedScheduling: 0/1 nodes are available | 2026-05-04 11:57:00+00:00",
        "4 pod/mill-2 @5: FailedMount: no volume | 2026-05-04 11:56:00+00:00",
        "3 pod/mill-3 @6: Strange: nobody knows | 2026-05-04 11:55:00+00:00",
        "2.5 pod/mill-4 @7: Killing: Stopping container | 2026-05-04 11:54:00+00:00",
        "0 deployment/mill @8: ScalingReplicaSet: Scaled down | 2026-05-04 11:53:00+00:00 change",
        "0 pod/mill-5 @9: Pulled: Image is present | 2026-05-04 11:52:00+00:00",
        "0 pod/mill-6 @10: Odd: cannot reach the yard | 2026-05-04 11:51:00+00:00",
        "3.5 pod/mill-7 @11: Unhealthy: probe failed | order only",
        "2.5 node/oak-2 @12: NodeNotSchedulable: cordoned | 2026-05-04 11:50:00+00:00 change",
        "0 pod/mill-8 @13: Quiet: all is well | 2026-05-04 11:49:00+00:00",
        "2.5 pod/mill-9 @14: Killing: Stopping container | 2026-05-04 11:48:00+00:00",
    ]
    assert understood == 13
