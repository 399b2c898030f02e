"""What was granted and is used up, what came in too much or malformed, and what changed just before."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

CREDITS_EXHAUSTED = Family(
    id="credits_exhausted",
    called="exhausted burst credits",
    category=Category.ENVIRONMENT,
    depth=2,
    title="The burst credits of {subject} are exhausted",
    decisive=(
        Rule(
            kinds=("vital",), attributes={"vital": "credits"}, weight=3.5, meaning="the balance is used up and the use is capped"
        ),
        Rule(
            pattern=r"(?:cpu|burst|i/?o) credits? (?:balance )?(?:is |are |has |have )?(?:been )?(?:exhausted|depleted|used up)|burst balance (?:is )?(?:exhausted|depleted|0 ?%)",
            weight=2.5,
            meaning="credits are reported as used up",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"unlimited mode (?:is )?(?:enabled|on)|credits? (?:balance )?(?:has |have )?recovered",
            meaning="it is not capped",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Compare the balance of credits with the moment at which the use became flat",
            why="a balance of zero from that moment on confirms it; credits left refute it",
        ),
    ),
    actions=(
        relief(
            text="Move {subject} to a class or disk with a higher baseline, or allow unlimited bursts",
            state_change="the class of a server or disk",
            reversible="partly",
            blast_radius="data",
            verify="latency is back at its level",
        ),
    ),
    effects=(
        "slow_query",
        "cpu_saturated",
        "maintenance_storm",
        "pool_exhausted",
        "db_connections",
        "dependency_down",
        "slow_call",
    ),
)

CACHE_LOSS = Family(
    id="cache_loss",
    called="cache loss",
    category=Category.ENVIRONMENT,
    depth=2,
    title="The cache of {subject} lost what it held[[: {event}]]",
    decisive=(
        Rule(
            kinds=("vital",), attributes={"vital": "cache"}, weight=3.5, meaning="hits fell, misses and the database's load rose"
        ),
        Rule(
            pattern=r"(?P<event>\bflush(?:all|db)\b|cache (?:was )?(?:flushed|cleared|emptied|lost)|cold cache|cache hit (?:rate|ratio) (?:fell|dropped|down))",
            weight=2,
            meaning="the cache was emptied",
        ),
    ),
    supports=(
        Rule(pattern=r"(?:recover|replac)\w* (?:of )?cache nodes?|evict", weight=1, meaning="a node of the cache was lost"),
    ),
    refutes=(
        Rule(
            pattern=r"cache (?:is )?warm(?:ed)?(?: up)? again|hit (?:rate|ratio) (?:is )?(?:unchanged|flat|back)",
            meaning="it answers again",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Compare the hit rate with the database's load over time", why="a hit rate that falls first confirms it"
        ),
    ),
    actions=(
        relief(
            text="Warm the cache, and limit the rate of reads that miss it",
            state_change="load of the database and content of the cache",
            verify="the hit rate is back at its level",
        ),
    ),
    effects=("cpu_saturated", "slow_query", "db_connections", "pool_exhausted", "slow_call", "dependency_down"),
)

BAD_DATA = Family(
    id="bad_data",
    called="malformed data",
    category=Category.DATA,
    depth=2,
    title="{subject} cannot process its input[[: {record}]]",
    decisive=(
        Rule(kinds=("check",), attributes={"check": "(?P<record>.+)"}, weight=3, meaning="a check of the data fails"),
        Rule(
            pattern=r"(?:deserializ\w+|serializationexception|unmarshal\w*|decod\w+)[^\n]{0,160}(?P<record>\boffset[ :=]{1,3}\d+)|poison (?:message|record|pill)\b",
            weight=3,
            meaning="one record of a stream cannot be read",
        ),
        Rule(
            pattern=r"column '?\"?(?P<record>[\w.]{1,80})'?\"? (?:has|contains) [^\n]{0,40}(?:null|missing|invalid|nan)\b|(?:missing|unexpected|renamed) (?:required )?column:? '?\"?(?P<record2>[\w.]{1,80})|\b[1-9]\d* (?:of|/|out of) \d+ (?:rows|records|messages|documents) (?:have|had|has|with|contain|are) (?P<record3>(?:an? )?(?:null|missing|invalid|duplicate|empty|malformed)[^\n]{0,60})",
            weight=3,
            meaning="the columns of the input are not those that are expected",
        ),
        Rule(
            pattern=r"(?:schema|data) validation (?:failed|error)|validationerror: (?P<record>.{1,80})|malformed (?:record|row|message|csv|json|avro)[^\n]{0,60}|invalid input syntax for (?:type )?\w+: (?P<record2>.{1,60})|row (?P<record3>\d+)[^\n]{0,40}(?:could not be parsed|is malformed)",
            weight=2.5,
            meaning="the input is refused as invalid",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"(?:record|message|row)s? (?:was |were )?(?:skipped|quarantined) and (?:processing|the run) (?:continues|continued)",
            meaning="it was set aside",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Read that record, and the newest change of whoever writes it",
            why="a record that fails at every attempt confirms it",
        ),
    ),
    actions=(
        relief(
            text="Quarantine the record, so that what comes behind it goes on",
            state_change="a record is set aside",
            reversible="partly",
            blast_radius="data",
            verify="the backlog falls",
        ),
        fix(
            text="Agree on the shape of the data with its producer, and check it at the entrance",
            state_change="the code of producer or consumer",
            verify="no record is refused",
        ),
    ),
    effects=("queue_backlog", "exception", "job_failed", "crash_loop", "crash_regression"),
)

TRAFFIC_SURGE = Family(
    id="traffic_surge",
    called="traffic surge",
    category=Category.EXTERNAL,
    depth=3,
    title="More requests than {subject} can serve arrive[[: {value}]]",
    decisive=(
        Rule(
            kinds=("integrity",),
            attributes={"check": "surge", "value": "(?P<value>.+)"},
            weight=3,
            meaning="the rate of requests rose before everything else",
        ),
        Rule(
            pattern=r"(?:traffic|request rate|rps|qps)\b[^\n]{0,40}(?:surge\w*|spiked?|\d+(?:\.\d+)? ?x|times (?:the )?(?:normal|usual))|desired replica count is more than the maximum",
            weight=1.5,
            meaning="more load than usual",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"(?:traffic|request rate) (?:is )?(?:flat|normal|unchanged)|(?:planned|expected|scheduled) .{0,60}(?:traffic|load|campaign|sale|event)",
            meaning="the rate is as ever, or was expected",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Compare the rate of requests with CPU and latency over time, by client",
            why="a rate that rises first confirms it; a flat one refutes it",
        ),
    ),
    actions=(
        relief(
            text="Raise the maximum of replicas of {subject}, or shed load",
            command="kubectl scale deployment/<name> --replicas=<n>",
            state_change="the number of replicas",
            verify="latency is back at its level",
        ),
    ),
    effects=(
        "cpu_saturated",
        "pod_network",
        "slow_call",
        "db_connections",
        "pool_exhausted",
        "queue_backlog",
        "unready",
        "probe_failing",
    ),
)


def _change(name: str, category: Category, command: str, words: tuple[str, str]) -> Family:
    """Return a family of changes: one is a cause only where nothing else explains, and it stands just before what it names."""
    return Family(
        id=name,
        called=words[1],
        category=category,
        depth=3,
        title=words[0],
        decisive=(
            Rule(
                kinds=("changed",),
                attributes={"change": name, "what": "(?P<what>.+)"},
                weight=2.5,
                meaning="a change just before",
            ),
        ),
        refutes=(
            Rule(
                pattern=r"(?:change|deployment|flag|version) (?:was )?(?:reverted|rolled back)[^\n]{0,40}(?:no difference|still)|since before the change",
                meaning="it is the same without it",
            ),
        ),
        checks=(
            CheckTemplate(
                text="Compare the behaviour before and after that change", why="trouble that ends with its reversal confirms it"
            ),
        ),
        actions=(
            relief(
                text="Revert it: {what}",
                command=command,
                state_change="the change is taken back",
                verify="the first sign of trouble disappears",
            ),
        ),
        effects=("exception", "slow_call", "unready"),
    )


CHANGE_DEPLOY = _change(
    "change_deploy",
    Category.CODE,
    "kubectl rollout undo deployment/<name>",
    ("A new version came just before the trouble of {subject}: {what}", "regression after a deployment"),
)
CHANGE_CONFIG = _change(
    "change_config",
    Category.CONFIG,
    "",
    ("A setting changed just before the trouble of {subject}: {what}", "changed configuration"),
)
CHANGE_FLAG = _change(
    "change_flag",
    Category.CONFIG,
    "",
    ("A flag was switched just before the trouble of {subject}: {what}", "switched feature flag"),
)
