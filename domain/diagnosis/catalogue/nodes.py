"""Nodes and what runs them."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

NOT_READY = Rule(
    kinds=("condition", "unhealthy_object", "event", "row"),
    pattern=r"\bnotready\b|nodenotready|nodestatusunknown",
    weight=1,
    meaning="the node is not ready",
)


def _inactive(part: str) -> Rule:
    return Rule(kinds=("integrity",), attributes={"check": part}, weight=3, meaning="the service is not active on the node")


KUBELET_DOWN = Family(
    id="kubelet_down",
    called="lost node (kubelet without heartbeat)",
    category=Category.ENVIRONMENT,
    depth=2,
    title="The kubelet of {subject} stopped reporting[[ (Ready={ready})]]",
    decisive=(
        Rule(pattern=r"kubelet stopped posting node status", weight=2.5, meaning="no heartbeat of the kubelet"),
        _inactive("kubelet"),
        Rule(
            pattern=r"kubelet(?:\.service)?\b.{0,80}(?:inactive \(dead\)|failed \(result|main process exited|entered failed state)",
            weight=3,
            meaning="the service is not running",
        ),
        Rule(
            kinds=("field",),
            attributes={"field": "ready", "value": "(?P<ready>Unknown)"},
            weight=3,
            meaning="the control plane hears nothing of the node",
        ),
        Rule(
            kinds=("field", "condition", "event"),
            pattern=r"\bnodelost\b|node \S{1,120} which was running pod .{1,160} is unresponsive",
            weight=1.5,
            meaning="pods are lost with their node",
        ),
    ),
    supports=(NOT_READY,),
    refutes=(
        Rule(pattern=r"kubelet is posting ready status|started kubelet", meaning="the kubelet reports again"),
        Rule(pattern=r"kernel panic|machine check|hardware error", meaning="the whole machine failed"),
    ),
    checks=(
        CheckTemplate(
            text="Ask the node for its service",
            command="systemctl status kubelet; journalctl -u kubelet -n 100",
            why="inactive while the runtime is up confirms it",
        ),
    ),
    actions=(
        relief(
            text="Start the kubelet",
            command="systemctl restart kubelet",
            state_change="a service of the node restarts, its pods stay",
            blast_radius="node",
            verify="the node is Ready",
        ),
    ),
    effects=("unready", "member_lost", "dependency_down", "rollout_stuck"),
)

RUNTIME_DOWN = Family(
    id="runtime_down",
    category=Category.ENVIRONMENT,
    depth=2,
    title="The container runtime of {subject} does not answer",
    decisive=(
        _inactive("runtime"),
        Rule(
            pattern=r"container runtime (?:is down|not ready)|pleg is not healthy",
            weight=2.5,
            meaning="the runtime does not answer the kubelet",
        ),
        Rule(
            pattern=r"(?:containerd|dockerd?|crio|cri-o)(?:\.service)?\b.{0,80}(?:inactive \(dead\)|failed \(result|entered failed state)",
            weight=3,
            meaning="the service is not running",
        ),
        Rule(
            pattern=r"(?:containerd|docker|crio)\.sock\S{0,4}:? .{0,80}(?:connection refused|no such file)",
            weight=3,
            meaning="its socket does not answer",
        ),
    ),
    supports=(NOT_READY,),
    refutes=(
        Rule(
            pattern=r"(?:containerd|docker|crio)(?:\.service)?\b.{0,60}active \(running\)|container runtime (?:is )?ready",
            meaning="the runtime is active",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Ask the node for its runtime", command="systemctl status containerd; crictl info", why="inactive confirms it"
        ),
    ),
    actions=(
        relief(
            text="Start the container runtime",
            command="systemctl restart containerd",
            state_change="a service of the node restarts",
            blast_radius="node",
            verify="containers start on the node",
        ),
    ),
    effects=("kubelet_down", "unready", "member_lost", "dependency_down", "image_pull", "crash_loop"),
)

PROXY_DOWN = Family(
    id="proxy_down",
    category=Category.ENVIRONMENT,
    depth=2,
    title="The service proxy of {subject} stopped: addresses of services fail from its pods",
    decisive=(
        _inactive("proxy"),
        Rule(
            pattern=r"kube-proxy(?:\.service)?\b.{0,80}(?:inactive \(dead\)|failed \(result|main process exited|entered failed state)|\bkube-proxy-[\w.-]{1,60} +0/\d",
            weight=3,
            meaning="the service is not running",
        ),
    ),
    supports=(
        Rule(kinds=("connection",), pattern=r"failed|timed? ?out|does not answer", weight=0.5, meaning="service addresses fail"),
    ),
    refutes=(
        Rule(pattern=r"kube-proxy(?:\.service)?\b.{0,60}active \(running\)|started kube-proxy", meaning="the proxy is active"),
    ),
    checks=(
        CheckTemplate(
            text="Call one service address from each node, and ask the node for its proxy",
            command="systemctl status kube-proxy; nc -zv <service> <port>",
            why="failing from one node alone confirms it; failing from all nodes refutes it",
        ),
    ),
    actions=(
        relief(
            text="Start the service proxy",
            command="systemctl restart kube-proxy",
            state_change="a service of the node restarts",
            blast_radius="node",
            verify="service addresses answer from the node",
        ),
    ),
    effects=("dns_failure", "dependency_down", "probe_failing", "exception"),
)

SCHEDULER_DOWN = Family(
    id="scheduler_down",
    category=Category.ENVIRONMENT,
    depth=2,
    title="The scheduler does not run: pods wait without any scheduling event",
    decisive=(
        _inactive("scheduler"),
        Rule(
            pattern=r"kube-scheduler(?:\.service|-[\w.-]{1,60})?\b.{0,80}(?:inactive \(dead\)|failed \(result|main process exited|entered failed state|crashloopbackoff)|\bkube-scheduler-[\w.-]{1,120} +0/\d",
            weight=3,
            meaning="the scheduler is not running",
        ),
    ),
    supports=(Rule(kinds=("unhealthy_object",), pattern=r"\bpending\b", weight=0.5, meaning="pods are pending"),),
    refutes=(
        Rule(
            pattern=r"kube-scheduler(?:\.service)?\b.{0,60}active \(running\)|started kube-scheduler|successfully acquired lease .{0,40}kube-scheduler",
            meaning="the scheduler runs",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Ask the control plane for its scheduler",
            command="systemctl status kube-scheduler; kubectl get lease -n kube-system kube-scheduler",
            why="inactive, or a lease that is not renewed, confirms it; recent scheduling events refute it",
        ),
    ),
    actions=(
        relief(
            text="Start the scheduler",
            command="systemctl restart kube-scheduler",
            state_change="a service of the control plane restarts",
            blast_radius="node",
            verify="pending pods are placed",
        ),
    ),
    effects=("unready", "rollout_stuck", "dependency_down"),
)

NODE_PRESSURE = Family(
    id="node_pressure",
    called="node pressure",
    category=Category.ENVIRONMENT,
    depth=2,
    title="{subject} runs out of[[ {resource}]] and evicts pods",
    decisive=(
        Rule(pattern=r"the node was low on resource: (?P<resource>[\w-]{1,60})", weight=3, meaning="pods were evicted"),
        Rule(
            pattern=r"(?:nodehas|evictionthresholdmet.{0,40}|node has )(?P<resource>disk|pid|insufficientmemory|memory) ?(?:pressure)?\b|attempting to reclaim (?P<resource2>[\w-]{1,60})",
            weight=2.5,
            meaning="the node is under pressure",
        ),
        Rule(
            kinds=("condition",),
            attributes={"type": r"(?P<resource>Memory|Disk|PID)Pressure", "status": "True"},
            weight=2.5,
            meaning="the node is under pressure",
        ),
    ),
    supports=(Rule(pattern=r"\bevicted\b", weight=1, meaning="pods were evicted"),),
    refutes=(
        Rule(
            pattern=r"has(?:sufficient(?:memory|pid)|nodiskpressure) .{0,40}after eviction|pressure (?:is )?gone",
            meaning="the pressure is over",
        ),
    ),
    checks=(
        CheckTemplate(
            text="See what uses the node",
            command="kubectl describe node <node>; kubectl top pods -A --sort-by=memory",
            why="use above allocatable confirms it",
        ),
    ),
    actions=(
        relief(
            text="Move or limit the pods that use most",
            state_change="pods move to other nodes",
            blast_radius="node",
            verify="the pressure condition is False",
        ),
    ),
    effects=("unready", "oom_killed", "member_lost", "dependency_down"),
)

NODE_LOST = Family(
    id="node_lost",
    category=Category.HARDWARE,
    depth=3,
    title="{subject} died: its kernel or hardware reports a fatal error",
    decisive=(
        Rule(
            pattern=r"kernel panic|machine check exception|hardware error.{0,80}(?:fatal|uncorrected)|uncorrectable memory error|mce: \[hardware error\]",
            weight=3,
            meaning="the machine itself failed",
        ),
    ),
    supports=(NOT_READY,),
    refutes=(Rule(pattern=r"corrected error, no action required", meaning="the error was corrected"),),
    checks=(
        CheckTemplate(
            text="Read the node's kernel log and its console",
            command="journalctl -k -b -1 -n 200",
            why="a fatal hardware or kernel line before the silence confirms it",
        ),
    ),
    actions=(
        relief(
            text="Drain and replace the node",
            command="kubectl drain <node> --ignore-daemonsets",
            state_change="pods move, the node is removed",
            reversible="partly",
            blast_radius="node",
            verify="the pods run elsewhere",
        ),
    ),
    effects=("db_restarting", "kubelet_down", "unready", "member_lost", "dependency_down", "cluster_partition"),
)

CLOCK_SKEW = Family(
    id="clock_skew",
    category=Category.ENVIRONMENT,
    depth=2,
    title="The clock of {subject} is wrong[[ by {offset}]]",
    decisive=(
        Rule(
            pattern=r"clock skew(?: detected)?(?:[^\d]{0,40}(?P<offset>\d[\d.]* ?m?s\w*))?|token used before issued|(?:certificate|token|jwt) (?:is )?not (?:yet )?valid (?:yet|before)|time (?:drift|offset) .{0,40}exceed",
            weight=2.5,
            meaning="times disagree",
        ),
        Rule(
            pattern=r"system clock (?:(?:un|not )synchroni[sz]ed|synchroni[sz]ed: no)|ntp .{0,40}(?:unreachable|no server suitable)|leap status +: not synchroni[sz]ed|^unsynchroni[sz]ed\b",
            weight=2.5,
            meaning="time synchronisation stopped",
        ),
    ),
    refutes=(
        Rule(pattern=r"system clock synchroni[sz]ed: yes|clock (?:was )?synchroni[sz]ed(?!: no)", meaning="the clock is in step"),
    ),
    checks=(
        CheckTemplate(text="Compare the clocks", command="chronyc tracking", why="an offset above the tolerance confirms it"),
    ),
    actions=(
        relief(
            text="Restore time synchronisation",
            command="systemctl restart chronyd",
            state_change="the clock is stepped",
            blast_radius="node",
            verify="the offset is below a second",
        ),
    ),
    effects=("permission_denied", "tls_expired", "credential_expired"),
)
