"""Descriptions: their kind, labels, conditions and events."""

from domain.evidence.commands.kubernetes import describe as kubectl_describe
from tests import told
from tests.evidence import read_part


def test_conditions_that_are_not_in_order_are_found_and_all_are_kept() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:               oak-1
    Roles:              worker
    Capacity:
      cpu:     4
    Allocatable:
      cpu:     4
    Conditions:
      Type             Status   LastHeartbeatTime   Reason              Message
      ----             ------   -----------------   ------              -------
      MemoryPressure   True     Mon                 KubeletHasNoMemory  kubelet has insufficient memory
      DiskPressure     False    Mon                 KubeletHasDisk      kubelet has disk
      PIDPressure      Unknown  Mon
      Ready            False    Mon                 KubeletNotReady     container runtime is down
    """,
    )
    assert told.findings(parsed) == [
        "4 condition node/oak-1 @11: node/oak-1: MemoryPressure is True KubeletHasNoMemory kubelet has insufficient memory | message=kubelet has insufficient memory reason=KubeletHasNoMemory condition=MemoryPressure type=MemoryPressure status=True",
        "4 condition node/oak-1 @13: node/oak-1: PIDPressure is Unknown | condition=PIDPressure type=PIDPressure status=Unknown",
        "4 condition node/oak-1 @14: node/oak-1: Ready is False KubeletNotReady container runtime is down | message=container runtime is down reason=KubeletNotReady condition=Ready type=Ready status=False",
    ]
    assert told.objects(parsed) == [
        "node/oak-1 @2 roles=worker capacity.cpu=4 allocatable.cpu=4 condition.MemoryPressure=True condition.DiskPressure=False condition.PIDPressure=Unknown condition.Ready=False",
    ]
    assert understood == 13


def test_conditions_of_a_pod_weigh_more_with_a_reason() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:             mill-1
    Namespace:        yard
    Labels:           app=mill
                      tier=back
    Node:             oak-1/10.0.0.1
    Status:           Running
    Containers:
      c:
        Image:        nginx
    Conditions:
      Type              Status
      Initialized       True
      Ready             False
    Events:
      Type     Reason   Age   From     Message
      ----     ------   ----  ----     -------
      Warning  BackOff  30s   kubelet  Back-off restarting failed container
    """,
    )
    assert told.findings(parsed) == [
        "3 event pod/mill-1 @18: BackOff: Back-off restarting failed container (pod/mill-1) | message=Back-off restarting failed container reason=BackOff type=Warning object=pod/mill-1 count:1 | 2026-05-04 11:59:30+00:00",
        "2 condition pod/mill-1 @14: pod/mill-1: Ready is False | condition=Ready type=Ready status=False",
    ]
    assert told.events(parsed) == [
        "3 pod/mill-1 @18: BackOff: Back-off restarting failed container | 2026-05-04 11:59:30+00:00",
    ]
    assert told.objects(parsed) == [
        "pod/mill-1 @2 namespace=yard labels=app=mill,tier=back status=Running node=oak-1 container.c.image=nginx condition.Initialized=True condition.Ready=False",
    ]
    assert told.edges(parsed) == [
        "pod/mill-1 runs on node/oak-1 @6",
    ]
    assert understood == 17


def test_a_reason_makes_a_condition_of_a_workload_weigh_as_much_as_one_of_a_node() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:          mill
    Selector:      app=mill
    Replicas:      1 desired | 1 updated | 1 total | 1 available | 0 unavailable
    StrategyType:  RollingUpdate
    Conditions:
      Type           Status  Reason
      ----           ------  ------
      Available      True    MinimumReplicasAvailable
      Progressing    False   ProgressDeadlineExceeded
      ReplicaFailure True    FailedCreate
    """,
    )
    assert told.findings(parsed) == [
        "4 condition deployment/mill @10: deployment/mill: Progressing is False ProgressDeadlineExceeded | reason=ProgressDeadlineExceeded condition=Progressing type=Progressing status=False",
        "4 condition deployment/mill @11: deployment/mill: ReplicaFailure is True FailedCreate | reason=FailedCreate condition=ReplicaFailure type=ReplicaFailure status=True",
    ]
    assert told.objects(parsed) == [
        "deployment/mill @2 desired=1 updated=1 total=1 available=1 unavailable=0 selector=app=mill condition.Available=True condition.Progressing=False condition.ReplicaFailure=True",
    ]
    assert understood == 10


def test_a_kind_is_told_by_the_fields_that_only_it_has() -> None:
    described = {
        "Name: a\nSchedule: 1\nConcurrency Policy: Allow": "cronjob",
        "Name: b\nMin replicas: 1\nMax replicas: 2": "hpa",
        "Name: c\nProvisioner: p": "storageclass",
        "Name: d\nResource  Used  Hard\n--------  ----  ----\npods      1     10": "quota",
        "Name: e\nUsed     Hard\n----     ----\n1        10": "object",
        "Name: f\nResource  Used\n--------  ----\npods      1": "object",
        "Name: g\nStatus: Active": "namespace",
        "Name: h": "object",
    }  # fmt: skip
    assert [told.objects(read_part(kubectl_describe.read, text)[0])[0].partition("/")[0] for text in described] == list(
        described.values()
    )
