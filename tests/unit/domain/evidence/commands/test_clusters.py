"""Descriptions, tables, events and objects of a cluster become objects, relations and findings."""

import json

from domain.evidence.commands import output
from tests.evidence import a_text, of_kind, read_by

CRASHING = """
stdout:
Name:             mill-7d9c-abcde
Namespace:        yard
Priority:         0
Service Account:  miller
Node:             oak-2/10.1.0.7
Start Time:       Mon, 04 May 2026 11:00:00 +0000
Labels:           app=mill
                  pod-template-hash=7d9c
Status:           Running
IP:               10.2.0.9
Controlled By:    ReplicaSet/mill-7d9c
Containers:
  grinder:
    Image:         registry.example/mill:3.2
    Port:          8080/TCP
    Command:
      mill
      --grind
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Mon, 04 May 2026 11:58:00 +0000
      Finished:     Mon, 04 May 2026 11:58:30 +0000
    Ready:          False
    Restart Count:  9
    Limits:
      memory:  64Mi
    Requests:
      memory:   64Mi
    Liveness:   http-get http://:8080/live delay=5s timeout=1s
    Environment:
      STONES:  4
      PASS:    <set to the key 'pw' in secret 'mill-secret'>  Optional: false
Conditions:
  Type              Status
  Initialized       True
  Ready             False
Volumes:
  grain:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  grain-claim
Node-Selectors:  <none>
Tolerations:     node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
Events:
  Type     Reason     Age                  From     Message
  ----     ------     ----                 ----     -------
  Normal   Pulled     20m                  kubelet  Container image "registry.example/mill:3.2" already present
  Warning  BackOff    87s (x23 over 6m)    kubelet  Back-off restarting failed container grinder

stderr:
"""


def test_a_killed_container_is_an_exit_with_its_reason_code_and_limit() -> None:
    parsed = read_by(output.analyse, CRASHING)
    worst = parsed.findings[0]
    assert (worst.kind, worst.subject, worst.severity) == ("exit", "pod/mill-7d9c-abcde", 5.0)
    assert worst.attributes["reason"] == "OOMKilled"
    assert worst.attributes["memory_limit"] == "64Mi"
    assert worst.numbers["exit_code"] == 137
    lines = a_text(CRASHING).lines
    assert [lines[c.first - 1].strip() for c in worst.citations] == [
        "Reason:       OOMKilled",
        "Exit Code:    137",
        "memory:  64Mi",
    ]
    assert worst.time is not None


def test_a_described_pod_tells_what_it_runs_on_uses_and_mounts() -> None:
    parsed = read_by(output.analyse, CRASHING)
    edges = {(e.source, e.relation, e.target) for e in parsed.edges}
    assert edges >= {
        ("pod/mill-7d9c-abcde", "runs on", "node/oak-2"),
        ("replicaset/mill-7d9c", "owns", "pod/mill-7d9c-abcde"),
        ("pod/mill-7d9c-abcde", "uses", "serviceaccount/miller"),
        ("pod/mill-7d9c-abcde", "mounts", "pvc/grain-claim"),
        ("pod/mill-7d9c-abcde", "reads", "secret/mill-secret"),
    }
    fields = parsed.objects[0].fields
    assert fields["labels"] == "app=mill,pod-template-hash=7d9c"
    assert fields["container.grinder.image"] == "registry.example/mill:3.2"
    assert fields["container.grinder.limits.memory"] == "64Mi"
    assert fields["container.grinder.env.STONES"] == "4"


def test_events_keep_reason_count_and_a_time_before_the_observation() -> None:
    [event] = of_kind(read_by(output.analyse, CRASHING), "event")
    assert event.attributes["reason"] == "BackOff"
    assert event.numbers["count"] == 23
    assert event.time is not None
    assert event.time.isoformat() == "2026-05-04T11:58:33+00:00"


def test_a_failed_start_cites_its_message() -> None:
    text = CRASHING.replace(
        "      Reason:       OOMKilled\n      Exit Code:    137",
        '      Reason:       StartError\n      Message:      exec: "gridn": executable file not found in $PATH\n      Exit Code:    128',
    )
    worst = read_by(output.analyse, text).findings[0]
    assert "gridn" in worst.text
    assert worst.attributes["command"] == "mill --grind"


def test_a_pod_that_waits_for_a_node_shows_what_it_requires() -> None:
    text = """
    Name:             slow
    Namespace:        yard
    Node:             <none>
    Labels:           <none>
    Status:           Pending
    Containers:
      c:
        Image:        nginx
    Conditions:
      Type           Status
      PodScheduled   False
    Node-Selectors:  wood=oak
    Events:
      Type     Reason            Age   From               Message
      ----     ------            ----  ----               -------
      Warning  FailedScheduling  38s   default-scheduler  0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.
    """
    parsed = read_by(output.analyse, text)
    assert parsed.findings[0].attributes["reason"] == "FailedScheduling"
    [setting] = of_kind(parsed, "setting")
    assert (setting.attributes["field"], setting.attributes["value"]) == ("node_selector", "wood=oak")
    assert not any(e.relation == "runs on" for e in parsed.edges)


