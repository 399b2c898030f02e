"""Cluster objects in YAML: every field, relation and finding of whole documents."""

from domain.evidence.commands.kubernetes import objects as kubectl_objects
from domain.evidence.reading import Reading
from domain.evidence.structure import yamltree
from domain.evidence.values import Context, Document, Parsed, Text
from tests import told
from tests.evidence import read_by


def cluster(text: Text, document: Document, _context: Context) -> Parsed:
    reading = Reading(document=document, lines=text.lines)
    return reading.parsed(f"{kubectl_objects.read(reading, yamltree.read(text.lines).roots)} objects")


def test_a_pod_object_tells_its_containers_states_and_references() -> None:
    parsed = read_by(
        cluster,
        """
    apiVersion: v1
    kind: Pod
    metadata:
      name: mill-1
      namespace: yard
      labels:
        app: mill
        tier: back
      ownerReferences:
      - kind: ReplicaSet
        name: mill-7d
    spec:
      nodeName: oak-1
      serviceAccountName: miller
      nodeSelector:
        wood: oak
      initContainers:
      - name: sweep
        image: broom:1
      containers:
      - name: grinder
        image: mill:3
        command: [mill, --grind]
        args: [fine]
        ports:
        - containerPort: 8080
        - containerPort: 53
          protocol: UDP
        resources:
          limits:
            memory: 64Mi
          requests:
            cpu: 100m
        env:
        - name: STONES
          value: "4"
        - name: PASS
          valueFrom:
            secretKeyRef:
              name: mill-secret
              key: pw
        envFrom:
        - configMapRef:
            name: mill-env
        livenessProbe:
          httpGet:
            path: /live
            port: 80
      volumes:
      - name: grain
        persistentVolumeClaim:
          claimName: grain-claim
    status:
      phase: Running
      conditions:
      - type: Ready
        status: "False"
        reason: ContainersNotReady
        message: grinder is not ready
        lastTransitionTime: "2026-05-04T11:00:00Z"
      - type: Initialized
        status: "True"
      - type: PodScheduled
        status: "False"
      - type: DiskPressure
        status: "False"
      - status: "False"
      initContainerStatuses:
      - name: sweep
        state:
          terminated:
            exitCode: 2
            reason: Error
            message: no broom
            finishedAt: "2026-05-04T11:00:01Z"
      containerStatuses:
      - name: grinder
        image: mill:3
        restartCount: 4
        state:
          waiting:
            reason: CrashLoopBackOff
            message: back-off restarting
        lastState:
          terminated:
            exitCode: 137
            reason: OOMKilled
      - name: calm
        state:
          waiting:
            reason: ContainerCreating
        lastState:
          terminated:
            exitCode: 0
            reason: Completed
      - name: cut
        state:
          waiting:
            reason: ImagePullBackOff
        lastState:
          terminated:
            reason: Error
      - name: silent
        state:
          terminated:
            exitCode: 1
    """,
    )
    assert told.findings(parsed) == [
        "5 exit pod/mill-1 @87: pod/mill-1: container grinder ended, OOMKilled, exit code 137 | reason=OOMKilled exit_code:137 container=grinder",
        "4 exit pod/mill-1 @74: pod/mill-1: container sweep ended, Error, exit code 2 no broom | message=no broom reason=Error exit_code:2 container=sweep init=yes | 2026-05-04 11:00:01+00:00",
        "4 exit pod/mill-1 @106: pod/mill-1: container silent ended, , exit code 1 | exit_code:1 container=silent",
        "3.5 condition pod/mill-1 @59: pod/mill-1: Ready is False ContainersNotReady grinder is not ready | message=grinder is not ready reason=ContainersNotReady type=Ready status=False | 2026-05-04 11:00:00+00:00",
        "3.5 unhealthy_object pod/mill-1 @83: pod/mill-1: container grinder waits, CrashLoopBackOff back-off restarting | restarts:4 image=mill:3 message=back-off restarting reason=CrashLoopBackOff container=grinder",
        "3.5 unhealthy_object pod/mill-1 @99: pod/mill-1: container cut waits, ImagePullBackOff | restarts:0 reason=ImagePullBackOff container=cut",
        "2 condition pod/mill-1 @63: pod/mill-1: PodScheduled is False | type=PodScheduled status=False",
    ]
    assert told.objects(parsed) == [
        "pod/mill-1 @4 namespace=yard labels=app=mill,tier=back node_selector=wood=oak status=Running service_account=miller container.sweep.image=broom:1 container.grinder.image=mill:3 container.grinder.ports=8080/TCP,53/UDP container.grinder.command=mill --grind container.grinder.args=fine container.grinder.limits.memory=64Mi container.grinder.requests.cpu=100m container.grinder.env.STONES=4 container.grinder.liveness=httpGet.path=/live httpGet.port=80 condition.Ready=False condition.Initialized=True condition.PodScheduled=False condition.DiskPressure=False",
    ]
    assert told.edges(parsed) == [
        "replicaset/mill-7d owns pod/mill-1 @10",
        "pod/mill-1 runs on node/oak-1 @13",
        "pod/mill-1 uses serviceaccount/miller @14",
        "pod/mill-1 reads secret/mill-secret @40",
        "pod/mill-1 reads configmap/mill-env @44",
        "pod/mill-1 mounts pvc/grain-claim @52",
    ]
    assert parsed.summary == "1 objects"


