"""Hosts: full tables of the kernel, packets that are too large for the path, locks that an earlier run left behind."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

KERNEL_TABLE_FULL = Family(
    id="kernel_table_full",
    called="full kernel table",
    category=Category.ENVIRONMENT,
    depth=2,
    title="{subject} can keep no more connections: a table of its kernel is full",
    decisive=(
        Rule(
            pattern=r"conntrack: table full|conntrack(?:ion)? table[^\n]{0,30}\bfull\b|neighbou?r table overflow|(?:dial|connect)[^\n]{0,120}cannot assign requested address|\beaddrnotavail\b",
            weight=3,
            meaning="the kernel refuses a new entry",
        ),
        Rule(
            kinds=("resource",),
            attributes={"resource": r"(?i)tracked connections|ephemeral ports|local ports|neighbou?rs"},
            weight=2.5,
            meaning="the table is at its limit",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"bind[^\n]{0,40}cannot assign requested address|(?:conntrack|neighbou?r) table (?:was )?(?:enlarged|drained)",
            meaning="an address that is not there, or the table has room again",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Compare the entries with the limit",
            command="sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max; ss -s",
            why="a count at the limit confirms it; room refutes it",
        ),
    ),
    actions=(
        relief(
            text="Raise the limit on {subject}",
            command="sysctl -w net.netfilter.nf_conntrack_max=<n>",
            state_change="a kernel setting",
            blast_radius="node",
            verify="no more drops are logged",
        ),
        fix(
            text="Keep connections open, or spread them over more addresses",
            state_change="settings of the clients",
            verify="entries stay below 80 % of the limit",
        ),
    ),
    effects=("dependency_down", "dns_failure", "probe_failing", "exception"),
)

MTU_MISMATCH = Family(
    id="mtu_mismatch",
    called="path MTU",
    category=Category.NETWORK,
    depth=2,
    title="Packets are too large for the path to {subject}[[: it takes {mtu} bytes]]",
    decisive=(
        Rule(
            pattern=r"frag(?:mentation)? needed(?: and df set)?(?: \(mtu = ?(?P<mtu>\d{3,5})\))?|message too long,? mtu ?= ?(?P<mtu2>\d{3,5})|packet (?:needs to be fragmented but df set|too big)|path mtu (?:discovery )?[^\n]{0,30}(?:black ?hole|failed)",
            weight=3,
            meaning="the path refuses large packets",
        ),
    ),
    refutes=(Rule(pattern=r"(?:path )?mtu (?:is )?(?:the same|consistent)", meaning="the sizes agree"),),
    checks=(
        CheckTemplate(
            text="Send a full packet that may not be cut, and a small one",
            command="ping -M do -s 1472 <host>; ip link show",
            why="only the small one passing confirms it",
        ),
    ),
    actions=(
        relief(
            text="Lower the MTU of the interface, or clamp the segment size on the tunnel",
            state_change="a setting of an interface",
            blast_radius="node",
            verify="large transfers complete",
        ),
    ),
    effects=("dependency_down", "policy_block", "exception", "probe_failing"),
)

LOCK_HELD = Family(
    id="lock_held",
    called="lock of an earlier run",
    category=Category.ENVIRONMENT,
    depth=2,
    title="{subject} cannot work while another run holds its lock",
    decisive=(
        Rule(
            pattern=r"error acquiring the state lock|state (?:blob )?is (?:already )?locked|could not get lock /|unable to (?:acquire|obtain|get) (?:the )?[\w ./-]{0,40}lock\b|another (?:operation|process|instance|git process|install\w*|upgrade|migration)\b[^\n]{0,60}(?:in progress|running|holds)|(?:waiting for|held by)[^\n]{0,40}\b(?:changelog|migration|advisory|state) lock|\.lock'?: file exists",
            weight=2.5,
            meaning="another run holds the lock",
        ),
    ),
    refutes=(Rule(pattern=r"lock (?:was )?(?:released|acquired)|force-unlock", meaning="the lock is free"),),
    checks=(
        CheckTemplate(
            text="See who holds the lock and whether that run still lives",
            why="a holder that is gone confirms it; a living one asks for patience",
        ),
    ),
    actions=(
        relief(
            text="Wait for the holder, or release the lock once it is known to be gone",
            state_change="a lock is taken away",
            reversible="partly",
            blast_radius="data",
            verify="the next run takes the lock",
        ),
    ),
    effects=("job_failed", "crash_loop", "rollout_stuck", "exception"),
)
