"""Hosts and links without a cluster's words about them, and the containers that run before the others."""

from tests.unit.domain.diagnosis.examples.shapes import Trio, log, pod

POD = "orders-7d9c6b5f4-x2x4z"


def ping(received: int, host: str = "db-1") -> dict[str, str]:
    """Return what `ping -c 20` of iputils prints."""
    return {
        "ping.txt": f"PING {host} (192.0.2.7) 56(84) bytes of data.\n"
        f"64 bytes from {host} (192.0.2.7): icmp_seq=1 ttl=64 time=0.412 ms\n\n--- {host} ping statistics ---\n"
        f"20 packets transmitted, {received} received, {5 * (20 - received)}% packet loss, time 19456ms\n"
        "rtt min/avg/max/mdev = 0.398/0.405/0.412/0.007 ms\n"
    }


def kernel(*messages: str) -> dict[str, str]:
    """Return lines of a kernel as a journal prints them."""
    return {"journal.txt": "".join(f"Mar 04 10:00:{n:02} db-1 kernel: {message}\n" for n, message in enumerate(messages))}


KILLED = "Killed process 811 (postgres) total-vm:8123456kB, anon-rss:6123456kB, file-rss:0kB, shmem-rss:0kB, UID:26 pgtables:13000kB oom_score_adj:0"
OF_HOST = (
    "postgres invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0",
    f"Out of memory: {KILLED}",
)
OF_LIMIT = (OF_HOST[0], f"Memory cgroup out of memory: {KILLED}")


def listed(status: str) -> dict[str, str]:
    head = "NAME                      READY   STATUS                  RESTARTS      AGE\n"
    return {"pods.txt": f"{head}{POD}    0/1     {status:<24}5 (40s ago)   6m\n"}


def before(state: str) -> dict[str, str]:
    """Return a described pod whose main container waits for an init container in this state."""
    text = pod(POD, state="Waiting", reason="PodInitializing")["describe.txt"]
    first = f"Init Containers:\n  migrate:\n    Image:          registry.example/migrate:1.4\n{state}    Ready:          False\n    Restart Count:  5\nContainers:\n"
    return {"describe.txt": text.replace("Containers:\n", first, 1)}


FAILING = "    State:          Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     Terminated\n      Reason:       Error\n      Exit Code:    3\n"
DONE = "    State:          Terminated\n      Reason:       Completed\n      Exit Code:    0\n"

EXAMPLES = {
    "packet_loss": Trio(
        positive={**ping(13), **log("ERROR query timed out after 5000 ms")},
        near=ping(20),
        refuted={**ping(0), **log("ERROR query timed out after 5000 ms")},
    ),
    "host_memory_out": Trio(
        positive=kernel(*OF_HOST),
        near=log("WARN request for a large page failed: out of memory budget"),
        refuted=kernel(*OF_LIMIT),
    ),
    "init_failed": Trio(
        positive={**listed("Init:CrashLoopBackOff"), **before(FAILING)},
        near={**listed("CrashLoopBackOff"), **before(DONE)},
        refuted={
            **listed("Init:Error"),
            "events.txt": f"LAST SEEN   TYPE     REASON   OBJECT                      MESSAGE\n2s          Normal   Started  pod/{POD}   init containers have completed\n",
        },
    ),
}