def test_claims_services_quotas_nodes_and_policies_are_recognised_by_their_fields() -> None:
    texts = {
        "pvc/grain": ("Name: grain\nStorageClass:  fast-2\nStatus:        Pending\nVolume:\nAccess Modes:\nUsed By:  mill-1\n", "Pending"),
        "service/mill": ("Name: mill\nSelector:  app=mil\nType: ClusterIP\nIP: 10.0.0.1\nPort: http 80/TCP\nEndpoints:  <none>\nSession Affinity: None\n", "no endpoints"),
        "quota/q": ("Name: q\nResource  Used  Hard\n--------  ----  ----\npods      10    10\n", "pods"),
        "node/oak": ("Name: oak\nRoles: node\nTaints: <none>\nUnschedulable: true\nCapacity:\n  cpu: 4\nAllocatable:\n  cpu: 4\n", "Unschedulable"),
        "networkpolicy/shut": ("Name: shut\nSpec:\n  PodSelector:     app=mill\n  Allowing ingress traffic:\n    <none> (Selected pods are isolated for ingress connectivity)\n", "isolated"),
    }  # fmt: skip
    for subject, (text, telling) in texts.items():
        parsed = read_by(output.analyse, text, command="kubectl describe")
        assert parsed.findings[0].subject == subject
        assert telling in " ".join([*parsed.findings[0].attributes.values(), parsed.findings[0].statement])


def test_a_deployment_without_replicas_and_one_scaled_to_zero_differ() -> None:
    text = "Name: {}\nSelector: app=x\nReplicas: {} desired | 0 updated | 0 total | 0 available | 0 unavailable\nStrategyType: RollingUpdate\nPod Template:\n  Labels: app=x\n"
    short = read_by(output.analyse, text.format("mill", 2)).findings[0]
    zero = read_by(output.analyse, text.format("mill", 0)).findings[0]
    assert (short.kind, short.attributes["reason"]) == ("unhealthy_object", "replicas missing")
    assert (zero.kind, zero.attributes["field"]) == ("setting", "replicas")


def test_a_healthy_description_has_no_finding_of_weight() -> None:
    text = (
        CRASHING
        .split("Conditions:", maxsplit=1)[0]
        .replace("Waiting\n      Reason:       CrashLoopBackOff", "Running")
        .replace(
            "Terminated\n      Reason:       OOMKilled\n      Exit Code:    137",
            "Terminated\n      Reason:       Completed\n      Exit Code:    0",
        )
        .replace("Count:  9", "Count:  0")
    )
    assert read_by(output.analyse, text).findings == ()


def test_rows_of_pods_are_read_with_and_without_their_header() -> None:
    table = """
    NAME       READY   STATUS             RESTARTS      AGE   IP          NODE
    mill-1     1/1     Running            0             4d    10.2.0.1    oak-1
    mill-2     0/1     CrashLoopBackOff   7 (79s ago)   5m    10.2.0.2    oak-2
    mill-3     0/1     Running            0             5m    <none>      oak-2
    """
    parsed = read_by(output.analyse, table)
    assert [(f.subject, f.attributes["status"]) for f in parsed.findings] == [
        ("pod/mill-2", "CrashLoopBackOff"),
        ("pod/mill-3", "Running"),
    ]
    assert parsed.findings[0].numbers["restarts"] == 7
    bare = read_by(output.analyse, "yard   mill-2   0/1   Pending   0   36s   <none>   <none>   app=mill")
    assert bare.findings[0].subject == "pod/mill-2"
    assert bare.objects[0].fields["namespace"] == "yard"


def test_rows_of_events_are_read_with_and_without_their_header() -> None:
    header = "LAST SEEN   TYPE      REASON        OBJECT       MESSAGE\n"
    row = "2m17s       Warning   FailedMount   pod/mill-1   Unable to attach volume grain"
    for text in (header + row, row + "\n" + row):
        found = read_by(output.analyse, text).findings[0]
        assert (found.kind, found.subject, found.attributes["reason"]) == ("event", "pod/mill-1", "FailedMount")


def test_short_tables_of_other_objects_say_what_is_missing() -> None:
    assert read_by(output.analyse, "NAME   ENDPOINTS   AGE\nmill   <none>      4d").findings[0].subject == "service/mill"
    assert (
        "Scheduling"
        in read_by(output.analyse, "NAME   STATUS                     ROLES   AGE\noak    Ready,SchedulingDisabled   node    1d")
        .findings[0]
        .statement
    )
    assert (
        read_by(output.analyse, "NAME   COMPLETIONS   STATUS   DURATION\nload   0/5           Failed   23h").findings[0].subject
        == "job/load"
    )
    used = read_by(
        output.analyse, "NAME    CPU(cores)   CPU%   MEMORY(bytes)   MEMORY%\noak-1   3900m        98%    1Gi             10%"
    )
    assert used.findings[0].numbers["used"] == 98