def test_workloads_tell_their_template_and_missing_replicas() -> None:
    parsed = read_by(
        cluster,
        """
    kind: Deployment
    metadata:
      name: mill
    spec:
      replicas: 3
      selector:
        matchLabels:
          app: mill
      template:
        metadata:
          labels:
            app: mill
        spec:
          serviceAccountName: miller
          containers:
          - name: c
            image: m:1
    status:
      replicas: 3
      readyReplicas: 2
      availableReplicas: 2
      unavailableReplicas: 1
    ---
    kind: StatefulSet
    metadata:
      name: kiln
    spec:
      replicas: 2
    status:
      replicas: 2
    ---
    kind: Deployment
    metadata:
      name: off
    spec:
      replicas: 0
    ---
    kind: Deployment
    metadata:
      name: planned
    spec:
      replicas: 2
    ---
    kind: Deployment
    metadata:
      name: whole
    spec:
      replicas: 2
    status:
      readyReplicas: 2
    ---
    kind: ReplicaSet
    metadata:
      generateName: bare-
    spec:
      replicas: 1
    status:
      phase: odd
    """,
    )
    assert told.findings(parsed) == [
        "3 unhealthy_object deployment/mill @22: deployment/mill: 2 of 3 replicas are ready | reason=replicas missing ready:2 desired:3",
        "3 unhealthy_object statefulset/kiln @30: statefulset/kiln: 0 of 2 replicas are ready | reason=replicas missing ready:0 desired:2",
        "3 setting deployment/off @36: deployment/off is scaled to zero | field=replicas value=0",
        "3 unhealthy_object replicaset/bare- @58: replicaset/bare-: 0 of 1 replicas are ready | reason=replicas missing ready:0 desired:1",
    ]
    assert told.objects(parsed) == [
        "deployment/mill @3 selector=app=mill pod_labels=app=mill desired=3 available=2 ready=2 service_account=miller container.c.image=m:1",
        "statefulset/kiln @26 desired=2",
        "deployment/off @34 desired=0",
        "deployment/planned @40 desired=2",
        "deployment/whole @46 desired=2 ready=2",
        "replicaset/bare- @52 status=odd desired=1",
    ]
    assert told.edges(parsed) == [
        "deployment/mill uses serviceaccount/miller @14",
    ]
    assert parsed.summary == "6 objects"


