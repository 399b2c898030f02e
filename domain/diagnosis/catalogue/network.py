"""Names, routes and members."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.catalogue.siblings import PLACE, odd
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

HOST = r"[\w.-]{1,200}"
RESOLVER = r"\b(?:core|kube-?|node-?local-?)dns\b"
"""How the resolvers of clusters are called."""

NETWORK_PLUGIN = Family(
    id="network_plugin",
    called="network plugin (CNI) not ready",
    category=Category.NETWORK,
    depth=2,
    title="The network plugin (CNI) of {subject} does not work: its pods get no network",
    decisive=(
        Rule(
            pattern=r"cni plugin not initialized|network ?plugin ?(?:is )?not ?ready|network plugin returns error|no networks found in /etc/cni|cni config uninitialized",
            weight=3,
            meaning="the node has no pod network",
        ),
        Rule(
            pattern=r"fail\w* to (?:set ?up|setup|create|configure) (?:pod )?(?:network|sandbox).{0,200}(?:\bcni\b|plugin type=|network for (?:pod|sandbox))",
            weight=2.5,
            meaning="a pod gets no network",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"cni (?:plugin )?(?:is )?(?:initialized|ready)|network ?plugin (?:is )?ready", meaning="the plugin is ready"
        ),
    ),
    checks=(
        CheckTemplate(
            text="Ask the plugin's own pod on that node, and what addresses it has left",
            command="kubectl -n kube-system get pods -o wide; ls /etc/cni/net.d",
            why="its pod not ready, or no configuration on the node, confirms it",
        ),
    ),
    actions=(
        relief(
            text="Restart the network plugin's pod of that node, or move the pods to another node",
            state_change="the network plugin restarts",
            blast_radius="node",
            verify="new pods of the node get an address",
        ),
    ),
    effects=("unready", "dependency_down", "rollout_stuck"),
)

DNS_FAILURE = Family(
    id="dns_failure",
    category=Category.NETWORK,
    depth=2,
    title="{subject} cannot resolve a name[[: {host}]]",
    decisive=(
        Rule(
            kinds=("integrity",), attributes={"check": "resolver"}, weight=3, meaning="it asks another resolver than its siblings"
        ),
        Rule(
            pattern=rf"lookup (?P<host>{HOST}):? .{{0,120}}?(?:no such host|server misbehaving|i/o timeout|try again)",
            weight=3,
            meaning="the name has no address",
        ),
        Rule(
            pattern=rf"getaddrinfo (?:enotfound|eai_again) (?P<host>{HOST})|(?:could not resolve host:?|bad address) '?(?P<host2>{HOST})|unknownhostexception:? (?P<host3>{HOST})",
            weight=3,
            meaning="the name has no address",
        ),
        Rule(
            pattern=r"temporary failure in name resolution|name or service not known|nodename nor servname|\bnxdomain\b|\bservfail\b",
            weight=2.5,
            meaning="lookups fail",
        ),
    ),
    supports=(odd(rf"dns_policy|nameservers|{PLACE}"),),
    refutes=(
        Rule(pattern=r"(?:name|dns|lookup).{0,60}(?:resolved|resolution (?:restored|works))", meaning="the name resolves"),
        Rule(pattern=r"failed to pull .{0,300}lookup", meaning="it concerns an image's registry"),
    ),
    checks=(
        CheckTemplate(
            text="Resolve the name from the same pod and from another",
            command="kubectl exec <pod> -- nslookup <name>",
            why="one name failing points to its record, all names to the resolver",
        ),
    ),
    actions=(
        fix(
            text="Correct the name or record; restart the resolver when all names fail",
            state_change="a setting, a record or the resolver",
            blast_radius="cluster",
            verify="the name resolves from the pod",
        ),
    ),
    effects=("dependency_down", "crash_loop", "unready", "external_down", "exception"),
)

RESOLVER_DOWN = Family(
    id="resolver_down",
    called="resolver down",
    category=Category.NETWORK,
    depth=2,
    title="The DNS resolver is down: {subject} fails",
    decisive=(
        Rule(
            kinds=("event", "unhealthy_object", "exit"),
            pattern=rf"(?:back-?off|crash|error|fail|kill|not ready|unready).{{0,160}}{RESOLVER}|{RESOLVER}.{{0,160}}(?:back-?off|crash|error|not ready|unready)",
            weight=3,
            meaning="the resolver itself fails",
        ),
    ),
    supports=(
        Rule(
            pattern=r"no such host|server misbehaving|name resolution|\bservfail\b|lookup .{1,200}:53",
            weight=1,
            meaning="lookups fail",
        ),
    ),
    refutes=(Rule(pattern=rf"{RESOLVER}.{{0,160}}(?:is ready again|has recovered)", meaning="the resolver is up"),),
    checks=(
        CheckTemplate(
            text="Read the state and the log of the resolver's pods",
            command="kubectl -n kube-system get pods -l k8s-app=kube-dns; kubectl -n kube-system logs -l k8s-app=kube-dns --previous",
            why="resolvers that are not ready while names fail everywhere confirm it; its own last words name the deeper cause",
        ),
    ),
    actions=(
        relief(
            text="Restore the resolver: undo its last change, or restart it",
            state_change="the resolver of the cluster",
            blast_radius="cluster",
            verify="names resolve from any pod",
        ),
    ),
    effects=("dns_failure", "dependency_down", "external_down", "crash_loop", "unready", "exception"),
)

POLICY_BLOCK = Family(
    id="policy_block",
    category=Category.NETWORK,
    depth=2,
    title="A network policy or firewall blocks {subject}",
    decisive=(
        Rule(
            pattern=r"policy (?:denied|verdict:? deny|drop)|denied by (?:network ?policy|security group|firewall)|\bufw block\b|iptables.{0,40}(?:drop|reject)|dropped by (?:network )?policy",
            weight=3,
            meaning="packets are dropped by a rule",
        ),
        Rule(
            pattern=r"\b(?:revokesecuritygroup(?:in|e)gress|deletenetworkaclentry|replacenetworkaclentry|deletesecuritygroup)\b|(?:firewalls?|networksecuritygroups?/securityrules?)[./](?:delete|patch|write)\b",
            weight=2,
            meaning="a rule that let traffic in was taken away",
        ),
        Rule(
            kinds=("integrity",),
            attributes={"check": "isolated", "value": "(?P<policy>.*)"},
            weight=3,
            meaning="a policy lets nobody in, and its callers time out",
        ),
    ),
    supports=(Rule(kinds=("connection",), pattern=r"timed? ?out", weight=1, meaning="connections time out"),),
    refutes=(
        Rule(pattern=r"connection refused", meaning="it is refused at once, so packets arrive"),
        Rule(pattern=r"policy verdict:? allow", meaning="the flow is allowed"),
    ),
    checks=(
        CheckTemplate(
            text="List the policies that select the two sides",
            command="kubectl get networkpolicies -A -o yaml",
            why="no rule that allows the flow confirms it",
        ),
    ),
    actions=(
        fix(
            text="Allow the flow between the two",
            state_change="a network policy",
            blast_radius="namespace",
            verify="the connection succeeds",
        ),
    ),
    effects=("dependency_down", "probe_failing", "db_unreachable"),
)

DEPENDENCY_DOWN = Family(
    id="dependency_down",
    category=Category.EXTERNAL,
    depth=1,
    title="{subject} does not reach what it depends on[[: {host}]][[:{port}]]",
    decisive=(
        Rule(
            pattern=r"(?:connect(?:ion|ing)?(?: to)?|dial tcp|econnrefused|refused)[^\n]{0,40}?(?:to |tcp |://|: |econnrefused )?(?P<host>(?:[a-z][\w-]{0,60}\.)*[a-z][\w-]{0,60}|\d{1,3}(?:\.\d{1,3}){3}):(?P<port>\d{2,5})[^\n]{0,80}(?:refused|timed? ?out|unreachable|reset)",
            weight=2,
            meaning="a connection fails",
        ),
        Rule(
            pattern=r"time(?:d )?-?out (?:while )?(?:connecting|reading|waiting|writing)?,? ?(?:to|from|for|on)\b[^\n]{0,40}? (?P<host>[a-z][\w.-]{0,100}):(?P<port>\d{2,5})\b",
            weight=2,
            meaning="a dependency does not answer in time",
        ),
        Rule(
            pattern=r"econnrefused|connection refused|no route to host|upstream (?:connect error|prematurely closed|timed out)|(?:503|502|504)\b.{0,20}(?:service unavailable|bad gateway|gateway time)|service unavailable|(?<!client: )connection (?:was )?reset by peer|failed to connect to|could not connect to server|connection to [^\n]{1,120} (?:timed out|failed|(?:could not|cannot) be established)|broker may not be available|\bno ?(?:brokers|living ?connections|servers?|hosts?)(?: are)? ?available\b|server ?selection ?(?:timeout)? ?error|connect(?:ion)? timed out",
            weight=1.5,
            meaning="a dependency does not answer",
        ),
        Rule(kinds=("connection",), weight=2, meaning="a connection fails"),
    ),
    refutes=(
        Rule(
            pattern=r"(?:reconnected|connection (?:re-?)?established|connected successfully) (?:to|with|after)",
            meaning="the connection works again",
        ),
        Rule(
            pattern=r"\bre-?connected\b|\bconnection\b[^\n]{0,60} (?:was |is |has been )?(?:re-?established|restored)\b|\b(?:re-?established|restored) (?:the )?connection\b",
            later=True,
            meaning="the connection works again",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Look at the callee itself: is it running, ready and listening?",
            command="kubectl get pods,endpoints -o wide",
            why="its own fault is the deeper cause; a healthy callee points to name, port or policy",
        ),
    ),
    actions=(
        relief(
            text="Restore the callee; let callers degrade meanwhile",
            state_change="none until the callee's own cause is known",
            verify="calls succeed",
        ),
    ),
    effects=("unready", "crash_loop", "probe_failing"),
)

CLUSTER_PARTITION = Family(
    id="cluster_partition",
    category=Category.NETWORK,
    depth=2,
    title="Members of the cluster do not see each other[[: {members}]]",
    decisive=(
        Rule(kinds=("partition",), weight=3, meaning="members disagree about the membership"),
        Rule(
            pattern=r"partitions?(?:_detected|_found)?\"?'?\s?[:=]\s?\"?true|network[ _-]partition (?:has been |was )?(?:detected|found)|partitioned (?:network|from)|running_partitioned_network|split[- ]brain (?:detected|suspected)",
            weight=3,
            meaning="a partition is reported",
        ),
        Rule(
            pattern=r"unreachable_nodes\"?\s?[:=]|minority (?:partition|side)|lost (?:the )?quorum|no quorum|cluster has no leader|marking (?:node|member) .{1,80} as failed",
            weight=2.5,
            meaning="members lost sight of each other",
        ),
    ),
    supports=(
        Rule(
            kinds=("field", "row", "unhealthy_object"),
            pattern=r"unreachable|\"?running\"?: false|\bdown\b",
            weight=1,
            meaning="a member is away",
        ),
        Rule(kinds=("field", "row"), pattern=r"partitions?", weight=1, meaning="what the members report"),
    ),
    refutes=(
        Rule(
            pattern=r"partition (?:has )?healed|all members (?:are )?(?:seen|joined|up)|partitions?(?:_detected)?\"?\s?[:=]\s?false",
            meaning="all members see each other",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Ask each member for its view of the cluster",
            why="different member lists confirm it; the same complete list refutes it",
        ),
    ),
    actions=(
        relief(
            text="Heal the link, then restart the members of the smaller side so that they join again",
            state_change="members restart; what only the smaller side accepted may be lost",
            reversible="partly",
            blast_radius="data",
            verify="every member lists all members and no partition",
        ),
    ),
    effects=("dependency_down", "queue_backlog", "replication_lag"),
)
