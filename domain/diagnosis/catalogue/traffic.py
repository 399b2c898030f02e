"""Limits, identities and queues between systems."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

RATE_LIMITED = Family(
    id="rate_limited",
    category=Category.EXTERNAL,
    depth=2,
    title="{subject} is limited by the rate that a callee allows[[: {limit}]]",
    decisive=(
        Rule(
            pattern=r"\b429\b.{0,40}too many requests|too many requests|rate ?limit(?:ed|ing)? ?(?:exceeded|reached|hit)|(?:^|[:\"'(] ?)rate exceeded|throttlingexception|quota exceeded for (?:quota )?metric (?P<limit>\S{1,80})|requestlimitexceeded",
            weight=2.5,
            meaning="the callee refuses for the rate",
        ),
    ),
    supports=(Rule(pattern=r"retry-after|backing off", weight=0.5, meaning="it asks for patience"),),
    refutes=(
        Rule(pattern=r"rate limit (?:was )?(?:reset|raised)|requests? (?:are )?accepted again", meaning="requests are accepted"),
    ),
    checks=(CheckTemplate(text="Compare the request rate with the limit", why="a rate above the limit confirms it"),),
    actions=(
        relief(text="Slow {subject} down with back-off", state_change="a setting of the caller", verify="no more refusals"),
        fix(
            text="Ask for a higher limit, or cache answers",
            state_change="a contract or the code",
            blast_radius="users",
            verify="the rate stays below the limit",
        ),
    ),
    effects=("dependency_down", "queue_backlog", "exception"),
)

EXTERNAL_DOWN = Family(
    id="external_down",
    called="outage of an outside dependency",
    category=Category.EXTERNAL,
    depth=3,
    title="The outside service that {subject} calls fails[[: {host}]]",
    decisive=(
        Rule(
            pattern=r"(?<![\w.@-])(?:https?://)?(?P<host>(?:[a-z0-9-]{1,40}\.){1,4}(?:com|net|org|io|dev|cloud|co|ai|app|eu|test|example))(?![\w-]|\.[a-z])(?:[:/][^\s\"']{0,120})?[^\n]{0,60}(?:\b50[0234]\b|service unavailable|bad gateway|gateway time|timed? ?out)",
            weight=3,
            meaning="a host outside answers with errors",
        ),
        Rule(
            pattern=r"(?:third[- ]party|external|upstream|payment|partner) (?:api|provider|service|dependency|gateway) (?P<host>[\w.-]{3,60} )?(?:is )?.{0,30}(?:unavailable|outage|is down|timed? ?out|returned 5\d\d|returning 5\d\d)",
            weight=2.5,
            meaning="somebody else's service is reported as failing",
        ),
        Rule(
            pattern=r"\b(?P<host>[a-z]\w{1,30})[ _]operational[ _]issue|(?:increased|elevated) (?:api )?error rates? (?:for|in|of|on) (?P<host2>[\w. -]{2,40})|\b(?:major|partial|service|regional) outage\b|\bslowdown\b.{0,60}\b503|\b503 slow ?down",
            weight=2.5,
            meaning="its provider reports trouble, or refuses for it",
        ),
        Rule(
            pattern=r"circuit ?breaker (?:is )?(?:opened|open|tripped) (?:for|to|on) (?P<host>(?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,12})",
            weight=2.5,
            meaning="callers have given it up",
        ),
    ),
    supports=(Rule(kinds=("alert",), pattern=r"error rate|5xx|dependency|upstream", weight=1, meaning="an alert names errors"),),
    refutes=(
        Rule(
            pattern=r"(?:provider|third[- ]party|external (?:api|service)).{0,60}(?:operational|reachable again|recovered)",
            meaning="it answers",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Ask the outside host from another network, and read its status page",
            command="curl -sS -o /dev/null -w '%{http_code} %{time_total}' https://<host>/",
            why="errors from everywhere confirm it; success from elsewhere points to the own way out",
        ),
    ),
    actions=(
        relief(
            text="Degrade without that service, or fail over to another provider",
            state_change="routing or a flag of the caller",
            blast_radius="users",
            verify="the error rate falls",
        ),
    ),
    effects=("dependency_down", "pool_exhausted", "exception", "queue_backlog", "probe_failing", "build_tool"),
)

PERMISSION_DENIED = Family(
    id="permission_denied",
    category=Category.SECURITY,
    depth=2,
    title="{subject} lacks a permission[[: {permission}]]",
    decisive=(
        Rule(
            pattern=r"cannot (?P<permission>(?:get|list|watch|create|update|patch|delete) resource \"[\w./-]{1,80}\")|is not authorized to perform:? (?P<permission2>[\w:*-]{1,80})|accessdenied(?:exception)?\b|permission (?P<permission3>'?[\w.]{3,80}'?) denied on|permission_denied\b|permission denied for (?:table|relation|schema) (?P<permission4>\w{1,80})",
            weight=3,
            meaning="the call is forbidden",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"rolebinding\S{0,80} (?:created|configured)|same call (?:succeeds|succeeded)",
            meaning="the permission was granted",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Ask what the identity may do",
            command="kubectl auth can-i <verb> <resource> --as=<identity>",
            why="no confirms it; yes refutes it",
        ),
    ),
    actions=(fix(text="Grant {subject} exactly that permission", state_change="a role or binding", verify="the call succeeds"),),
    effects=("exception", "crash_loop", "dependency_down", "job_failed"),
)

CREDENTIAL_EXPIRED = Family(
    id="credential_expired",
    category=Category.SECURITY,
    depth=2,
    title="A credential of {subject} has expired or was revoked",
    decisive=(
        Rule(
            pattern=r"(?:token|credential|api key|session|secret|password|license|licence|subscription)s? (?:has |is |was |have )?(?:expired|been revoked|revoked)|(?:secret|api|access) keys?\b[^\n]{0,40}\b(?:is|are|has|have|was|were) expired|\binvalid_client\b|expiredtoken(?:exception)?|invalid_grant|invalid api key|jwt expired|the security token included in the request is (?:expired|invalid)",
            weight=3,
            meaning="the credential is no longer valid",
        ),
    ),
    supports=(Rule(pattern=r"\b401\b|unauthorized", weight=0.5, meaning="calls are unauthorised"),),
    refutes=(
        Rule(
            pattern=r"(?:token|credential)s? (?:was |were )?(?:refreshed|renewed|rotated)|not yet valid|used before issued",
            meaning="the credential was renewed, or the clock is wrong",
        ),
    ),
    checks=(CheckTemplate(text="Compare the credential's end with the first refusal", why="an end just before it confirms it"),),
    actions=(fix(text="Renew the credential of {subject} and restart it", state_change="a secret", verify="calls succeed"),),
    effects=("exception", "crash_loop", "dependency_down", "job_failed"),
)

CREDENTIAL_WRONG = Family(
    id="credential_wrong",
    category=Category.SECURITY,
    depth=2,
    title="{subject} is refused: its credential is missing or wrong[[: {fault}]]",
    decisive=(
        Rule(
            pattern=r"(?P<fault>incorrect api key|invalid (?:api key|credentials|username or password|access key|signature)|bad credentials|authentication required|signaturedoesnotmatch|could not read username|unable to authenticate|(?:401|error code: 401)\b.{0,40}unauthori[sz]ed)",
            weight=2.5,
            meaning="the other side does not accept who calls",
        ),
    ),
    supports=(Rule(pattern=r"\b401\b|unauthori[sz]ed", weight=0.5, meaning="calls are unauthorised"),),
    refutes=(
        Rule(
            pattern=r"failed to pull|password authentication failed|(?:token|credential)s? (?:has |have )?expired",
            meaning="a more exact fault is named",
        ),
        Rule(pattern=r"(?:call|login|request)s? succeeded with the same credential", meaning="the same credential is accepted"),
    ),
    checks=(
        CheckTemplate(
            text="Compare the credential's version with that of a caller that is accepted",
            command="kubectl get secret <name> -o jsonpath='{.metadata.resourceVersion}'",
            why="missing or another version confirms it; the same one accepted elsewhere refutes it",
        ),
    ),
    actions=(fix(text="Give {subject} a valid credential and restart it", state_change="a secret", verify="calls are accepted"),),
    effects=("exception", "crash_loop", "dependency_down", "job_failed"),
)

TOO_LARGE = Family(
    id="too_large",
    called="larger than what is accepted",
    category=Category.CONFIG,
    depth=2,
    title="What is sent to {subject} is larger than it accepts[[: {what}]]",
    decisive=(
        Rule(
            pattern=r"client (?:intended to send|sent) too (?P<what>large body(?:: \d{1,20} bytes)?|large (?:chunked body|request)|long (?:header line|uri))|upstream sent too (?P<what2>big header)|(?P<what3>(?:request )?(?:entity|body|payload|headers?(?: fields?)?|header or cookie|message|record|document|object|event|batch|packet for query) (?:is |was )?too (?:large|big))\b|(?P<what4>payload ?too ?large|entity ?too ?large|record ?too ?large ?exception|message ?size ?too ?large|max ?upload ?size ?exceeded|bson ?object ?too ?large|max_allowed_packet)|(?P<what5>(?:message|request|body|payload|record|upload|file)\b[^\n]{0,60} (?:larger|bigger) than (?:the )?(?:max(?:imum)?|configured|allowed|limit)\b[^\n]{0,40})",
            weight=3,
            meaning="the receiver refuses it for its size",
        ),
    ),
    supports=(Rule(pattern=r"\b(?:413|431)\b", weight=0.5, meaning="answers with 413 or 431 (RFC 9110, RFC 6585)"),),
    refutes=(
        Rule(
            pattern=r"(?:size|body|message|upload|packet) limit (?:was |has been )?(?:raised|increased)",
            meaning="the limit was raised",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Compare the size that is refused with every limit on the way: client, proxy, server, store",
            why="the smallest limit below it is the one that refuses",
        ),
    ),
    actions=(
        relief(
            text="Raise the limit where it is refused, or send less at a time",
            state_change="a limit on the way",
            verify="what was refused is accepted",
        ),
    ),
    effects=("exception", "dependency_down", "queue_backlog", "job_failed"),
)

QUEUE_BACKLOG = Family(
    id="queue_backlog",
    category=Category.EXTERNAL,
    depth=1,
    title="Messages pile up before {subject}[[: {depth}]]",
    decisive=(
        Rule(kinds=("vital",), attributes={"vital": "backlog"}, weight=3.5, meaning="the backlog grows"),
        Rule(kinds=("row",), attributes={"lag": r"(?P<depth>[1-9]\d{3,})"}, weight=2.5, meaning="a consumer is far behind"),
        Rule(
            pattern=r"(?:consumer |queue |message )?(?:lag|backlog|queue depth|queue length|messages ready)\"?[^\d\n]{0,30}(?P<depth>\d{4,12})|consumer .{0,60}(?:is not (?:consuming|active)|stopped|removed from (?:the )?group)|(?:publish(?:ing)?|flow) .{0,30}blocked|poison message",
            weight=2,
            meaning="messages wait",
        ),
        Rule(
            kinds=("trend", "level_shift", "slot_shift"),
            pattern=r"backlog|queue|(?<!replica)(?<!replication)[_ ]lag\b",
            weight=2,
            meaning="the backlog grew",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"(?:backlog|queue|lag) (?:was )?drained|consumer .{0,40}caught up|lag (?:is )?0\b",
            meaning="the queue was drained",
        ),
        Rule(pattern=r"replication lag|replica_lag", meaning="it is a replica's lag"),
    ),
    checks=(
        CheckTemplate(
            text="Compare the rate in with the rate out, and look at the consumers",
            command="kafka-consumer-groups --describe --group <group>",
            why="consumers stopped or slower than producers confirm it",
        ),
    ),
    actions=(relief(text="Restart or add consumers", state_change="the number of consumers", verify="the backlog falls"),),
    effects=("exception",),
)

CONSUMER_EXPELLED = Family(
    id="consumer_expelled",
    called="consumers slower than the broker waits for them",
    category=Category.CONFIG,
    depth=2,
    title="Consumers of {subject} work longer on what they fetched than the broker waits, so it takes them out[[: {setting}]]",
    decisive=(
        Rule(
            pattern=r"(?:consumer )?poll timeout (?:has )?expired|longer than the configured (?P<setting>max\.poll\.interval\.ms)|commitfailedexception|commit cannot be completed since the (?:consumer|group)|delivery acknowledge?ment .{0,60}timed out|timeout value used: \d{1,12} ms\. this timeout value can be configured",
            weight=3,
            meaning="the broker waited in vain for the next fetch or acknowledgement (kafka.apache.org, max.poll.interval.ms; rabbitmq.com, consumer_timeout)",
        ),
    ),
    supports=(
        Rule(
            pattern=r"sending leavegroup request|preparing to rebalance|revok(?:e|ing) (?:previously assigned )?partitions|member .{1,120} (?:has been removed|failed, removing)",
            weight=0.7,
            meaning="the group is divided anew",
        ),
        Rule(
            kinds=("slot_shift", "level_shift"),
            pattern=r"\b(?:handled|processed|took|duration|elapsed|in)\b",
            weight=0.7,
            meaning="each takes longer",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"consumer .{0,40}caught up|(?:backlog|queue|lag) (?:was )?drained", meaning="the consumers are in step again"
        ),
    ),
    checks=(
        CheckTemplate(
            text="Compare the time for one fetch with the time that the broker waits",
            command="kafka-consumer-groups --describe --group <group> --members --verbose",
            why="a fetch that takes longer confirms it; what made each message slower is the deeper cause",
        ),
    ),
    actions=(
        relief(
            text="Fetch fewer messages at a time (max.poll.records, prefetch) or allow more time for them",
            state_change="a setting of the consumers",
            verify="no member leaves the group and the backlog falls",
        ),
    ),
    effects=("queue_backlog", "exception"),
)

ATTACK = Family(
    id="attack",
    category=Category.SECURITY,
    depth=3,
    title="{subject} is probed with many logins or requests",
    decisive=(
        Rule(
            kinds=("burst",),
            pattern=r"failed password for|authentication failure|invalid user|possible (?:break-in|syn flooding)|brute[- ]force",
            weight=1.5,
            meaning="many failed logins",
        ),
        Rule(
            pattern=r"maxstartups throttling|past maxstartups|too many authentication failures .{0,60}\[preauth\]",
            weight=1.5,
            meaning="logins are refused for their number (sshd_config, MaxStartups)",
        ),
        Rule(
            pattern=r"possible syn flooding|possible break-in attempt|brute[- ]force (?:attack )?detected",
            weight=2,
            meaning="the system suspects an attack",
        ),
    ),
    supports=(
        Rule(
            kinds=("severe_template",),
            pattern=r"failed password for|authentication failure|invalid user",
            least=50,
            weight=1,
            meaning="many failed logins",
        ),
    ),
    refutes=(Rule(pattern=r"known (?:client|scanner)|scheduled (?:scan|penetration test)", meaning="the source is known"),),
    checks=(CheckTemplate(text="Count sources and names of the failed logins", why="many sources or names confirm it"),),
    actions=(
        relief(
            text="Block the sources and rotate what they may have learnt",
            state_change="firewall rules and credentials",
            blast_radius="users",
            verify="the attempts stop",
        ),
    ),
)