def test_objects_in_yaml_and_json_read_like_their_descriptions() -> None:
    status = {"name": "c", "restartCount": 4, "state": {"waiting": {"reason": "CrashLoopBackOff"}}}
    status["lastState"] = {"terminated": {"reason": "Error", "exitCode": 127, "message": "sh: mll: not found"}}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "mill-1", "ownerReferences": [{"kind": "ReplicaSet", "name": "mill"}]},
        "spec": {"nodeName": "oak", "containers": [{"name": "c", "image": "m:1", "envFrom": [{"secretRef": {"name": "s"}}]}]},
        "status": {"phase": "Running", "containerStatuses": [status]},
    }
    parsed = read_by(output.analyse, json.dumps({"kind": "List", "items": [pod]}, indent=1))
    worst = parsed.findings[0]
    assert (worst.kind, worst.numbers["exit_code"]) == ("exit", 127)
    assert "mll" in worst.text
    assert {(e.relation, e.target) for e in parsed.edges} >= {
        ("runs on", "node/oak"),
        ("reads", "secret/s"),
        ("owns", "pod/mill-1"),
    }


def test_a_manifest_gives_its_selector_ports_and_names() -> None:
    text = """
    apiVersion: v1
    kind: Service
    metadata:
      name: mill
    spec:
      selector:
        app: mill
      ports:
      - port: 80
        targetPort: 8080
    """
    parsed = read_by(output.analyse, text)
    assert parsed.objects[0].fields["target_ports"] == "8080"
    assert [(e.relation, e.target) for e in parsed.edges] == [("selects", "label/app=mill")]


def test_a_refused_request_names_its_object_and_an_empty_answer_is_a_fact() -> None:
    refused = read_by(output.analyse, 'Error from server (NotFound): pods "mill-9" not found').findings[0]
    assert (refused.subject, refused.attributes["reason"]) == ("pod/mill-9", "NotFound")
    assert read_by(output.analyse, "stdout:\n\nstderr:\n").findings[0].kind == "empty"


def test_a_paste_of_several_commands_is_read_part_by_part() -> None:
    text = """
    $ kubectl get pods
    NAME     READY   STATUS    RESTARTS   AGE
    mill-1   0/1     Error     0          4d
    $ df -h
    Filesystem  Size  Used Avail Use% Mounted on
    /dev/sda1   40G   40G  0     100% /
    """
    parsed = read_by(output.analyse, text)
    assert {f.subject for f in parsed.findings} == {"pod/mill-1", "filesystem//"}
    assert {f.subject: f.citations[0].first for f in parsed.findings} == {"pod/mill-1": 3, "filesystem//": 6}


def test_jobs_sets_quotas_and_lists_of_any_kind_are_read_from_their_tables() -> None:
    sets = read_by(output.analyse, "NAME      DESIRED   CURRENT   READY   AGE\nmill-7d   2         2         0       4d")
    assert sets.findings[0].numbers["ready"] == 0
    zero = read_by(output.analyse, "NAME   READY   UP-TO-DATE   AVAILABLE   AGE\nmill   0/0     0            0           4d")
    assert zero.findings[0].attributes["field"] == "replicas"
    used = read_by(
        output.analyse,
        "NAME   AGE    REQUEST                       LIMIT   LABELS\nq      112s   requests.memory: 3000Mi/3Gi   cpu: 1/4     <none>",
    )
    assert [f.attributes["resource"] for f in used.findings] == ["requests.memory", "cpu"]
    every = read_by(
        output.analyse, "NAME           READY   STATUS   RESTARTS   AGE\npod/mill-1     0/1     Error    0          4d"
    )
    assert every.findings[0].subject == "pod/mill-1"
    service = read_by(
        output.analyse,
        "NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE   SELECTOR\nmill   ClusterIP   10.0.0.1     <none>        80/TCP    4d    app=mill",
    )
    assert [(e.relation, e.target) for e in service.edges] == [("selects", "label/app=mill")]


def test_a_deployment_object_tells_conditions_and_missing_replicas() -> None:
    text = """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: mill
    spec:
      replicas: 2
      template:
        spec:
          containers:
          - name: c
            image: m:1
            livenessProbe:
              httpGet: {path: /live, port: 80}
            env:
            - name: STONES
              value: "4"
    status:
      conditions:
      - type: Progressing
        status: "False"
        reason: ProgressDeadlineExceeded
        message: ReplicaSet mill has timed out progressing.
      readyReplicas: 0
      unavailableReplicas: 2
    """
    parsed = read_by(output.analyse, text)
    assert {f.kind for f in parsed.findings} == {"condition", "unhealthy_object"}
    fields = parsed.objects[0].fields
    assert fields["container.c.env.STONES"] == "4"
    assert "httpGet.port=80" in fields["container.c.liveness"]
    event = {
        "kind": "Event",
        "metadata": {"name": "e"},
        "type": "Warning",
        "reason": "FailedMount",
        "message": "no volume",
        "involvedObject": {"kind": "Pod", "name": "p"},
        "lastTimestamp": "2026-05-04T01:00:00Z",
    }
    [found] = read_by(output.analyse, json.dumps({"kind": "EventList", "items": [event]}, indent=1)).findings
    assert (found.subject, found.time is not None) == ("pod/p", True)
