"""Tables of a cluster: every row an object, a finding where a row is not in order."""

from domain.evidence.commands.kubernetes import get as kubectl_get
from tests import told
from tests.evidence import read_part


def test_pods_are_judged_by_status_readiness_and_restarts() -> None:
    parsed, understood = read_part(
        kubectl_get.read,
        """
    NAMESPACE  NAME     READY   STATUS             RESTARTS       AGE   IP          NODE
    yard       mill-1   1/1     Running            0              4d    10.2.0.1    oak-1
    yard       mill-2   0/1     CrashLoopBackOff   7 (79s ago)    5m    10.2.0.2    oak-2
    yard       mill-3   1/2     Running            0              5m    <none>      <none>
    yard       mill-4   1/1     Running            2 (5m ago)     5m    10.2.0.4    oak-2
    yard       mill-5   1/1     Running            3 (5m ago)     5m    10.2.0.5    oak-2
    yard       mill-6   1/1     Running            30             5m    10.2.0.6    oak-2
    yard       mill-7   0/1     Completed          0              5m    10.2.0.7    oak-2
    yard       mill-8   0/1     Pending            <none>         5m    <none>      <none>
    """,
    )
    assert told.findings(parsed) == [
        "3.5 unhealthy_object pod/mill-2 @4: pod/mill-2 is CrashLoopBackOff, 0/1 ready, 7 restarts | reason=CrashLoopBackOff status=CrashLoopBackOff ready=0/1 restarts:7 node=oak-2 | 2026-05-04 11:58:41+00:00",
        "3 unhealthy_object pod/mill-3 @5: pod/mill-3 is Running, 1/2 ready, 0 restarts | reason=Running status=Running ready=1/2 restarts:0",
        "2.5 unhealthy_object pod/mill-8 @10: pod/mill-8 is Pending, 0/1 ready, 0 restarts | reason=Pending status=Pending ready=0/1 restarts:0",
        "1.5 unhealthy_object pod/mill-5 @7: pod/mill-5 is Running, 1/1 ready, 3 restarts | reason=Running status=Running ready=1/1 restarts:3 node=oak-2 | 2026-05-04 11:55:00+00:00",
    ]
    assert told.objects(parsed) == [
        "pod/mill-1 @3 namespace=yard ready=1/1 status=Running restarts=0 age=4d ip=10.2.0.1 node=oak-1",
        "pod/mill-2 @4 namespace=yard ready=0/1 status=CrashLoopBackOff restarts=7 (79s ago) age=5m ip=10.2.0.2 node=oak-2",
        "pod/mill-3 @5 namespace=yard ready=1/2 status=Running restarts=0 age=5m",
        "pod/mill-4 @6 namespace=yard ready=1/1 status=Running restarts=2 (5m ago) age=5m ip=10.2.0.4 node=oak-2",
        "pod/mill-5 @7 namespace=yard ready=1/1 status=Running restarts=3 (5m ago) age=5m ip=10.2.0.5 node=oak-2",
        "pod/mill-6 @8 namespace=yard ready=1/1 status=Running restarts=30 age=5m ip=10.2.0.6 node=oak-2",
        "pod/mill-7 @9 namespace=yard ready=0/1 status=Completed restarts=0 age=5m ip=10.2.0.7 node=oak-2",
        "pod/mill-8 @10 namespace=yard ready=0/1 status=Pending age=5m",
    ]
    assert told.edges(parsed) == [
        "pod/mill-1 runs on node/oak-1 @3",
        "pod/mill-2 runs on node/oak-2 @4",
        "pod/mill-4 runs on node/oak-2 @6",
        "pod/mill-5 runs on node/oak-2 @7",
        "pod/mill-6 runs on node/oak-2 @8",
        "pod/mill-7 runs on node/oak-2 @9",
    ]
    assert understood == 9


