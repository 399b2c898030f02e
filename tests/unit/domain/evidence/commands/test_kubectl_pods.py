"""Described pods and what owns them: every field, relation and finding of whole descriptions."""

from domain.evidence.commands.kubernetes import describe as kubectl_describe
from tests import told
from tests.evidence import read_part


def test_a_crashing_pod_is_told_whole() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:             mill-7d9c-abcde
    Namespace:        yard
    Service Account:  miller
    Node:             oak-2/10.1.0.7
    Labels:           app=mill
                      tier=back
    Status:           Running
    IP:               10.2.0.9
    Controlled By:    ReplicaSet/mill-7d9c
    Init Containers:
      sweep:
        Image:          broom:1
        Command:
          sweep
          --all
        Args:
          floor
        State:          Terminated
          Reason:       Error
          Message:      no broom at hand
          Exit Code:    2
          Finished:     Mon, 04 May 2026 11:58:30 +0000
        Ready:          False
        Restart Count:  0
    Containers:
      grinder:
        Image:         mill:3.2
        Port:          8080/TCP
        State:          Waiting
          Reason:       CrashLoopBackOff
          Message:      back-off 5m0s restarting failed container
        Last State:     Terminated
          Reason:       OOMKilled
          Exit Code:    137
          Finished:     Mon, 04 May 2026 11:59:30 +0000
        Ready:          False
        Restart Count:  9
        Limits:
          memory:  64Mi
        Requests:
          cpu:      100m
          memory:   64Mi
        Liveness:   http-get http://:8080/live delay=5s
        Environment Variables from:
          mill-env  ConfigMap  Optional: false
        Environment:
          STONES:  4
          PASS:    <set to the key 'pw' in secret 'mill-secret'>  Optional: false
          HOST:    <set to the key 'host' of config map 'mill-map'>  Optional: false
      helper:
        Image:         helper:1
        Command:
          help
        State:          Running
          Started:      Mon, 04 May 2026 11:00:00 +0000
        Last State:     Terminated
          Reason:       Error
          Exit Code:    1
        Ready:          True
        Restart Count:  1
      idle:
        Image:         idle:1
        State:          Waiting
          Reason:       ContainerCreating
        Last State:     Terminated
          Reason:       Completed
          Exit Code:    0
        Ready:          False
        Restart Count:  0
    Volumes:
      grain:
        Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
        ClaimName:  grain-claim
      keys:
        Type:        Secret (a volume populated by a Secret)
        SecretName:  mill-keys
      conf:
        Type:      ConfigMap (a volume populated by a ConfigMap)
        Name:      mill-conf
      kube-api:
        Type:                    Projected (a volume that contains injected data from multiple sources)
        ConfigMapName:           kube-root-ca.crt
    Node-Selectors:  wood=oak
    Tolerations:     node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
    """,
    )
    assert told.findings(parsed) == [
        "5 exit pod/mill-7d9c-abcde @34,35,40: pod/mill-7d9c-abcde: container grinder ended, OOMKilled, exit code 137 | reason=OOMKilled exit_code:137 container=grinder image=mill:3.2 memory_limit=64Mi state=Last State restarts:9 | 2026-05-04 11:59:30+00:00",
        "4.5 exit pod/mill-7d9c-abcde @21,22,14: pod/mill-7d9c-abcde: container sweep ended, Error, exit code 2 no broom at hand | message=no broom at hand reason=Error exit_code:2 container=sweep command=sweep --all floor image=broom:1 state=State restarts:0 init=yes | 2026-05-04 11:58:30+00:00",
        "3.5 unhealthy_object pod/mill-7d9c-abcde @32: pod/mill-7d9c-abcde: container grinder waits, CrashLoopBackOff, after 9 restarts back-off 5m0s restarting failed container | message=back-off 5m0s restarting failed container reason=CrashLoopBackOff status=Waiting container=grinder restarts:9 ready=False image=mill:3.2",
        "3 exit pod/mill-7d9c-abcde @58,59,53: pod/mill-7d9c-abcde: container helper ended, Error, exit code 1 | reason=Error exit_code:1 container=helper command=help image=helper:1 state=Last State restarts:1",
    ]
    assert told.objects(parsed) == [
        "pod/mill-7d9c-abcde @2 namespace=yard labels=app=mill,tier=back status=Running node=oak-2 ip=10.2.0.9 owner=replicaset/mill-7d9c service_account=miller node_selector=wood=oak tolerations=node.kubernetes.io/not-ready:NoExecute op=Exists for 300s container.sweep.image=broom:1 container.sweep.command=sweep --all container.sweep.args=floor container.sweep.state=Terminated container.sweep.reason=Error container.sweep.exit_code=2 container.sweep.ready=false container.sweep.restarts=0 container.grinder.image=mill:3.2 container.grinder.ports=8080/TCP container.grinder.liveness=http-get http://:8080/live delay=5s container.grinder.state=Waiting container.grinder.reason=CrashLoopBackOff container.grinder.last_reason=OOMKilled container.grinder.exit_code=137 container.grinder.ready=false container.grinder.restarts=9 container.grinder.env_from=mill-env  ConfigMap  Optional: false container.grinder.limits.memory=64Mi container.grinder.requests.cpu=100m container.grinder.requests.memory=64Mi container.grinder.env.STONES=4 container.grinder.env.PASS=<set to the key 'pw' in secret 'mill-secret'>  Optional: false container.grinder.env.HOST=<set to the key 'host' of config map 'mill-map'>  Optional: false container.helper.image=helper:1 container.helper.command=help container.helper.state=Running container.helper.last_reason=Error container.helper.exit_code=1 container.helper.ready=true container.helper.restarts=1 container.idle.image=idle:1 container.idle.state=Waiting container.idle.reason=ContainerCreating container.idle.last_reason=Completed container.idle.exit_code=0 container.idle.ready=false container.idle.restarts=0",
    ]
    assert told.edges(parsed) == [
        "pod/mill-7d9c-abcde runs on node/oak-2 @5",
        "replicaset/mill-7d9c owns pod/mill-7d9c-abcde @10",
        "pod/mill-7d9c-abcde uses serviceaccount/miller @4",
        "pod/mill-7d9c-abcde reads configmap/mill-env @46",
        "pod/mill-7d9c-abcde reads secret/mill-secret @49",
        "pod/mill-7d9c-abcde reads configmap/mill-map @50",
        "pod/mill-7d9c-abcde mounts pvc/grain-claim @74",
        "pod/mill-7d9c-abcde mounts secret/mill-keys @77",
        "pod/mill-7d9c-abcde mounts configmap/mill-conf @80",
    ]
    assert understood == 84


def test_a_container_that_waits_or_ended_now_weighs_more_than_one_that_ended_before() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:             slow
    Node:             oak-1/10.0.0.1
    Status:           Failed
    Reason:           Evicted
    Message:          The node was low on resource: memory.
    Containers:
      puller:
        Image:         nope:1
        State:          Waiting
          Reason:       ImagePullBackOff
        Ready:          False
        Restart Count:  0
      dead:
        State:          Terminated
          Reason:       Error
          Exit Code:    3
        Restart Count:  0
      told:
        Command:
          run
        State:          Terminated
          Reason:       StartError
          Message:      exec: "run": not found
          Exit Code:    128
        Restart Count:  0
      killed:
        State:          Terminated
          Reason:       OOMKilled
          Exit Code:    137
        Restart Count:  1
      done:
        State:          Terminated
          Reason:       Completed
        Restart Count:  0
      odd:
        State:          Terminated
          Reason:       Completed
          Exit Code:    4
        Restart Count:  0
      cut:
        State:          Terminated
          Reason:       Error
          Exit Code:    0
    """,
    )
    assert told.findings(parsed) == [
        "5 exit pod/slow @29,30: pod/slow: container killed ended, OOMKilled, exit code 137 | reason=OOMKilled exit_code:137 container=killed state=State restarts:1",
        '4.5 exit pod/slow @24,25,20: pod/slow: container told ended, StartError, exit code 128 exec: "run": not found | message=exec: "run": not found reason=StartError exit_code:128 container=told command=run state=State restarts:0',
        "4 exit pod/slow @16,17: pod/slow: container dead ended, Error, exit code 3 | reason=Error exit_code:3 container=dead state=State restarts:0",
        "4 exit pod/slow @38,39: pod/slow: container odd ended, Completed, exit code 4 | reason=Completed exit_code:4 container=odd state=State restarts:0",
        "4 exit pod/slow @43,44: pod/slow: container cut ended, Error, exit code 0 | reason=Error exit_code:0 container=cut state=State restarts:0",
        "3.5 unhealthy_object pod/slow @11: pod/slow: container puller waits, ImagePullBackOff, after 0 restarts | reason=ImagePullBackOff status=Waiting container=puller restarts:0 ready=False image=nope:1",
        "3 unhealthy_object pod/slow @6: pod/slow is Failed Evicted The node was low on resource: memory. | message=The node was low on resource: memory. status=Failed reason=Evicted",
    ]
    assert told.objects(parsed) == [
        "pod/slow @2 status=Failed node=oak-1 reason=Evicted message=The node was low on resource: memory. container.puller.image=nope:1 container.puller.state=Waiting container.puller.reason=ImagePullBackOff container.puller.ready=false container.puller.restarts=0 container.dead.state=Terminated container.dead.reason=Error container.dead.exit_code=3 container.dead.restarts=0 container.told.command=run container.told.state=Terminated container.told.reason=StartError container.told.exit_code=128 container.told.restarts=0 container.killed.state=Terminated container.killed.reason=OOMKilled container.killed.exit_code=137 container.killed.restarts=1 container.done.state=Terminated container.done.reason=Completed container.done.restarts=0 container.odd.state=Terminated container.odd.reason=Completed container.odd.exit_code=4 container.odd.restarts=0 container.cut.state=Terminated container.cut.reason=Error container.cut.exit_code=0",
    ]
    assert told.edges(parsed) == [
        "pod/slow runs on node/oak-1 @3",
    ]
    assert understood == 43