def test_services_claims_policies_and_scalers_name_what_they_need() -> None:
    parsed = read_by(
        cluster,
        """
    kind: Service
    metadata:
      name: mill
    spec:
      type: NodePort
      selector:
        app: mill
        tier: back
      ports:
      - port: 80
        targetPort: 8080
      - port: 53
        protocol: UDP
    ---
    kind: PersistentVolumeClaim
    metadata:
      name: grain
    spec:
      storageClassName: fast
    status:
      phase: Pending
    ---
    kind: NetworkPolicy
    metadata:
      name: shut
    spec:
      podSelector:
        matchLabels:
          app: mill
    ---
    kind: HorizontalPodAutoscaler
    metadata:
      name: mill
    spec:
      scaleTargetRef:
        kind: Deployment
        name: mill
    ---
    kind: RoleBinding
    metadata:
      name: bind
    roleRef:
      kind: Role
      name: reader
    ---
    kind: Ingress
    metadata:
      name: gate
    spec:
      ingressClassName: nginx
      rules:
      - http:
          paths:
          - backend:
              service:
                name: mill
    ---
    settings: only
    """,
    )
    assert told.findings(parsed) == [
        "2.5 unhealthy_object pvc/grain @21: pvc/grain is Pending | status=Pending reason=Pending",
    ]
    assert told.objects(parsed) == [
        "service/mill @3 selector=app=mill,tier=back type=NodePort ports=80/TCP,53/UDP target_ports=8080,53",
        "pvc/grain @17 status=Pending class=fast",
        "networkpolicy/shut @25 selector=app=mill",
        "hpa/mill @33",
        "rolebinding/bind @41",
        "ingress/gate @48",
    ]
    assert told.edges(parsed) == [
        "service/mill selects label/app=mill,tier=back @7",
        "pvc/grain uses storageclass/fast @19",
        "hpa/mill scales deployment/mill @37",
        "rolebinding/bind uses role/reader @44",
        "ingress/gate uses ingressclass/nginx @50",
        "ingress/gate routes to service/mill @56",
    ]
    assert parsed.summary == "6 objects"


def test_lists_hold_objects_and_events() -> None:
    parsed = read_by(
        cluster,
        """
    kind: List
    items:
    - kind: Event
      metadata:
        name: e1
        creationTimestamp: "2026-05-04T09:00:00Z"
      type: Warning
      reason: FailedMount
      message: no volume
      count: 7
      involvedObject:
        kind: PersistentVolumeClaim
        name: Grain
      lastTimestamp: "2026-05-04T11:00:00Z"
    - kind: Event
      metadata:
        name: e2
        creationTimestamp: "2026-05-04T09:00:00Z"
      type: Warning
      reason: BackOff
      note: back-off restarting
      regarding:
        kind: Pod
        name: mill-1
    - metadata:
        name: nameless
    - just: data
    """,
    )
    assert told.findings(parsed) == [
        "4 event pvc/grain @9: FailedMount: no volume (pvc/grain) | message=no volume reason=FailedMount type=Warning object=pvc/grain count:7 | 2026-05-04 11:00:00+00:00",
        "3 event pod/mill-1 @21: BackOff: back-off restarting (pod/mill-1) | message=back-off restarting reason=BackOff type=Warning object=pod/mill-1 count:1 | 2026-05-04 09:00:00+00:00",
    ]
    assert told.events(parsed) == [
        "4 pvc/grain @9: FailedMount: no volume | 2026-05-04 11:00:00+00:00",
        "3 pod/mill-1 @21: BackOff: back-off restarting | 2026-05-04 09:00:00+00:00",
    ]
    assert told.objects(parsed) == [
        "object/nameless @26",
    ]
    assert parsed.summary == "3 objects"


def test_a_map_with_items_that_is_no_list_is_one_object() -> None:
    parsed = read_by(cluster, "kind: ConfigMap\nmetadata:\n  name: m\nitems:\n- kind: Pod\n  metadata:\n    name: p")
    assert told.objects(parsed) == ["configmap/m @3"]
    assert told.objects(read_by(cluster, "kind: PodList\nitems:\n- metadata:\n    name: p")) == ["object/p @4"]
    assert told.objects(read_by(cluster, "kind: Pod\nspec: {}")) == []


def test_a_secret_that_is_no_base64_still_tells_where_it_points() -> None:
    parsed = read_by(
        cluster,
        """
    apiVersion: v1
    kind: Secret
    metadata:
      name: mill-store
    data:
      host: mühle
      word: wörter
    """,
    )
    [row] = told.objects(parsed)
    assert row.startswith("secret/mill-store @4 ")
    assert "wörter" not in row
