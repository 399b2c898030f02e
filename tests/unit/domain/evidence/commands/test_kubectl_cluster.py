"""Described nodes, services, claims, quotas and policies: whole descriptions and what is not in order."""

from domain.evidence.commands.kubernetes import describe as kubectl_describe
from tests import told
from tests.evidence import read_part


def test_nodes_tell_their_room_their_taints_and_whether_they_take_pods() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:               oak-1
    Roles:              worker
    Taints:             wood=rotten:NoSchedule
    Unschedulable:      true
    Capacity:
      cpu:     4
      memory:  16Gi
    Allocatable:
      cpu:     3900m
    Non-terminated Pods:          (2 in total)
      Namespace    Name     CPU Requests  CPU Limits
      ---------    ----     ------------  ----------
      yard         mill-1   100m (2%)     0 (0%)
      yard         kiln-1   100m (2%)     0 (0%)
    Allocated resources:
      (Total limits may be over 100 percent.)
      Resource  Requests    Limits
      --------  --------    ------
      cpu       200m (5%)   0 (0%)
      memory    1Gi (6%)    0 (0%)
    Name:               oak-2
    Roles:              worker
    Taints:             <none>
    Unschedulable:      false
    Capacity:
      cpu:     4
    Allocatable:
      cpu:     4
    """,
    )
    assert told.findings(parsed) == [
        "3.5 unhealthy_object node/oak-1 @5: node/oak-1 takes no new pods | reason=Unschedulable status=cordoned",
        "1.5 setting node/oak-1 @4: node/oak-1 has taints wood=rotten:NoSchedule | value=wood=rotten:NoSchedule field=taints",
    ]
    assert told.objects(parsed) == [
        "node/oak-1 @2 roles=worker taints=wood=rotten:NoSchedule unschedulable=true capacity.cpu=4 capacity.memory=16Gi allocatable.cpu=3900m requested.cpu=200m requested.memory=1Gi",
        "node/oak-2 @22 roles=worker unschedulable=false capacity.cpu=4 allocatable.cpu=4",
    ]
    assert told.edges(parsed) == [
        "pod/mill-1 runs on node/oak-1 @14",
        "pod/kiln-1 runs on node/oak-1 @15",
    ]
    assert understood == 28


def test_services_tell_what_they_select_and_whether_anything_stands_behind() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:              mill
    Selector:          app=mill,tier=back
    Type:              ClusterIP
    IP:                10.0.0.1
    Port:              http  80/TCP
    TargetPort:        8080/TCP
    Endpoints:         <none>
    Session Affinity:  None
    Name:              kiln
    Selector:          app=kiln
    Type:              ClusterIP
    IP:                10.0.0.2
    Endpoints:         10.2.0.4:80
    Session Affinity:  None
    Name:              outside
    Selector:          <none>
    Type:              ExternalName
    IP:
    Endpoints:         <none>
    Session Affinity:  None
    Name:              cut
    Selector:          app=cut
    Type:              ClusterIP
    IP:                10.0.0.3
    """,
    )
    assert told.findings(parsed) == [
        "3.5 unhealthy_object service/mill @8: service/mill has no endpoints | reason=no endpoints selector=app=mill,tier=back",
    ]
    assert told.objects(parsed) == [
        "service/mill @2 selector=app=mill,tier=back type=ClusterIP ip=10.0.0.1 ports=http  80/TCP target_ports=8080/TCP port_names=http",
        "service/kiln @10 selector=app=kiln type=ClusterIP ip=10.0.0.2 endpoints=10.2.0.4:80",
        "service/outside @16 type=ExternalName",
        "service/cut @22 selector=app=cut type=ClusterIP ip=10.0.0.3",
    ]
    assert told.edges(parsed) == [
        "service/mill selects label/app=mill,tier=back @3",
        "service/kiln selects label/app=kiln @11",
        "service/cut selects label/app=cut @23",
    ]
    assert understood == 24


