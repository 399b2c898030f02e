"""The way from a caller to a pod: selector, port, protocol, address, route."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.catalogue.siblings import PLACE, PORT, odd
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

DOWN = ("dependency_down", "exception", "probe_failing")


def _check(name: str, meaning: str, weight: float = 3) -> Rule:
    return Rule(kinds=("integrity",), attributes={"check": name}, weight=weight, meaning=meaning)


SERVICE_SELECTOR = Family(
    id="service_selector",
    category=Category.CONFIG,
    depth=2,
    title="{subject} has no endpoints: its selector matches no ready pod[[ ({selector})]]",
    decisive=(
        Rule(
            kinds=("reference", "unhealthy_object", "setting", "row"),
            pattern=r"endpoints:? *<none>|no endpoints|selects no pod",
            weight=2.5,
            meaning="the service has no endpoints",
        ),
        _check("selector", "no pod carries the labels that it selects"),
        Rule(
            pattern=r"no endpoints available for service|(?:service|upstream) .{0,80}has no (?:active |ready )?endpoints",
            weight=2.5,
            meaning="the service has no endpoints",
        ),
    ),
    supports=(Rule(kinds=("setting",), pattern=r"selector: *(?P<selector>\S{1,100})", weight=0.5, meaning="what it selects"),),
    refutes=(
        Rule(
            kinds=("unhealthy_object",),
            pattern=r"crashloopbackoff|imagepullbackoff|\bpending\b",
            meaning="the pods behind it are not ready",
        ),
        Rule(pattern=r"endpoints? (?:were )?(?:added|updated) for service", meaning="endpoints exist"),
        _check("unready_behind", "it selects a workload whose pods are not ready"),
    ),
    checks=(
        CheckTemplate(
            text="Compare the service's selector with the pods' labels",
            command="kubectl get endpoints <service>; kubectl get pods --show-labels",
            why="a differing label confirms it; endpoints refute it",
        ),
    ),
    actions=(fix(text="Correct the selector of {subject}", state_change="the service", verify="the service has endpoints"),),
    effects=("dependency_down",),
)

SERVICE_PORT = Family(
    id="service_port",
    category=Category.CONFIG,
    depth=2,
    title="{subject} forwards to a port on which its pods do not listen[[: {port}]]",
    decisive=(_check("port", "the target port is none of the containers'"),),
    supports=(Rule(kinds=("connection",), weight=1, meaning="the service does not answer"),),
    refutes=(Rule(pattern=r"^[\w.-]{1,200} \([\d.]{7,15}:\d{1,5}\) open$", meaning="the service answers"),),
    checks=(
        CheckTemplate(
            text="Compare the service's target port with the ports of its pods",
            command="kubectl describe service <service>; kubectl get pods -o wide",
            why="a pod that answers on its own port and not through the service confirms it; a listening target port refutes it",
        ),
    ),
    actions=(fix(text="Correct the target port of {subject}", state_change="the service", verify="the service answers"),),
    effects=DOWN,
)

SERVICE_PROTOCOL = Family(
    id="service_protocol",
    category=Category.CONFIG,
    depth=2,
    title="{subject} declares another protocol than its pods speak[[: {value}]][[ on port {port}]]",
    decisive=(_check("protocol", "service and container declare different protocols"),),
    supports=(Rule(kinds=("connection",), weight=1, meaning="the service does not answer"),),
    refutes=(Rule(pattern=r"^[\w.-]{1,200} \([\d.]{7,15}:\d{1,5}\) open$", meaning="the service answers"),),
    checks=(
        CheckTemplate(
            text="Compare the protocol of the service's port with the container's",
            command="kubectl get service <service> -o yaml",
            why="UDP against TCP, or plain against TLS, confirms it; the same protocol refutes it",
        ),
    ),
    actions=(fix(text="Correct the protocol of {subject}", state_change="the service", verify="the service answers"),),
    effects=DOWN,
)

ADDRESS_WRONG = Family(
    id="address_wrong",
    category=Category.CONFIG,
    depth=2,
    title="{subject} is told to call an address that does not exist[[: {setting} = {value}]]",
    decisive=(_check("address", "no service has the name or port of the setting"),),
    supports=(
        odd(PLACE),
        Rule(
            pattern=r"no such host|name or service not known|domain name not found|dns resolution failed|could not resolve|unknownhost|connection refused",
            weight=0.5,
            meaning="the call fails",
        ),
    ),
    refutes=(Rule(pattern=r"service/[\w.-]{1,200} created", meaning="the service was created since"),),
    checks=(
        CheckTemplate(
            text="Compare the setting with the services of the namespace",
            command="kubectl get services; kubectl set env deployment/<name> --list",
            why="a name or port that no service has confirms it; other callers failing, too, refutes it",
        ),
    ),
    actions=(fix(text="Correct the address in {subject}", state_change="the pod's specification", verify="the calls succeed"),),
    effects=("dns_failure", *DOWN, "crash_loop", "unready"),
)

DB_PORT = Family(
    id="db_port",
    category=Category.CONFIG,
    depth=2,
    title="{subject} calls its database on a wrong port[[: {value}]]",
    decisive=(_check("database_port", "the database's service does not offer that port"),),
    supports=(
        odd(PORT),
        Rule(
            pattern=r"communications link failure|connection refused|could not connect to server|connect(?:ion)? timed out",
            weight=0.5,
            meaning="the database is not reached",
        ),
    ),
    refutes=(Rule(pattern=r"(?:database|pool).{0,60}start completed", meaning="the database was reached"),),
    checks=(
        CheckTemplate(
            text="Compare the configured port with the one the database listens on",
            command="kubectl get service <database> -o yaml",
            why="another port confirms it; other clients with the same port refute it",
        ),
    ),
    actions=(
        fix(text="Correct the database port of {subject}", state_change="a setting or secret", verify="{subject} connects"),
    ),
    effects=("dependency_down", "exception", "crash_loop", "unready", "probe_failing", "rollout_stuck"),
)

GATEWAY_ROUTE = Family(
    id="gateway_route",
    category=Category.CONFIG,
    depth=2,
    title="The gateway's route for {subject} leads elsewhere[[: {path} to {value}]]",
    decisive=(_check("route", "the route breaks a naming that the other routes keep"),),
    supports=(
        Rule(
            pattern=r"\b404\b.{0,40}not found|no static resource", weight=0.5, meaning="the wrong service does not know the path"
        ),
    ),
    refutes=(Rule(pattern=r"route table reloaded|routes? .{0,40}corrected", meaning="the route was corrected"),),
    checks=(
        CheckTemplate(
            text="Call the service directly and through the gateway",
            command="kubectl get configmap <gateway config> -o yaml",
            why="only the way through the gateway failing confirms it; direct calls failing refutes it",
        ),
    ),
    actions=(
        fix(
            text="Correct the route for {subject}",
            state_change="the gateway's configuration",
            blast_radius="users",
            verify="requests through the gateway succeed",
        ),
    ),
    effects=DOWN,
)

HEALTH_CHECK_WRONG = Family(
    id="health_check_wrong",
    called="wrong health check of a balancer",
    category=Category.CONFIG,
    depth=2,
    title="A balancer takes {subject} out because its health check is answered with {status}",
    decisive=(
        Rule(
            pattern=r"is down, reason: layer7 wrong status, code: (?P<status>[34]\d\d)|health checks? (?:has |have )?failed with (?:these codes|(?:http )?status(?: code)?|code)s?:? ?\[?(?P<status2>[34]\d\d)|health ?check[^\n]{0,80}(?:returned|got|received|status(?: code)?:?|responded with|answered) (?:http )?(?P<status3>[34]\d\d)\b",
            weight=3,
            meaning="the server answers, and what is asked for is not there, moved or not allowed",
        ),
    ),
    supports=(Rule(pattern=r"has no server available|no healthy (?:upstream|hosts?)", weight=0.7, meaning="no server is left"),),
    refutes=(
        Rule(pattern=r"is up, reason: layer7 check passed|target is healthy", later=True, meaning="the check succeeds again"),
    ),
    checks=(
        CheckTemplate(
            text="Ask the server for what the health check asks, from where the balancer runs",
            command="curl -sS -o /dev/null -w '%{http_code}' http://<server>:<port><path of the check>",
            why="the same status confirms it; 200 points to host header, scheme or port of the check",
        ),
    ),
    actions=(
        relief(
            text="Point the health check at a path that the servers answer with success, or bring that path back",
            state_change="the check of the balancer",
            blast_radius="users",
            verify="the servers are in service again and requests succeed",
        ),
    ),
    effects=("dependency_down", "unready", "exception"),
)