def test_rows_without_a_header_are_pods_or_events() -> None:
    parsed, understood = read_part(
        kubectl_get.read,
        """
    yard   mill-2   0/1   Pending   0   36s   <none>   <none>   app=mill
    mill-3   0/1   Error   4 (3m ago)   36s   10.2.0.3
    mill-4   0/1   Error   4   36s
    2m17s   Warning   FailedMount   Pod/mill-1   Unable to attach volume grain
    yard   3m (x2 over 9m)   Warning   BackOff   pod/mill-2   Back-off
    only words
    mill-5   0/1   Error   1   36s
    """,
    )
    assert told.findings(parsed) == [
        "4 event pod/mill-1 @5: FailedMount: Unable to attach volume grain (pod/mill-1) | message=Unable to attach volume grain reason=FailedMount type=Warning object=pod/mill-1 count:1 | 2026-05-04 11:57:43+00:00",
        "3.5 unhealthy_object pod/mill-3 @3: pod/mill-3 is Error, 0/1 ready, 4 restarts | reason=Error status=Error ready=0/1 restarts:4",
        "3.5 unhealthy_object pod/mill-4 @4: pod/mill-4 is Error, 0/1 ready, 4 restarts | reason=Error status=Error ready=0/1 restarts:4",
        "3.5 unhealthy_object pod/mill-5 @8: pod/mill-5 is Error, 0/1 ready, 1 restarts | reason=Error status=Error ready=0/1 restarts:1",
        "3 event pod/mill-2 @6: BackOff: Back-off (pod/mill-2) | message=Back-off reason=BackOff type=Warning object=pod/mill-2 count:2 | 2026-05-04 11:57:00+00:00",
        "2.5 unhealthy_object pod/mill-2 @2: pod/mill-2 is Pending, 0/1 ready, 0 restarts | reason=Pending status=Pending ready=0/1 restarts:0",
    ]
    assert told.events(parsed) == [
        "4 pod/mill-1 @5: FailedMount: Unable to attach volume grain | 2026-05-04 11:57:43+00:00",
        "3 pod/mill-2 @6: BackOff: Back-off | 2026-05-04 11:57:00+00:00",
    ]
    assert told.objects(parsed) == [
        "pod/mill-2 @2 namespace=yard ready=0/1 status=Pending restarts=0 age=36s",
        "pod/mill-3 @3 ready=0/1 status=Error restarts=4 age=36s ip=10.2.0.3",
        "pod/mill-4 @4 ready=0/1 status=Error restarts=4 age=36s",
        "pod/mill-5 @8 ready=0/1 status=Error restarts=1 age=36s",
    ]
    assert understood == 6


def test_workloads_are_short_of_replicas_or_scaled_to_zero() -> None:
    parsed, understood = read_part(
        kubectl_get.read,
        """
    NAME   READY   UP-TO-DATE   AVAILABLE   AGE
    mill   1/2     2            1           4d
    kiln   2/2     2            2           4d
    yard   0/0     0            0           4d
    barn   odd     0            0           4d

    NAME      DESIRED   CURRENT   READY   AGE
    mill-7d   2         2         1       4d
    mill-8d   0         0         0       4d

    NAME    DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE
    agent   3         3         2       3            2           <none>          4d
    spare   0         0         0       0            0           <none>          4d
    """,
    )
    assert told.findings(parsed) == [
        "3 unhealthy_object deployment/mill @3: deployment/mill: 1 of 2 ready | reason=replicas missing ready:1 desired:2",
        "3 setting deployment/yard @5: deployment/yard is scaled to zero | field=replicas value=0",
        "3 unhealthy_object replicaset/mill-7d @9: replicaset/mill-7d: 1 of 2 ready | reason=replicas missing ready:1 desired:2",
        "3 unhealthy_object daemonset/agent @13: daemonset/agent: 2 of 3 ready | reason=replicas missing ready:2 desired:3",
        "3 setting daemonset/spare @14: daemonset/spare is scaled to zero | field=replicas value=0",
    ]
    assert told.objects(parsed) == [
        "deployment/mill @3 ready=1/2 age=4d updated=2 available=1",
        "deployment/kiln @4 ready=2/2 age=4d updated=2 available=2",
        "deployment/yard @5 ready=0/0 age=4d updated=0 available=0",
        "deployment/barn @6 ready=odd age=4d updated=0 available=0",
        "replicaset/mill-7d @9 ready=1 age=4d desired=2 current=2",
        "replicaset/mill-8d @10 ready=0 age=4d desired=0 current=0",
        "daemonset/agent @13 ready=2 age=4d desired=3 current=3 updated=3 available=2",
        "daemonset/spare @14 ready=0 age=4d desired=0 current=0 updated=0 available=0",
    ]
    assert understood == 11


