"""Servers that store: what takes them away whole, and what was cut or used up."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

DB_DOWN = Family(
    id="db_down",
    called="database that is down",
    category=Category.DATABASE,
    depth=1,
    title="{subject} serves nobody any more",
    decisive=(
        Rule(kinds=("vital",), attributes={"vital": "down"}, weight=3, meaning="its work has fallen to nothing"),
        Rule(
            pattern=r"(?:db|database) (?:instance|server|cluster)[^\n]{0,80}\b(?:is (?:down|stopped|not available|unavailable)|was (?:stopped|shut ?down)|shut ?down)\b",
            weight=2,
            meaning="the server is reported as down",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"(?:db|database) (?:instance|server)[^\n]{0,60}(?:is available again|was restarted|restarted|has started)|recovery of the db instance is complete",
            meaning="it serves again",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Ask the server and its host what they did when the work ended",
            command="pg_isready -h <host>; systemctl status <database>",
            why="no answer confirms it; an answer points to the way between",
        ),
    ),
    actions=(
        relief(
            text="Start {subject}, or fail over to its standby",
            state_change="the role or state of a database server",
            reversible="partly",
            blast_radius="data",
            verify="connections and work are back at their level",
        ),
    ),
    effects=("dependency_down", "pool_exhausted", "crash_loop", "unready", "exception"),
)

HOST_FAILED = Family(
    id="host_failed",
    called="failed host",
    category=Category.HARDWARE,
    depth=3,
    title="The host under {subject} has failed",
    decisive=(
        Rule(kinds=("vital",), attributes={"vital": "host"}, weight=3.5, meaning="the cloud's checks of the machine fail"),
        Rule(
            pattern=r"(?:degradation|failure|impairment|retirement) of (?:the |its )?(?:underlying|physical)? ?(?:host|hardware)|instance retirement|(?:underlying|physical|primary) (?:host|hardware|machine|server)[^\n]{0,80}(?:fail\w*|unhealthy|degraded|unreachable|impaired|unresponsive)|(?:system|instance) (?:status|reachability) check(?:s)? (?:has |have )?failed|host (?:hardware )?(?:failure|error|maintenance event)|hardware (?:failure|fault)\b",
            weight=2.5,
            meaning="the machine under it is reported as failing",
        ),
    ),
    refutes=(
        Rule(pattern=r"status checks? (?:have )?passed|no hardware (?:failure|fault)", meaning="the machine passes its checks"),
    ),
    checks=(
        CheckTemplate(text="Read the provider's or the machine's own report on the host", why="a hardware event confirms it"),
    ),
    actions=(
        relief(
            text="Start {subject} on another host, or fail over",
            state_change="the place of a server",
            reversible="partly",
            blast_radius="data",
            verify="it serves from the other host",
        ),
    ),
    effects=("failover", "db_down", "db_restarting", "kubelet_down", "member_lost", "dependency_down"),
)

ENCRYPTION_KEY = Family(
    id="encryption_key",
    called="encryption key that cannot be used",
    category=Category.SECURITY,
    depth=3,
    title="The encryption key of {subject} cannot be used",
    decisive=(
        Rule(
            pattern=r"inaccessible-encryption-credentials|kms\.?(?:disabled|invalidstate|notfound|keyunavailable)exception|\b(?:kms|encryption|customer[- ]managed|cmk|cmek|key ?vault|master) key[^\n]{0,80}\b(?:disabled|deleted|pending deletion|revoked|inaccessible|unavailable|not found|cannot be (?:used|accessed))",
            weight=3,
            meaning="the key is disabled, gone or out of reach",
        ),
    ),
    supports=(Rule(kinds=("vital",), attributes={"vital": "down"}, weight=1, meaning="its work has fallen to nothing"),),
    refutes=(Rule(pattern=r"key (?:was |is )?(?:re-?enabled|restored|enabled again)", meaning="the key can be used again"),),
    checks=(
        CheckTemplate(
            text="Look at the state of the key and at who may use it",
            command="aws kms describe-key --key-id <key>",
            why="disabled, pending deletion or a missing grant confirms it",
        ),
    ),
    actions=(
        relief(
            text="Enable the key or restore the grant on it",
            state_change="the state of a key",
            blast_radius="data",
            verify="the server starts",
        ),
    ),
    effects=("db_down", "db_restarting", "mount_failed", "member_lost", "dependency_down", "crash_loop", "exception"),
)

LIMIT_LOWERED = Family(
    id="limit_lowered",
    called="lowered limit",
    category=Category.CONFIG,
    depth=3,
    title="A limit of {subject} was lowered below its load",
    decisive=(
        Rule(
            kinds=("vital",),
            attributes={"vital": "limit|class|setting"},
            weight=4,
            meaning="the limit was cut, then it was reached",
        ),
        Rule(
            pattern=r"\b(?:limit|quota|max\w*|pool ?size|capacity|timeout)\b[^\n]{0,40}\b(?:was |were )?(?:lowered|reduced|decreased|cut)\b[^\n]{0,30}\bfrom \d+[^\n]{0,12} to \d+",
            weight=2.5,
            meaning="a limit was lowered",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"(?:limit|quota|max\w*|setting|change) (?:was )?(?:restored|raised|reverted)|lowered limit is not reached",
            meaning="the limit is what it was",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Compare the setting with its value before, and with the load before",
            why="a load that fitted the old value and not the new one confirms it",
        ),
    ),
    actions=(
        relief(
            text="Put the limit of {subject} back",
            state_change="a setting of the server",
            verify="what was refused is accepted",
        ),
    ),
    effects=(
        "db_connections",
        "pool_exhausted",
        "memory_short",
        "cpu_saturated",
        "slow_query",
        "dependency_down",
        "rate_limited",
        "oom_killed",
        "exception",
    ),
)

MEMORY_SHORT = Family(
    id="memory_short",
    called="memory shortage",
    category=Category.ENVIRONMENT,
    depth=2,
    title="The memory of {subject} runs out",
    decisive=(
        Rule(kinds=("vital",), attributes={"vital": "memory"}, weight=3.5, meaning="free memory is gone and it swaps"),
        Rule(
            pattern=r"\bora-0403[01]\b|(?<!\d )insufficient (?:system )?memory|out of memory\W{1,3}(?:detail: )?failed on request of size|cannot allocate memory|(?:instance|server|host)[^\n]{0,40}running (?:low on|out of) memory|swap (?:space|usage)[^\n]{0,30}(?:exhausted|full|\b(?:9\d|100) ?%)",
            weight=2,
            meaning="memory is refused or nearly gone",
        ),
        Rule(
            pattern=r"(?:process|server|instance|engine)\b[^\n]{0,60}(?:killed|terminated|restarted|crashed)[^\n]{0,60}(?:out of|low|lack of|insufficient|excessive) (?:system )?memory",
            weight=2.5,
            meaning="its process ended for want of memory",
        ),
    ),
    supports=(Rule(kinds=("alert",), pattern=r"memory|swap", weight=1, meaning="an alert names it"),),
    refutes=(
        Rule(pattern=r"oom-?kill", meaning="a kill names what took it"),
        Rule(pattern=r"memory (?:usage )?(?:is )?back (?:to|below)|memory (?:was )?freed", meaning="there is room again"),
    ),
    checks=(
        CheckTemplate(
            text="See who uses the memory",
            command="free -m; ps aux --sort=-rss | head",
            why="hardly any left and pages moved to swap confirm it; free memory refutes it",
        ),
    ),
    actions=(
        relief(
            text="End what uses most memory on {subject}, or give it a larger class",
            state_change="sessions end, or the server restarts in another class",
            reversible="partly",
            blast_radius="service",
            verify="swap is flat and latency back at its level",
        ),
    ),
    effects=("slow_query", "maintenance_storm", "pool_exhausted", "db_connections", "dependency_down", "slow_call", "exception"),
)

CAPACITY_REACHED = Family(
    id="capacity_reached",
    called="reached capacity (throttling)",
    category=Category.ENVIRONMENT,
    depth=2,
    title="{subject} has reached the capacity that it was granted",
    decisive=(
        Rule(kinds=("vital",), attributes={"vital": "throttle|disk|link"}, weight=3.5, meaning="refused calls at a level limit"),
        Rule(
            pattern=r"failed to assign an ip address|insufficient ?free ?addresses|(?:no|out of|not enough) (?:more |free |available )*ip(?:v4|v6)? ?addresses|no addresses available|ip ?pool .{0,40}exhausted",
            weight=3,
            meaning="no address is free",
        ),
        Rule(
            pattern=r"provisioned ?throughput ?exceeded|(?:reserved|concurrent) (?:concurrency|executions?|invocations?)[^\n]{0,30}(?:limit|exceeded|reached)|request units?[^\n]{0,30}exceeded",
            weight=2.5,
            meaning="the granted capacity is used up",
        ),
    ),
    refutes=(
        Rule(pattern=r"(?:capacity|concurrency|throughput) (?:was )?(?:raised|increased)", meaning="more capacity was granted"),
    ),
    checks=(CheckTemplate(text="Compare what is used with what is granted", why="use level at the grant confirms it"),),
    actions=(
        relief(
            text="Raise the granted capacity of {subject}",
            state_change="a setting of the service",
            verify="no more refusals",
        ),
    ),
    effects=("rate_limited", "queue_backlog", "dependency_down", "exception", "network_plugin"),
)

MEMBER_LOST = Family(
    id="member_lost",
    called="member that left its cluster",
    category=Category.ENVIRONMENT,
    depth=2,
    title="A member of the cluster of {subject} is gone[[: {member}]]",
    decisive=(
        Rule(
            pattern=r"\bnode-left\[\{(?P<member>[^{}\s]{1,80})\}|memberlist: marking (?P<member2>\S{1,80}) as failed|marking node (?P<member3>[0-9a-f]{8,40}) as failing|member (?P<member4>[\w.:-]{1,80}) is now in state down|inetaddress /?(?P<member5>[\w.:-]{1,60}) is now down|node (?P<member6>rabbit@[\w.-]{1,80}) down: |(?:newly failed|deleted) brokers: \[?(?P<member7>\d{1,6})|lost the (?:tcp )?streaming connection with peer (?P<member8>[0-9a-f]{8,16})",
            weight=2.5,
            meaning="the others saw it leave",
        ),
    ),
    supports=(
        Rule(
            pattern=r"cluster health status changed from .{0,12} to \[?(?:red|yellow)|under-?replicated|unassigned|is_?r shrink|shrinking isr|offline partitions?",
            weight=1,
            meaning="what it held has fewer copies",
        ),
        Rule(
            kinds=("unhealthy_object", "field"),
            pattern=r"unassigned|\"status\":\s?\"(?:red|yellow)",
            weight=1,
            meaning="what it held is not served",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"\bnode-join\[|is now up\b|member .{1,80} is now in state (?:primary|secondary)|node rabbit@\S{1,80} up\b|serf: eventmemberjoin",
            later=True,
            meaning="it is back",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Look at the member that left: is its process running, and what did it say last?",
            command="systemctl status <service>; journalctl -u <service> -n 100",
            why="its own last words are the deeper cause; a process that is well points to the network between",
        ),
    ),
    actions=(
        relief(
            text="Bring the member back, and let what it held be copied before another one is touched",
            state_change="a member of the cluster",
            reversible="partly",
            blast_radius="data",
            verify="all members are seen and all copies are in place",
        ),
    ),
    effects=("unready", "dependency_down", "exception", "queue_backlog", "replication_lag"),
)