def test_claims_and_volumes_tell_class_size_and_whether_they_are_bound() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:          grain
    StorageClass:  fast
    Status:        Pending
    Volume:
    Capacity:
    Access Modes:
    Used By:       mill-1 (2 more)
    Name:          flour
    StorageClass:
    Status:        Lost
    Volume:        pv-2
    Capacity:      5Gi
    Access Modes:  RWO
    Used By:       <none>
    Name:            pv-3
    StorageClass:    slow
    Status:          Bound
    Claim:           yard/oats
    Reclaim Policy:  Retain
    Access Modes:    RWO
    Capacity:        8Gi
    """,
    )
    assert told.findings(parsed) == [
        "3 unhealthy_object pvc/grain @4,3: pvc/grain is Pending | reason=Pending status=Pending class=fast used_by=mill-1 (2 more)",
        "3 unhealthy_object pvc/flour @11: pvc/flour is Lost | reason=Lost status=Lost volume=pv-2 capacity=5Gi modes=RWO",
    ]
    assert told.objects(parsed) == [
        "pvc/grain @2 status=Pending class=fast used_by=mill-1 (2 more)",
        "pvc/flour @9 status=Lost volume=pv-2 capacity=5Gi modes=RWO",
        "pv/pv-3 @16 status=Bound class=slow capacity=8Gi modes=RWO claim=yard/oats",
    ]
    assert told.edges(parsed) == [
        "pod/mill-1 mounts pvc/grain @8",
        "pvc/grain uses storageclass/fast @3",
        "pvc/flour bound to pv/pv-2 @12",
        "pv/pv-3 uses storageclass/slow @17",
        "pv/pv-3 bound to pvc/oats @19",
    ]
    assert understood == 21


def test_quotas_are_full_at_their_limit_and_tight_from_nine_tenths() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:       q
    Namespace:  yard
    Resource       Used   Hard
    --------       ----   ----
    pods           10     10
    services       9      10
    secrets        8      10
    limits.cpu     11     10
    odd            many   10
    configmaps     1      few
    """,
    )
    assert told.findings(parsed) == [
        "3.5 quota quota/q @6: quota/q: pods used 10 of 10 | resource=pods used:10 limit:10 hard=10",
        "3.5 quota quota/q @9: quota/q: limits.cpu used 11 of 10 | resource=limits.cpu used:11 limit:10 hard=10",
        "3 quota quota/q @7: quota/q: services used 9 of 10 | resource=services used:9 limit:10 hard=10",
        "1 quota quota/q @8: quota/q: secrets used 8 of 10 | resource=secrets used:8 limit:10 hard=10",
    ]
    assert told.objects(parsed) == [
        "quota/q @2 namespace=yard used.pods=10 hard.pods=10 used.services=9 hard.services=10 used.secrets=8 hard.secrets=10 used.limits.cpu=11 hard.limits.cpu=10 used.odd=many hard.odd=10 used.configmaps=1 hard.configmaps=few",
    ]
    assert understood == 10


def test_a_policy_that_isolates_is_a_setting() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:         shut
    Spec:
      PodSelector:     app=mill
      Allowing ingress traffic:
        <none> (Selected pods are isolated for ingress connectivity)
      Not affecting egress traffic
    """,
    )
    assert told.findings(parsed) == [
        "3 setting networkpolicy/shut @6: networkpolicy/shut blocks all of app=mill: <none> (Selected pods are isolated for ingress connectivity) | value=<none> (Selected pods are isolated for ingress connectivity) field=policy selector=app=mill",
    ]
    assert told.objects(parsed) == [
        "networkpolicy/shut @2 selector=app=mill isolated=<none> (Selected pods are isolated for ingress connectivity)",
    ]
    assert told.edges(parsed) == [
        "networkpolicy/shut selects label/app=mill @4",
    ]
    assert understood == 6