def test_jobs_nodes_and_their_use_are_judged() -> None:
    parsed, understood = read_part(
        kubectl_get.read,
        """
    NAME   COMPLETIONS   STATUS     DURATION
    load   0/5           Failed     23h
    boil   1/1           Complete   2m
    wait   0/1           Pending    2m

    NAME    STATUS                        ROLES    AGE   VERSION
    oak-1   Ready                         worker   4d    v1.30
    oak-2   NotReady                      worker   4d    v1.30
    oak-3   Ready,SchedulingDisabled      worker   4d    v1.30
    oak-4   Unknown                       worker   4d    v1.30

    NAME    CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%
    oak-1   3900m        89%    1Gi             90%
    oak-2   3900m        91%    1Gi             10%

    NAME    CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)
    oak-3   3900m        95%      1Gi             10%

    POD     CPU(cores)   MEMORY(bytes)
    mill-1  100m         64Mi
    """,
    )
    assert told.findings(parsed) == [
        "4 unhealthy_object node/oak-2 @9: node/oak-2 is NotReady | reason=NotReady status=NotReady",
        "4 unhealthy_object node/oak-4 @11: node/oak-4 is Unknown | reason=Unknown status=Unknown",
        "3.5 unhealthy_object job/load @3: job/load is Failed, 0 of 5 completed | reason=Failed status=Failed",
        "3.5 unhealthy_object node/oak-3 @10: node/oak-3 is Ready,SchedulingDisabled | reason=Ready,SchedulingDisabled status=Ready,SchedulingDisabled",
        "3.5 resource node/oak-1 @14: node/oak-1 uses 90 % of its memory | resource=memory used:90 limit:100",
        "3.5 resource node/oak-2 @15: node/oak-2 uses 91 % of its cpu | resource=cpu used:91 limit:100",
        "3.5 resource node/oak-3 @18: node/oak-3 uses 95 % of its cpu | resource=cpu used:95 limit:100",
    ]
    assert told.objects(parsed) == [
        "job/load @3 status=Failed completions=0/5",
        "job/boil @4 status=Complete completions=1/1",
        "job/wait @5 status=Pending completions=0/1",
        "node/oak-1 @8 status=Ready age=4d roles=worker version=v1.30 cpu=3900m memory=1Gi cpu_percent=89% memory_percent=90%",
        "node/oak-2 @9 status=NotReady age=4d roles=worker version=v1.30 cpu=3900m memory=1Gi cpu_percent=91% memory_percent=10%",
        "node/oak-3 @10 status=Ready,SchedulingDisabled age=4d roles=worker version=v1.30 cpu=3900m memory=1Gi cpu_percent=95% memory_percent=10%",
        "node/oak-4 @11 status=Unknown age=4d roles=worker version=v1.30",
        "pod/mill-1 @21 cpu=100m memory=64Mi",
    ]
    assert understood == 16


