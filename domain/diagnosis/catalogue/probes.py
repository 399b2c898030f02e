"""Probes that judge a healthy container wrongly."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")

ITSELF = Rule(
    pattern=r"oomkilled|out of memory|no space left|panic: |fatal error|uncaught exception",
    meaning="the application itself fails",
)
KILLED = Rule(
    pattern=r"failed (?P<probe>liveness|startup) probe, will be restarted",
    weight=1,
    meaning="the kubelet restarts the container for it",
)
FAILED = r"(?P<probe>liveness|readiness|startup) probe (?:failed|errored)"
EFFECTS = ("probe_failing", "crash_loop", "unready", "rollout_stuck", "dependency_down", "service_selector")
CORRECT = fix(
    text="Correct the {probe} probe of {subject}",
    state_change="the pod's specification",
    verify="the pod stays ready and is not restarted",
)


def _family(kind: str, title: str, decisive: tuple[Rule, ...], why: str, refutes: tuple[Rule, ...] = ()) -> Family:
    """Return a variant: they differ only in which field of the probe is wrong."""
    return Family(
        id=f"probe_{kind}",
        category=Category.CONFIG,
        depth=2,
        title=title,
        decisive=decisive,
        supports=(KILLED, Rule(pattern=rf"{FAILED}", weight=1, meaning="the probe is not answered")),
        refutes=(ITSELF, *refutes),
        checks=(
            CheckTemplate(
                text="Compare the probe with what the container listens on and how long it needs to start",
                command="kubectl describe pod <pod>",
                why=why,
            ),
        ),
        actions=(CORRECT,),
        effects=EFFECTS,
    )


PROBE_PORT = _family(
    "port",
    "The {probe} probe of {subject} asks a port on which nothing listens[[: {port}]]",
    (
        Rule(
            kinds=("integrity",),
            attributes={"check": "probe_port", "probe": "(?P<probe>.*)", "port": "(?P<port>.*)"},
            weight=3,
            meaning="the probe's port is none of the container's",
        ),
    ),
    "another port than the container's confirms it; an application that fails itself refutes it",
)
PROBE_PROTOCOL = _family(
    "protocol",
    "The {probe} probe of {subject} speaks another protocol than the container[[ on port {port}]]",
    (
        Rule(
            pattern=rf"{FAILED}: .{{0,120}}?(?::(?P<port>\d{{1,5}})\b)?.{{0,200}}(?:malformed http (?:response|version)|server gave http response to https client|first record does not look like a tls handshake|http2: (?:frame|server)|unexpected http status code received from server|error reading server preface|not implement the grpc health protocol)",
            weight=3,
            meaning="the answer is of another protocol",
        ),
        Rule(
            pattern=rf"{FAILED}: get \"?https?://.{{1,200}}?(?::(?P<port>\d{{1,5}})\b).{{0,200}}: eof$",
            weight=2,
            meaning="what listens there closes the connection without an answer",
        ),
        Rule(
            kinds=("integrity",),
            attributes={"check": "probe_protocol", "probe": "(?P<probe>.*)", "port": "(?P<port>.*)"},
            weight=2.5,
            meaning="another probe of the port, or the port's own name, tells of another protocol",
        ),
        Rule(
            kinds=("integrity",),
            attributes={"check": "probe_unlike", "probe": "(?P<probe>.*)", "port": "(?P<port>.*)"},
            weight=1.5,
            meaning="it runs, and it alone is asked in this protocol",
        ),
    ),
    "an answer of another protocol confirms it; silence refutes it",
)
PROBE_TIMING = _family(
    "timing",
    "The {probe} probe of {subject} gives up before the container can answer",
    (
        Rule(
            kinds=("integrity",),
            attributes={"check": "probe_timing", "probe": "(?P<probe>.*)"},
            weight=3,
            meaning="the probe gives up within seconds of the start",
        ),
    ),
    "a start that takes longer than delay and failures allow confirms it; a quick start refutes it",
    (
        Rule(
            kinds=("integrity",), attributes={"check": "probe_(?:port|protocol)"}, meaning="the probe could not work at any time"
        ),
        Rule(pattern=r"malformed http (?:response|version)", meaning="the probe could not work at any time"),
    ),
)

PROBE_FAILING = Family(
    id="probe_failing",
    category=Category.CONFIG,
    depth=1,
    title="The {probe} probe of {subject} fails[[ on port {port}]][[: {fault}]]",
    decisive=(
        Rule(
            pattern=r"(?P<probe>liveness|readiness|startup) probe failed: .{0,60}?(?:https?://|dial tcp )\"?(?:[\w.-]{1,100}|\[[\w:]{1,60}\]):(?P<port>\d{1,5}).{0,200}?(?P<fault>connection refused|malformed http response|eof\b|context deadline exceeded|i/o timeout|server gave http response to https client)?",
            weight=2,
            meaning="the probe is not answered",
        ),
        Rule(
            pattern=r"(?P<probe>liveness|readiness|startup) probe (?:failed|errored):? ?(?P<fault>.{0,80})",
            weight=2,
            meaning="the probe is not answered",
        ),
        Rule(
            pattern=r"failed (?P<probe>liveness|readiness|startup) probe, will be restarted",
            weight=2,
            meaning="the kubelet restarts the container for it",
        ),
    ),
    supports=(
        Rule(kinds=("setting", "probe"), pattern=r"delay=|liveness|readiness|startup", weight=0.5, meaning="how it is probed"),
    ),
    refutes=(ITSELF,),
    checks=(
        CheckTemplate(
            text="Compare the probe's port, scheme and delay with what the container listens on",
            command="kubectl describe pod <pod>",
            why="another port, protocol or a start slower than the delay confirms it; an application that fails itself refutes it",
        ),
    ),
    actions=(fix(text="Correct the probe of {subject}", state_change="the pod's specification", verify="the pod stays ready"),),
    effects=("crash_loop", "unready", "rollout_stuck", "dependency_down", "job_failed"),
)