def test_a_pending_pod_shows_what_it_requires_of_nodes() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:             slow
    Node:             <none>
    Status:           Pending
    Containers:
      c:
        Image:        nginx
    Node-Selectors:  wood=oak
                     age=old
    """,
    )
    assert told.findings(parsed) == [
        "3 unhealthy_object pod/slow @4: pod/slow is Pending | status=Pending",
        "2.5 setting pod/slow @8: pod/slow requires nodes with wood=oak age=old | value=wood=oak age=old field=node_selector",
    ]
    assert told.objects(parsed) == [
        "pod/slow @2 status=Pending node_selector=wood=oak,age=old container.c.image=nginx",
    ]
    assert understood == 8


def test_a_pod_that_has_a_node_or_runs_is_not_said_to_require_one() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:             placed
    Node:             oak-1/10.0.0.1
    Status:           Pending
    Containers:
      c:
        Image:        nginx
    Node-Selectors:  wood=oak
    Name:             free
    Node:             <none>
    Status:           Running
    Containers:
      c:
        Image:        nginx
    Node-Selectors:  wood=oak
    Name:             gone
    Node:             <none>
    Status:           Terminating
    Containers:
      c:
        Image:        nginx
    """,
    )
    assert told.findings(parsed) == [
        "3 unhealthy_object pod/placed @4: pod/placed is Pending | status=Pending",
        "3 unhealthy_object pod/gone @18: pod/gone is Terminating | status=Terminating",
    ]
    assert told.objects(parsed) == [
        "pod/placed @2 status=Pending node=oak-1 node_selector=wood=oak container.c.image=nginx",
        "pod/free @9 status=Running node_selector=wood=oak container.c.image=nginx",
        "pod/gone @16 status=Terminating container.c.image=nginx",
    ]
    assert told.edges(parsed) == [
        "pod/placed runs on node/oak-1 @3",
    ]
    assert understood == 20


