"""What the measures of one service tell when it stands out of all others between two recordings, or around one onset."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")
STANDING = (("most", 3.0), ("second most", 1.5), ("third most", 1.0))
"""Place among the services that rose → what it says: less than anything that names a fault, from the second on."""

TESTED = Rule(
    pattern=r"(?:load|stress|performance|soak)[- ]?test (?:has |was |is )?(?:started|begins|began|running)",
    meaning="somebody tested it under load",
)
ON_TIME = Rule(pattern=r"latency (?:is |stayed |remains )?normal", meaning="its answers take what they always took")


def _standing(fault: str, meaning: str) -> tuple[Rule, ...]:
    """Return the rules of one resource or way to suffer."""
    return tuple(
        Rule(kinds=("suspect",), attributes={"fault": fault, "place": place}, weight=weight, meaning=meaning)
        for place, weight in STANDING
    )


def _used(fault: str, title: str, look: str) -> Family:
    """Return the family of a resource that a service uses far more of than before."""
    return Family(
        id=f"{fault}_risen",
        category=Category.ENVIRONMENT,
        depth=2,
        title=title,
        decisive=_standing(fault, "it rose further than any other service"),
        refutes=(TESTED,),
        checks=(
            CheckTemplate(
                text="See what in {subject} uses it, and whether that began when answers got slow",
                command=look,
                why="a use that began first confirms it; one that follows the number of requests refutes it",
            ),
        ),
        actions=(
            relief(
                text="Restart {subject}, or scale it out",
                state_change="its pods are replaced or get company",
                blast_radius="service",
                verify="the use is back where it was, and so are the answers of its callers",
            ),
            fix(
                text="Take away what uses it",
                state_change="the process or setting that began to use it",
                blast_radius="service",
                verify="the use stays where it was for an hour of normal load",
            ),
        ),
    )


CPU_RISEN = _used("cpu", "{subject} uses far more CPU than before", "kubectl top pods --containers")
MEMORY_RISEN = _used("memory", "{subject} uses far more memory than before", "kubectl top pods --containers")
DISK_RISEN = _used("disk", "{subject} uses its disk far more than before", "kubectl exec <pod> -- cat /proc/diskstats")
CONNECTIONS_RISEN = _used(
    "connections", "{subject} holds far more connections or sockets than before", "kubectl exec <pod> -- cat /proc/net/sockstat"
)


FAILURES_RISEN = Family(
    id="failures_risen",
    called="code that fails",
    category=Category.CODE,
    depth=2,
    title="{subject} fails more than before, and neither uses more nor answers later",
    decisive=_standing("failures", "it fails or complains further than any other service"),
    refutes=(TESTED,),
    checks=(
        CheckTemplate(
            text="Read what {subject} logs where a call of it fails, and compare its version with that of the calm time",
            command="kubectl logs deployment/<name> --since=1h | grep -iE 'error|exception'",
            why="an exception of its own that is new confirms it; an error that it was handed by what it calls refutes it",
        ),
    ),
    actions=(
        relief(
            text="Roll {subject} back to the last good version",
            state_change="the running version",
            blast_radius="service",
            verify="its calls succeed as before",
        ),
        fix(
            text="Correct the code that fails",
            state_change="the version of the service",
            blast_radius="service",
            verify="the error is not seen for an hour of normal load",
        ),
    ),
)


def _suffers(fault: str, title: str, why: str) -> Family:
    """Return the family of a service whose answers suffer while it uses no more than before."""
    return Family(
        id=f"network_{fault}",
        category=Category.NETWORK,
        depth=2,
        title=title,
        decisive=_standing(fault, "it suffers more than any other service, and uses no more"),
        refutes=(ON_TIME,),
        checks=(
            CheckTemplate(
                text="Compare the way to {subject} with the way to its neighbours on the same node",
                command="kubectl exec <pod> -- cat /proc/net/snmp; tc -s qdisc show",
                why=why,
            ),
        ),
        actions=(
            relief(
                text="Make the pods of {subject} anew, on another node",
                state_change="its pods are replaced",
                blast_radius="service",
                verify="calls to it take what they took before",
            ),
            fix(
                text="Take away what shapes or drops its packets",
                state_change="the rule or the link",
                blast_radius="service",
                verify="no packet of it waits or is sent again",
            ),
        ),
    )


NETWORK_DELAY = _suffers(
    "delay",
    "{subject} answers far later than before",
    "a queue or a rule that delays only its packets confirms it; work of its own refutes it",
)
NETWORK_LOSS = _suffers(
    "loss",
    "Calls of {subject} fail or are sent again",
    "packets that are sent again by it alone confirm it; refused work refutes it",
)
