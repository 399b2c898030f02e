"""Networks of one pod or one node that are slow or lose packets."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

relief = partial(ActionTemplate, kind="mitigation")

EFFECTS = ("dependency_down", "probe_failing", "slow_call", "exception", "queue_backlog", "dns_failure")


def _check(name: str, meaning: str) -> Rule:
    return Rule(kinds=("integrity",), attributes={"check": name}, weight=3, meaning=meaning)


POD_NETWORK = Family(
    id="pod_network",
    category=Category.NETWORK,
    depth=2,
    title="The network of {subject} is slow[[: {value}]], while its CPU is not",
    decisive=(_check("far", "it is the deepest slow service, and its CPU did not rise"),),
    supports=(Rule(pattern=r"deadline exceeded|timed? ?out", weight=0.5, meaning="calls take too long"),),
    refutes=(_check("busy", "its CPU rose with its latency"), _check("distant|lossy", "its node explains it")),
    checks=(
        CheckTemplate(
            text="Measure the way to the pod from its own node and from another",
            command="kubectl exec <pod> -- ping -c 20 <peer>; tc qdisc show",
            why="slow in both directions with quiet neighbours on the node confirms it; slow neighbours refute it",
        ),
    ),
    actions=(
        relief(
            text="Make the pod of {subject} again and look for traffic shaping on its interface",
            command="kubectl delete pod <pod>",
            state_change="the pod is replaced",
            blast_radius="pod",
            verify="its latency is back to what it was",
        ),
    ),
    effects=EFFECTS,
)


def _node(kind: str, title: str, decisive: tuple[Rule, ...], refutes: tuple[Rule, ...], why: str) -> Family:
    """Return the variant of a node's network: they differ in whether packets come late or never."""
    return Family(
        id=f"node_{kind}",
        category=Category.NETWORK,
        depth=2,
        title=title,
        decisive=decisive,
        supports=(Rule(pattern=r"deadline exceeded|timed? ?out", weight=0.5, meaning="calls take too long"),),
        refutes=refutes,
        checks=(
            CheckTemplate(
                text="Measure the way to the node from two others",
                command="ping -c 100 <node>; ip -s link; nstat -az TcpRetransSegs; tc qdisc show",
                why=why,
            ),
        ),
        actions=(
            relief(
                text="Close the node for scheduling and repair its link",
                command="kubectl cordon <node>",
                state_change="the node takes no new pods",
                blast_radius="node",
                verify="round trips and retransmissions of the node are back to what they were",
            ),
        ),
        effects=("pod_network", *EFFECTS),
    )


NODE_DELAY = _node(
    "delay",
    "The network of {subject} is slow: {value} on it became slow together",
    (_check("distant", "the slow services share the node, and no single one explains the others"),),
    (_check("lossy", "packets are lost, not late"),),
    "long round trips without loss confirm it; slow pods on several nodes alike refute it",
)
NODE_LOSS = _node(
    "loss",
    "The network of {subject} loses packets: {value} on it became slow together",
    (_check("lossy", "the node sends again far more than the others, and its services are slow together"),),
    (_check("distant", "packets are late, not lost"),),
    "loss or retransmissions of that node alone confirm it; the same share on all nodes refutes it",
)
