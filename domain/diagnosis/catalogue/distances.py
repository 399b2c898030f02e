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
        effects=("pod_network", "packet_loss", *EFFECTS),
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
PACKET_LOSS = Family(
    id="packet_loss",
    called="packet loss",
    category=Category.NETWORK,
    depth=2,
    title="Packets are lost on the way[[ to {host}]][[: {loss}]]",
    decisive=(
        Rule(
            kinds=("connection",),
            pattern=r"(?P<loss>(?:\d|[1-9]\d)(?:\.\d{1,9})?% (?:packet )?loss)",
            attributes={"resource": "packets", "host": "(?P<host>.*)"},
            weight=3,
            meaning="some packets do not come back, and others do",
        ),
        Rule(
            kinds=("connection",),
            pattern=r"\s(?P<loss>(?:\d|[1-9]\d)(?:\.\d{1,3})?%)",
            attributes={"resource": "packets", "host": "(?P<host>.*)"},
            weight=3,
            meaning="from one hop on packets are lost to the end of the way",
        ),
        Rule(
            kinds=("resource",),
            attributes={"resource": "packets", "field": "(?P<loss>[RT]X (?:errors|dropped|missed|overruns?|carrier|frame|fifo))"},
            weight=2.5,
            meaning="a link breaks or drops packets",
        ),
        Rule(
            pattern=r"netdev watchdog: (?P<host>[\w.-]{1,30}).{0,40}transmit queue \d+ timed out",
            weight=2.5,
            meaning="a link sends nothing any more",
        ),
    ),
    supports=(Rule(pattern=r"deadline exceeded|timed? ?out|retransmi", weight=0.5, meaning="calls take too long"),),
    refutes=(
        Rule(
            kinds=("connection",),
            attributes={"resource": "packets", "used": "100"},
            meaning="nothing comes back at all: that is no loss on the way, but no way",
        ),
        Rule(pattern=r"\b0(?:\.0+)?% packet loss|packet loss (?:is )?(?:over|gone|cleared)", meaning="no packet is lost"),
    ),
    checks=(
        CheckTemplate(
            text="Measure the loss from both ends, and look at the counters of the links between",
            command="mtr --report -c 100 <host>; ip -s link; ethtool -S <interface>",
            why="loss from one hop on to the end, or errors that grow on one link, confirm it; loss at a middle hop alone is a limit on answers",
        ),
    ),
    actions=(
        relief(
            text="Take the link that loses packets out of the way, and repair it",
            state_change="the path that packets take",
            blast_radius="node",
            verify="no packet of a hundred is lost, and the counters stand still",
        ),
    ),
    effects=EFFECTS,
)
