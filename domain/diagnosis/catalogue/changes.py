"""What people or deployments changed."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.catalogue.siblings import odd
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

ZERO_REPLICAS = Family(
    id="zero_replicas",
    category=Category.HUMAN,
    depth=3,
    title="{subject} was scaled to zero",
    decisive=(
        Rule(
            pattern=r"scaled down replica ?set [\w.-]{1,120} (?:from \d+ )?to 0(?! from \d+.{0,40}(?:rollout|surge))",
            weight=2,
            meaning="it was scaled to zero",
        ),
        Rule(kinds=("integrity",), attributes={"check": "zero"}, weight=3, meaning="no replica is wanted"),
        Rule(
            pattern=r"replicas: +0 desired|\breplicas\"?: 0\b|\bscaled (?:down )?to (?:0|zero)\b",
            weight=2.5,
            meaning="no replica is wanted",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"scaled up replica ?set|[1-9]\d* desired|old replica ?set [\w.-]{1,120} scaled",
            meaning="replicas are wanted: a rollout replaced the old ones",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Look at desired replicas and who changed them",
            command="kubectl get deployment <name> -o yaml",
            why="zero desired confirms it",
        ),
    ),
    actions=(
        relief(
            text="Scale {subject} up",
            command="kubectl scale deployment/<name> --replicas=<n>",
            state_change="the number of replicas",
            verify="pods are ready",
        ),
    ),
    effects=("dependency_down", "service_selector", "unready", "dns_failure", "exception"),
)

SUSPENDED = Family(
    id="suspended",
    called="suspended schedule",
    category=Category.HUMAN,
    depth=2,
    title="{subject} is suspended, so that nothing of it runs",
    decisive=(
        Rule(kinds=("setting",), attributes={"field": "suspend", "value": "(?i)true"}, weight=1, meaning="somebody suspended it"),
    ),
    refutes=(Rule(pattern=r"\bresumed\b", meaning="it was resumed"),),
    checks=(
        CheckTemplate(
            text="See who suspended it, and whether on purpose",
            command="kubectl get cronjobs -A -o wide",
            why="a suspension that nobody meant confirms it",
        ),
    ),
    actions=(
        relief(
            text="Resume {subject}",
            command='kubectl patch cronjob <name> -p \'{"spec":{"suspend":false}}\'',
            state_change="a schedule",
            verify="the next run starts at its time",
        ),
    ),
    effects=("job_failed",),
)

MANIFEST_REJECTED = Family(
    id="manifest_rejected",
    called="rejected manifest",
    category=Category.CONFIG,
    depth=2,
    title="The API server rejects the manifest of {subject}[[: {fault}]]",
    decisive=(
        Rule(
            pattern=r"[\w.]{1,80} \"?[\w.-]{1,120}\"? is invalid: (?P<fault>[\w.\[\]\"/-]{1,200}: (?:invalid value|required value|forbidden|unsupported value|duplicate value|not found|too long|internal error)\b.{0,160})",
            weight=3,
            meaning="a field of it is not allowed",
        ),
        Rule(
            pattern=r"(?P<fault>(?:unknown field \"|strict decoding error|no matches for kind \"|error validating data|field is immutable).{0,160})",
            weight=3,
            meaning="a field or kind of it is not known or cannot be changed",
        ),
    ),
    refutes=(Rule(pattern=r"successfully synced|(?:sync|upgrade) succeeded", meaning="a later attempt was taken"),),
    checks=(
        CheckTemplate(
            text="Let the server check the manifest without storing it",
            command="kubectl apply --dry-run=server -f <file>",
            why="the same field named again confirms it",
        ),
    ),
    actions=(
        relief(
            text="Correct the named field of {subject} and apply it again",
            state_change="the object's specification",
            verify="the object is accepted and its new revision is ready",
        ),
    ),
    effects=("rollout_stuck", "unready", "zero_replicas"),
)

ROLLOUT_STUCK = Family(
    id="rollout_stuck",
    category=Category.CONFIG,
    depth=1,
    title="The rollout of {subject} does not complete",
    decisive=(
        Rule(
            pattern=r"progressdeadlineexceeded|exceeded its progress deadline|minimumreplicasunavailable",
            weight=1.5,
            meaning="new replicas do not become available",
        ),
    ),
    refutes=(Rule(pattern=r"successfully rolled out|newreplicasetavailable", meaning="the rollout completed"),),
    checks=(
        CheckTemplate(
            text="Look at the pods of the new revision",
            command="kubectl rollout status deployment/<name>; kubectl get pods",
            why="their own cause is deeper",
        ),
    ),
    actions=(
        relief(
            text="Roll {subject} back",
            command="kubectl rollout undo deployment/<name>",
            state_change="the running revision",
            verify="the old revision serves",
        ),
    ),
    effects=("unready",),
)

CRASH_REGRESSION = Family(
    id="crash_regression",
    category=Category.CODE,
    depth=2,
    title="{subject} fails with an exception of its own code[[: {exception}]]",
    decisive=(
        Rule(
            pattern=r"(?P<exception>nullpointerexception|nil pointer dereference|typeerror: .{1,100}|referenceerror: .{1,100}|attributeerror: .{1,100}|indexerror: .{1,60}|zerodivisionerror|keyerror: (?!['\"](?-i:[A-Z][A-Z0-9_]{3,80})['\"]).{1,60}|(?:name|nomethod|unboundlocal|recursion|stackoverflow|undefinedfunction|nosuchmethod|noclassdeffound|unsupportedoperation)(?:error|exception)\b.{0,80}|index ?out ?of ?(?:range|bounds).{0,60}|nullreferenceexception|invalidcastexception|classcastexception|assertionerror.{0,60}|segmentation fault|sigsegv|unhandled promise rejection|cannot read propert\w+ .{1,80})",
            weight=2.5,
            meaning="the code fails",
        ),
        Rule(pattern=r"\bpanic: (?P<exception>runtime error.{0,100})", weight=2.5, meaning="the process panicked"),
    ),
    supports=(
        Rule(kinds=("exception",), weight=0.5, meaning="the stack"),
        Rule(kinds=("first_seen",), pattern=r"exception|error|panic", weight=1, meaning="not seen before"),
    ),
    refutes=(
        Rule(
            pattern=r"seen (?:since|before) (?:the )?(?:previous|last) (?:version|release)|handled and ignored",
            meaning="it was there before the change",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Compare with the previous version's log",
            command="kubectl rollout history deployment/<name>",
            why="absent before the change confirms it",
        ),
    ),
    actions=(
        relief(
            text="Roll {subject} back to the last good version",
            command="kubectl rollout undo deployment/<name>",
            state_change="the running version",
            verify="the exception stops",
        ),
    ),
    effects=("crash_loop", "unready", "dependency_down", "exception"),
)

EXCEPTION = Family(
    id="exception",
    category=Category.CODE,
    depth=1,
    title="{subject} fails with[[ {exception}]] errors",
    decisive=(
        Rule(kinds=("exception",), weight=1.5, meaning="an exception"),
        Rule(
            kinds=("exception", "severe_template", "first_seen", "burst", "row"),
            pattern=r"uncaught|unhandled|traceback|exception in thread",
            weight=1,
            meaning="an exception",
        ),
    ),
    supports=(Rule(kinds=("burst",), weight=0.5, meaning="it came in a burst"),),
    refutes=(Rule(pattern=r"retry succeeded|exception (?:was )?handled|handled and ignored", meaning="the error was handled"),),
    checks=(CheckTemplate(text="Read the whole stack and the lines before it", why="the root of the chain names the fault"),),
    effects=("crash_loop", "unready"),
)

TIME_LIMIT = Family(
    id="time_limit",
    called="timeout of a function",
    category=Category.CONFIG,
    depth=1,
    title="{subject} is ended at its timeout[[ of {limit}]]: its calls are timed out before they are done",
    decisive=(
        Rule(
            pattern=r"task timed out after (?P<limit>\d[\d.]{0,8} seconds)|function (?:execution|invocation|call)\b.{0,60}(?:status: '?timeout|timed out)|exceeded the function timeout|status: timeout\b",
            weight=2.5,
            meaning="the platform ended the call",
        ),
    ),
    refutes=(Rule(pattern=r"timeout (?:was )?(?:raised|increased)", meaning="it was given more time"),),
    checks=(
        CheckTemplate(
            text="Compare how long calls took before with the timeout, and see who changed it last",
            why="calls that took longer before than the timeout allows now confirm it; a slow callee refutes it",
        ),
    ),
    actions=(
        relief(text="Raise the timeout of {subject}", state_change="a setting of the function", verify="no more calls are ended"),
    ),
    effects=("exception", "queue_backlog"),
)

CONFIG_INVALID = Family(
    id="config_invalid",
    category=Category.CONFIG,
    depth=2,
    title="A configuration of {subject} is not valid[[: {fault}]]",
    decisive=(
        Rule(
            pattern=r"(?:invalid|malformed|bad|unparsable) (?:config(?:uration)?|yaml|toml|json config|directive|setting|value for)\b.{0,4}(?P<fault>.{0,100})|(?:error|failed) (?:parsing|to parse|loading|reading) (?:the )?config\w*(?P<fault2>.{0,100})|unknown directive \"?(?P<fault3>[\w.-]{1,80})|yaml: line \d+: (?P<fault4>.{1,100})|(?:nginx|httpd|haproxy).{0,40}configuration (?:file )?.{0,80}test failed",
            weight=2.5,
            meaning="the configuration cannot be read",
        ),
        Rule(
            pattern=r"(?:failed to generate manifest|manifest generation error|\berror: (?:template|parse error|execution error)|values don't meet the specifications of the schema).{0,400}?(?P<fault>(?:nil pointer|error calling|map has no entry|function \"|undefined variable|unexpected|must be|is required|missing)\b.{0,120})",
            weight=3,
            meaning="a template or chart cannot be rendered",
        ),
        Rule(
            pattern=r"\[emerg\] (?:\S{1,20} )?(?P<fault>(?!bind\(\)).{1,160} in /\S{1,200}:\d{1,6})\b",
            weight=3,
            meaning="it names the line that is not valid",
        ),
    ),
    supports=(odd("variable .*"),),
    refutes=(
        Rule(pattern=r"configuration (?:test is )?successful|configuration reloaded", meaning="the configuration is valid"),
    ),
    checks=(
        CheckTemplate(text="Validate the configuration and compare it with the last good one", why="the named place confirms it"),
    ),
    actions=(
        relief(text="Go back to the last good configuration", state_change="the configuration", verify="the process starts"),
    ),
    effects=("db_restarting", "crash_loop", "unready", "rollout_stuck", "dependency_down"),
)