def test_services_endpoints_quotas_and_claims_are_judged() -> None:
    parsed, understood = read_part(
        kubectl_get.read,
        """
    NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE   SELECTOR
    mill   ClusterIP   10.0.0.1     <none>        80/TCP    4d    app=mill
    kiln   ClusterIP   10.0.0.2     <none>        80/TCP    4d    <none>

    NAME   ENDPOINTS     AGE
    mill   <none>        4d
    kiln   10.2.0.4:80   4d

    NAME   AGE    REQUEST                                       LIMIT         LABELS
    q      112s   requests.memory: 3000Mi/3Gi, requests.cpu: 2/2   cpu: 1/4     <none>

    NAME    STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE
    grain   Pending                                      fast           4d
    flour   Lost      pv-2     5Gi        RWO            slow           4d
    oats    Bound     pv-3     5Gi        RWO            slow           4d
    """,
    )
    assert told.findings(parsed) == [
        "3.5 quota quota/q @11: quota/q: requests.cpu used 2 of 2 | resource=requests.cpu used:2 limit:2 hard=2",
        "3.5 unhealthy_object pvc/flour @15: pvc/flour is Lost | reason=Lost status=Lost class=slow",
        "3 unhealthy_object service/mill @7: endpoints/mill has no address | reason=no endpoints",
        "3 quota quota/q @11: quota/q: requests.memory used 3000Mi of 3Gi | resource=requests.memory used:3145728000 limit:3221225472 hard=3Gi",
        "2.5 unhealthy_object pvc/grain @14: pvc/grain is Pending | reason=Pending status=Pending class=fast",
        "1 quota quota/q @11: quota/q: cpu used 1 of 4 | resource=cpu used:1 limit:4 hard=4",
    ]
    assert told.objects(parsed) == [
        "service/mill @3 age=4d selector=app=mill type=ClusterIP ip=10.0.0.1 ports=80/TCP",
        "service/kiln @4 age=4d type=ClusterIP ip=10.0.0.2 ports=80/TCP",
        "endpoints/mill @7 age=4d",
        "endpoints/kiln @8 age=4d endpoints=10.2.0.4:80",
        "quota/q @11 age=112s",
        "pvc/grain @14 status=Pending age=4d class=fast",
        "pvc/flour @15 status=Lost age=4d volume=pv-2 capacity=5Gi modes=RWO class=slow",
        "pvc/oats @16 status=Bound age=4d volume=pv-3 capacity=5Gi modes=RWO class=slow",
    ]
    assert told.edges(parsed) == [
        "service/mill selects label/app=mill @3",
        "pvc/grain uses storageclass/fast @14",
        "pvc/flour bound to pv/pv-2 @15",
        "pvc/flour uses storageclass/slow @15",
        "pvc/oats bound to pv/pv-3 @16",
        "pvc/oats uses storageclass/slow @16",
    ]
    assert understood == 12


def test_trees_and_lists_of_all_kinds_name_the_kind_in_the_row() -> None:
    parsed, understood = read_part(
        kubectl_get.read,
        """
    NAME                       READY   STATUS   RESTARTS   AGE
    pod/mill-1                 0/1     Error    0          4d
    │└─deployment.apps/mill    0/1     Error    0          4d
    ├─Thing/odd                        Failed
    """,
    )
    assert told.findings(parsed) == [
        "3.5 unhealthy_object pod/mill-1 @3: pod/mill-1 is Error, 0/1 ready, 0 restarts | reason=Error status=Error ready=0/1 restarts:0",
        "3 unhealthy_object deployment/mill @4: deployment/mill: 0 of 1 ready | reason=replicas missing ready:0 desired:1",
        "3 unhealthy_object thing/odd @5: thing/odd is Failed | reason=Failed",
    ]
    assert told.objects(parsed) == [
        "pod/mill-1 @3 ready=0/1 status=Error restarts=0 age=4d",
        "deployment/mill @4 ready=0/1 status=Error restarts=0 age=4d",
        "thing/odd @5 status=Failed",
    ]
    assert understood == 4
