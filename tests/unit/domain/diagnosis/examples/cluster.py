"""Scheduling, storage, nodes, images and starting containers."""

from tests.unit.domain.diagnosis.examples.shapes import Trio, events, log, pod, pods

W, N = "Warning", "Normal"
POD = "pod/orders-7d9c6b5f4-x2x4z"
SET = "replicaset/orders-7d9c6b5f4"
ASSIGNED = (N, "Scheduled", POD, "Successfully assigned shop/orders-7d9c6b5f4-x2x4z to worker-1")


def unplaced(why: str) -> tuple[str, str, str, str]:
    return (
        W,
        "FailedScheduling",
        POD,
        f"0/3 nodes are available: {why}. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
    )


def placed(why: str, near: str) -> Trio:
    """A scheduling family: the reason, a similar reason, and the reason followed by an assignment."""
    return Trio(positive=events(unplaced(why)), near=events(unplaced(near)), refuted=events(unplaced(why), ASSIGNED))


def failed(reason: str, message: str) -> tuple[str, str, str, str]:
    return (W, reason, POD, message)


NAME = "orders-7d9c6b5f4-x2x4z"
CRASHED = "    Last State:     Terminated\n      Reason:       {}\n      Exit Code:    {}\n"

EXAMPLES = {
    "quota_exceeded": Trio(
        positive=events((
            W,
            "FailedCreate",
            SET,
            'Error creating: pods "orders-1" is forbidden: exceeded quota: team-quota, requested: limits.cpu=2, used: limits.cpu=9, limited: limits.cpu=10',
        )),
        near=events((N, "SuccessfulCreate", SET, "Created pod: orders-7d9c6b5f4-x2x4z within quota team-quota")),
        refuted=events(
            (
                W,
                "FailedCreate",
                SET,
                'Error creating: pods "orders-1" is forbidden: exceeded quota: team-quota, requested: limits.cpu=2',
            ),
            (N, "QuotaChanged", SET, "quota team-quota was raised by operator"),
        ),
    ),
    "account_missing": Trio(
        positive=events((
            W,
            "FailedCreate",
            SET,
            'Error creating: pods "orders-" is forbidden: error looking up service account shop/orders-runner: serviceaccount "orders-runner" not found',
        )),
        near=events((N, "SuccessfulCreate", SET, "Created pod with service account orders-runner")),
        refuted=events(
            (W, "FailedCreate", SET, 'Error creating: pods "orders-" is forbidden: serviceaccount "orders-runner" not found'),
            (N, "Created", SET, "serviceaccount/orders-runner created"),
        ),
    ),
    "admission_denied": Trio(
        positive=events((
            W,
            "FailedCreate",
            SET,
            'Error creating: admission webhook "rules.policy.example" denied the request: label team is required',
        )),
        near=events((W, "FailedCreate", SET, 'Error creating: pods "orders-1" is forbidden: not yet ready to handle request')),
        refuted=events(
            (
                W,
                "FailedCreate",
                SET,
                'Error creating: pods "orders-1" is forbidden: maximum memory usage per Container is 2Gi, but limit is 4Gi',
            ),
            (N, "SuccessfulCreate", SET, "Successfully created pod orders-2"),
        ),
    ),
    "node_cordoned": placed("3 node(s) were unschedulable", "3 Insufficient cpu"),
    "selector_unmatched": placed(
        "3 node(s) didn't match Pod's node affinity/selector", "3 node(s) had untolerated taint {dedicated: gpu}"
    ),
    "anti_affinity": placed(
        "3 node(s) didn't match pod anti-affinity rules", "3 node(s) didn't match Pod's node affinity/selector"
    ),
    "taint_not_tolerated": placed("3 node(s) had untolerated taint {dedicated: gpu}", "3 node(s) were unschedulable"),
    "capacity_cpu": placed("3 Insufficient cpu", "3 Insufficient memory"),
    "capacity_memory": placed("3 Insufficient memory", "3 Insufficient cpu"),
    "capacity_device": placed("3 Insufficient vendor.example/accelerator", "3 Insufficient memory"),
    "claim_class": Trio(
        positive=events((
            W,
            "ProvisioningFailed",
            "persistentvolumeclaim/orders-data",
            'storageclass.storage.k8s.io "fast-v9" not found',
        )),
        near=events((
            N,
            "WaitForFirstConsumer",
            "persistentvolumeclaim/orders-data",
            "waiting for first consumer to be created before binding",
        )),
        refuted=events(
            (W, "ProvisioningFailed", "persistentvolumeclaim/orders-data", 'storageclass.storage.k8s.io "fast-v9" not found'),
            (N, "ProvisioningSucceeded", "persistentvolumeclaim/orders-data", "Successfully provisioned volume pvc-1"),
        ),
    ),
    "claim_unmatched": Trio(
        positive=events((
            W,
            "FailedBinding",
            "persistentvolumeclaim/orders-data",
            "no persistent volumes available for this claim and no storage class is set",
        )),
        near=events((
            N,
            "WaitForFirstConsumer",
            "persistentvolumeclaim/orders-data",
            "waiting for first consumer to be created before binding",
        )),
        refuted=events(
            (
                W,
                "FailedBinding",
                "persistentvolumeclaim/orders-data",
                "no persistent volumes available for this claim and no storage class is set",
            ),
            (N, "ProvisioningSucceeded", "persistentvolumeclaim/orders-data", "Successfully provisioned volume pvc-1"),
        ),
    ),
    "claim_pending": placed("pod has unbound immediate PersistentVolumeClaims", "3 Insufficient cpu"),
    "mount_failed": Trio(
        positive=events(
            failed("FailedAttachVolume", 'Multi-Attach error for volume "pvc-77" Volume is already used by pod(s) orders-old')
        ),
        near=events((N, "SuccessfulAttachVolume", POD, 'AttachVolume.Attach succeeded for volume "pvc-77"')),
        refuted=events(
            failed(
                "FailedMount", "Unable to attach or mount volumes: unmounted volumes=[data]: timed out waiting for the condition"
            ),
            (N, "SuccessfulMountVolume", POD, 'MountVolume.SetUp succeeded for volume "pvc-77"'),
        ),
    ),
    "disk_full": Trio(
        positive=log("ERROR could not write /var/lib/store/seg-7: No space left on device", "ERROR commit failed"),
        near=log("WARN disk usage 71% of /var/lib/store"),
        refuted=log(
            "ERROR could not write /var/lib/store/seg-7: No space left on device", "INFO space reclaimed on /var/lib/store"
        ),
    ),
    "disk_failing": Trio(
        positive=log(
            "ERROR kernel: blk_update_request: I/O error, dev sdb, sector 8812 op 0x1:(WRITE)",
            "ERROR kernel: EXT4-fs (sdb1): Remounting filesystem read-only",
        ),
        near=log("INFO kernel: sdb: detected capacity change"),
        refuted=log(
            "ERROR kernel: I/O error, dev sdb, sector 8812",
            "INFO smartctl: SMART overall-health self-assessment test result: PASSED",
        ),
    ),
    "permission_path": Trio(
        positive=log(
            "ERROR open '/data/cache': Permission denied", "ERROR cannot open file /data/cache/index: permission denied"
        ),
        near=log("INFO permission model loaded from /data/policies"),
        refuted=log("ERROR cannot create /data/cache: Permission denied", "INFO ownership of /data/cache was fixed"),
    ),
    "kubelet_down": Trio(
        positive=events((W, "NodeNotReady", "node/worker-1", "Kubelet stopped posting node status.")),
        near=events((N, "NodeReady", "node/worker-1", "Node worker-1 status is now: NodeReady")),
        refuted=events(
            (W, "NodeNotReady", "node/worker-1", "Kubelet stopped posting node status."),
            (N, "KubeletReady", "node/worker-1", "kubelet is posting ready status"),
        ),
    ),
    "network_plugin": Trio(
        positive=events((
            W,
            "FailedCreatePodSandBox",
            "pod/orders-1",
            'Failed to create pod sandbox: failed to setup network for sandbox: plugin type="bridge" failed (add): exit status 1',
        )),
        near=events((N, "NodeReady", "node/worker-1", "network plugin bridge was chosen")),
        refuted=events(
            (W, "NodeNotReady", "node/worker-1", "runtime network not ready: cni plugin not initialized"),
            (N, "NodeReady", "node/worker-1", "cni plugin is initialized"),
        ),
    ),
    "runtime_down": Trio(
        positive=events((
            W,
            "ContainerGCFailed",
            "node/worker-1",
            "rpc error: dial unix /run/containerd/containerd.sock: connect: connection refused",
        )),
        near=events((N, "Starting", "node/worker-1", "Starting containerd client")),
        refuted=events(
            (W, "NodeNotReady", "node/worker-1", "container runtime is down, PLEG is not healthy"),
            (N, "NodeReady", "node/worker-1", "container runtime is ready"),
        ),
    ),
    "node_pressure": Trio(
        positive=events(
            failed("Evicted", "The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 200Mi.")
        ),
        near=events((N, "NodeHasSufficientMemory", "node/worker-1", "Node worker-1 status is now: NodeHasSufficientMemory")),
        refuted=events(
            failed("Evicted", "The node was low on resource: memory."),
            (N, "NodeHasSufficientMemory", "node/worker-1", "memory pressure is gone"),
        ),
    ),
    "node_lost": Trio(
        positive=log("CRITICAL kernel: Kernel panic - not syncing: Fatal exception in interrupt"),
        near=log("INFO kernel: panic timeout set to 10 s"),
        refuted=log(
            "ERROR kernel: mce: [Hardware Error]: Machine check events logged", "INFO kernel: corrected error, no action required"
        ),
    ),
    "clock_skew": Trio(
        positive=log("ERROR clock skew detected: offset 412 s against peer", "WARN System clock unsynchronized"),
        near=log("INFO clock source tsc selected"),
        refuted=log("ERROR token used before issued", "INFO System clock synchronized: yes"),
    ),
    "image_wrong": Trio(
        positive=events(
            failed(
                "Failed",
                'Failed to pull image "registry.example/orders:v9x": rpc error: manifest unknown: manifest for registry.example/orders:v9x not found',
            )
        ),
        near=events((N, "Pulling", POD, 'Pulling image "registry.example/orders:v9"')),
        refuted=events(
            failed("Failed", 'Failed to pull image "registry.example/orders:v9x": manifest unknown'),
            (N, "Pulled", POD, 'Successfully pulled image "registry.example/orders:v9x" in 2s'),
        ),
    ),
    "image_pull": Trio(
        positive=pods("ImagePullBackOff"),
        near=pods("ContainerCreating"),
        refuted=pods("ErrImagePull") | events((N, "Pulled", POD, 'Successfully pulled image "registry.example/orders:v9" in 2s')),
    ),
    "registry_unresolved": Trio(
        positive=events(
            failed(
                "Failed",
                'Failed to pull image "regstry.example/orders:v9": failed to do request: Head "https://regstry.example/v2/": dial tcp: lookup regstry.example on 10.0.0.10:53: no such host',
            )
        ),
        near=events((N, "Pulling", POD, 'Pulling image "regstry.example/orders:v9"')),
        refuted=events(
            failed(
                "Failed",
                'Failed to pull image "regstry.example/orders:v9": dial tcp: lookup regstry.example on 10.0.0.10:53: no such host',
            ),
            (N, "Pulled", POD, 'Successfully pulled image "regstry.example/orders:v9" in 2s'),
        ),
    ),
    "pull_denied": Trio(
        positive=events(
            failed(
                "Failed",
                'Failed to pull image "registry.example/orders:v9": pull access denied, repository requires authorization: unauthorized: authentication required',
            )
        ),
        near=events((N, "Pulled", POD, 'Container image "registry.example/orders:v9" already present on machine')),
        refuted=events(
            failed("Failed", 'Failed to pull image "registry.example/orders:v9": unauthorized: authentication required'),
            (N, "Pulled", POD, 'Successfully pulled image "registry.example/orders:v9" in 2s'),
        ),
    ),
    "secret_missing": Trio(
        positive=events(failed("Failed", 'Error: secret "orders-login" not found')),
        near=events((N, "Pulled", POD, "Container image with secret volume orders-login mounted")),
        refuted=events(
            failed("Failed", 'Error: secret "orders-login" not found'), (N, "Created", POD, "secret/orders-login created")
        ),
    ),
    "config_missing": Trio(
        positive=events(failed("Failed", "Error: couldn't find key listen.port in ConfigMap shop/orders-settings")),
        near=events((N, "Started", POD, "Started container with configmap orders-settings")),
        refuted=events(
            failed("Failed", 'Error: configmap "orders-settings" not found'),
            (N, "Created", POD, "configmap/orders-settings created"),
        ),
    ),
    "command_wrong": Trio(
        positive=events(
            failed(
                "Failed",
                'Error: failed to start container "main": exec: "srvr-start": executable file not found in $PATH: unknown',
            )
        ),
        near=events((N, "Started", POD, "Started container main with command server-start")),
        refuted=events(
            failed("Failed", 'Error: exec: "server-start": permission denied'),
            (N, "Started", POD, "main ran successfully with the same command"),
        ),
    ),
    "env_missing": Trio(
        positive=log("CRITICAL missing required environment variable ORDERS_DB_URL", "ERROR exiting"),
        near=log("INFO environment variable ORDERS_DB_URL loaded"),
        refuted=log("ERROR setting CACHE_SIZE is not set", "INFO using default value for CACHE_SIZE"),
    ),
    "port_conflict": Trio(
        positive=log("CRITICAL listen tcp 0.0.0.0:8443: bind: address already in use"),
        near=log("INFO listening on 0.0.0.0:8443"),
        refuted=log("ERROR bind: address already in use", "INFO previous instance exited, now listening"),
    ),
    "probe_failing": Trio(
        positive=events(
            failed(
                "Unhealthy",
                'Liveness probe failed: Get "http://10.1.0.9:8081/health": dial tcp 10.1.0.9:8081: connect: connection refused',
            )
        ),
        near=events((N, "Started", POD, "Started container main with readiness probe on 8080")),
        refuted=events(
            failed(
                "Unhealthy",
                'Readiness probe failed: Get "http://10.1.0.9:8080/health": dial tcp 10.1.0.9:8080: connect: connection refused',
            ),
            failed("Failed", "container main ended: panic: cannot continue"),
        ),
    ),
    "crash_loop": Trio(
        positive=events(failed("BackOff", f"Back-off restarting failed container main in pod {NAME}_shop(1)")),
        near=events((N, "Started", POD, "Started container main")),
        refuted=events(
            failed("BackOff", f"Back-off restarting failed container main in pod {NAME}_shop(1)"),
            (N, "Killing", POD, "pod belongs to an old replica set, terminating after rollout"),
        ),
    ),
    "unready": Trio(
        positive=pod(NAME, state="Waiting", reason="ContainerCreating"),
        near={
            "pods.txt": f"NAME                      READY   STATUS    RESTARTS   AGE\n{NAME}   1/1     Running   0          3d\n"
        },
        refuted={**pod(NAME, state="Waiting", reason="ContainerCreating"), **events((N, "Killing", POD, "pod is terminating"))},
    ),
    "job_failed": Trio(
        positive=events((W, "BackoffLimitExceeded", "job/nightly-sum", "Job has reached the specified backoff limit")),
        near=events((N, "Completed", "job/nightly-sum", "Job completed")),
        refuted=events(
            (W, "BackoffLimitExceeded", "job/nightly-sum", "Job has reached the specified backoff limit"),
            (N, "Completed", "job/nightly-sum", "Job completed"),
        ),
    ),
    "oom_killed": Trio(
        positive=pod(NAME, state="Waiting", reason="CrashLoopBackOff", last=CRASHED.format("OOMKilled", 137)),
        near=pod(NAME, state="Waiting", reason="CrashLoopBackOff", last=CRASHED.format("Error", 1)),
        refuted=pod(
            NAME,
            state="Waiting",
            reason="CrashLoopBackOff",
            last=CRASHED.format("OOMKilled", 137),
            rows=((N, "Killing", "Container main failed liveness probe, will be restarted"),),
        ),
    ),
}