def test_workloads_tell_their_replicas_owners_and_templates() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:                   mill
    Namespace:              yard
    Selector:               app=mill,tier=back
    Replicas:               3 desired | 3 updated | 3 total | 1 available | 2 unavailable
    StrategyType:           RollingUpdate
    Pod Template:
      Labels:           app=mill
                        tier=back
      Service Account:  miller
      Containers:
       grinder:
        Image:      mill:3.2
        Limits:
          cpu:  1
        Environment:
          PASS:  <set to the key 'pw' in secret 'mill-secret'>  Optional: false
      Volumes:
       grain:
        Type:       PersistentVolumeClaim (a reference)
        ClaimName:  grain-claim
    NewReplicaSet:   mill-7d9c (3/3 replicas created)
    Name:                   yard
    Selector:               app=yard
    Replicas:               2 desired | 2 updated | 2 total | 2 available | 0 unavailable
    StrategyType:           RollingUpdate
    Name:                   off
    Selector:               app=off
    Replicas:               0 desired | 0 updated | 0 total | 0 available | 0 unavailable
    StrategyType:           RollingUpdate
    """,
    )
    assert told.findings(parsed) == [
        "3 unhealthy_object deployment/mill @5: deployment/mill: 1 of 3 replicas are there | reason=replicas missing desired:3 updated:3 total:3 available:1 unavailable:2",
        "3 setting deployment/off @29: deployment/off is scaled to zero | field=replicas value=0 desired:0 updated:0 total:0 available:0 unavailable:0",
    ]
    assert told.objects(parsed) == [
        "deployment/mill @2 namespace=yard desired=3 updated=3 total=3 available=1 unavailable=2 selector=app=mill,tier=back pod_labels=app=mill,tier=back service_account=miller container.grinder.image=mill:3.2 container.grinder.limits.cpu=1 container.grinder.env.PASS=<set to the key 'pw' in secret 'mill-secret'>  Optional: false",
        "deployment/yard @23 desired=2 updated=2 total=2 available=2 unavailable=0 selector=app=yard",
        "deployment/off @27 desired=0 updated=0 total=0 available=0 unavailable=0 selector=app=off",
    ]
    assert told.edges(parsed) == [
        "deployment/mill owns replicaset/mill-7d9c @22",
        "deployment/mill reads secret/mill-secret @17",
        "deployment/mill mounts pvc/grain-claim @21",
    ]
    assert understood == 29


def test_sets_and_jobs_count_their_pods_by_status() -> None:
    parsed, understood = read_part(
        kubectl_describe.read,
        """
    Name:           mill-7d9c
    Selector:       app=mill
    Controlled By:  Deployment/mill
    Replicas:       1 current / 2 desired
    Pods Status:    1 Running / 0 Waiting / 0 Succeeded / 3 Failed
    Name:           load
    Selector:       job=load
    Parallelism:    1
    Completions:    2
    Pods Statuses:  0 Active (0 Ready) / 1 Succeeded / 1 Failed
    Name:           calm
    Selector:       job=calm
    Parallelism:    1
    Completions:    2
    Pods Statuses:  1 Active (1 Ready) / 1 Succeeded / 0 Failed
    Name:           agent
    Selector:       app=agent
    Desired Number of Nodes Scheduled: 3
    Pods Status:    2 Running / 1 Waiting / 0 Succeeded / 0 Failed
    """,
    )
    assert told.findings(parsed) == [
        "3.5 unhealthy_object replicaset/mill-7d9c @6: replicaset/mill-7d9c: 3 pods failed | reason=pods failed current:1 desired:2 running:1 waiting:0 succeeded:0 failed:3",
        "3.5 unhealthy_object job/load @11: job/load: 1 pods failed | reason=pods failed active:0 succeeded:1 failed:1",
        "3 unhealthy_object replicaset/mill-7d9c @5: replicaset/mill-7d9c: 1 of 2 replicas are there | reason=replicas missing current:1 desired:2 running:1 waiting:0 succeeded:0 failed:3",
    ]
    assert told.objects(parsed) == [
        "replicaset/mill-7d9c @2 current=1 desired=2 running=1 waiting=0 succeeded=0 failed=3 selector=app=mill",
        "job/load @7 active=0 succeeded=1 failed=1 selector=job=load",
        "job/calm @12 active=1 succeeded=1 failed=0 selector=job=calm",
        "daemonset/agent @17 running=2 waiting=1 succeeded=0 failed=0 selector=app=agent",
    ]
    assert told.edges(parsed) == [
        "deployment/mill owns replicaset/mill-7d9c @4",
    ]
    assert understood == 19
