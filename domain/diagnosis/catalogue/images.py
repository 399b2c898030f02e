"""Images that cannot be pulled."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")

PULLED = Rule(pattern=r"successfully pulled image", meaning="the image was pulled")
BACK_OFF = Rule(pattern=r"imagepullbackoff|errimagepull|back-off pulling image", weight=0.5, meaning="the pull is retried")

IMAGE_WRONG = Family(
    id="image_wrong",
    called="wrong image or tag",
    category=Category.CONFIG,
    depth=2,
    title="The image[[ {image}]] of {subject} does not exist",
    decisive=(
        Rule(
            pattern=r"(?:failed to pull (?:and unpack )?image \"?(?P<image>[\w./:@-]{1,200})\"?.{0,400})?(?:manifest unknown|manifest for \S{1,200} not found|: not found\b(?=.{0,20}$)|repository does not exist)",
            kinds=("event", "unhealthy_object", "image", "severe_template", "line", "first_seen", "burst"),
            weight=2.5,
            meaning="the registry does not know the image",
        ),
        Rule(
            pattern=r"failed to pull (?:and unpack )?image \"?(?P<image>[\w./:@-]{1,200})\"?.{0,400}not found",
            weight=3,
            meaning="the registry does not know the image",
        ),
        Rule(pattern=r"invalidimagename|invalid reference format", weight=3, meaning="the name is not an image name"),
    ),
    supports=(
        BACK_OFF,
        Rule(
            kinds=("integrity",),
            attributes={"check": "image", "value": "(?P<image>.*)"},
            weight=1,
            meaning="it is not pulled, and it differs from its siblings or from the revision before",
        ),
    ),
    refutes=(
        PULLED,
        Rule(pattern=r"no such host|unauthorized|pull access denied", meaning="the registry was not reached or refused"),
    ),
    checks=(
        CheckTemplate(
            text="Compare the image with the previous revision and with its siblings",
            command="kubectl rollout history deployment/<name>",
            why="another tag that pulls confirms it",
        ),
    ),
    actions=(
        fix(
            text="Correct the image of {subject}",
            state_change="the pod's specification",
            verify="the image is pulled and the pod starts",
        ),
    ),
    effects=("image_pull", "unready", "rollout_stuck", "dependency_down"),
)

REGISTRY_UNRESOLVED = Family(
    id="registry_unresolved",
    category=Category.NETWORK,
    depth=2,
    title="The registry[[ {host}]] of {subject}'s image has no address",
    decisive=(
        Rule(
            pattern=r"(?:pull|image).{0,400}lookup (?P<host>[\w.-]{1,200})\b.{0,120}?(?:no such host|i/o timeout|server misbehaving|temporary failure in name resolution|connection refused)",
            weight=3,
            meaning="the registry's name does not resolve",
        ),
    ),
    supports=(BACK_OFF,),
    refutes=(PULLED,),
    checks=(
        CheckTemplate(
            text="Resolve the registry's name on the node",
            command="nslookup <registry host>",
            why="no address confirms it; other images pulled from it refute it",
        ),
    ),
    actions=(
        fix(
            text="Correct the registry's name or the node's resolver",
            state_change="the pod's specification or DNS",
            verify="the image is pulled",
        ),
    ),
    effects=("image_pull", "unready", "rollout_stuck", "dependency_down", "dns_failure"),
)

PULL_DENIED = Family(
    id="pull_denied",
    category=Category.SECURITY,
    depth=2,
    title="The registry refuses the image[[ {image}]] to {subject}",
    decisive=(
        Rule(
            pattern=r"(?:pull|image) .{0,20}\"?(?P<image>[\w./:@-]{0,200})\"?.{0,400}(?:unauthorized|authentication required|pull access denied|403 forbidden|authorization failed|denied: )",
            weight=3,
            meaning="the registry refuses",
        ),
    ),
    supports=(
        BACK_OFF,
        Rule(
            pattern=r"imagepullsecrets?.{0,100}(?:not found|failed)|failedtoretrieveimagepullsecret",
            weight=1.5,
            meaning="the pull secret is missing",
        ),
    ),
    refutes=(PULLED,),
    checks=(
        CheckTemplate(
            text="See which pull secret the pod uses",
            command="kubectl get pod <pod> -o jsonpath='{.spec.imagePullSecrets}'",
            why="none, or one for another host, confirms it",
        ),
    ),
    actions=(
        fix(
            text="Add a valid pull secret to {subject}",
            state_change="a secret and the pod's specification",
            verify="the image is pulled",
        ),
    ),
    effects=("image_pull", "unready", "rollout_stuck", "dependency_down"),
)

IMAGE_PULL = Family(
    id="image_pull",
    category=Category.CONFIG,
    depth=1,
    title="The image of {subject} cannot be pulled",
    decisive=(
        Rule(
            kinds=("unhealthy_object",),
            attributes={"reason": "(?:Init:)?(?:ImagePullBackOff|ErrImagePull)"},
            weight=1.5,
            meaning="the state names the pull, not why it fails",
        ),
    ),
    refutes=(PULLED,),
    checks=(
        CheckTemplate(
            text="Read the events of the pod: they say whether the name, the login or the way to the registry is wrong",
            command="kubectl describe pod <pod>",
            why="not found, unauthorized and no such host are three different causes",
        ),
    ),
    actions=(
        fix(
            text="Correct the image, its pull secret or the way to the registry, whichever the events name",
            state_change="the pod's specification or a secret",
            verify="the image is pulled and the pod starts",
        ),
    ),
    effects=("unready", "rollout_stuck", "dependency_down"),
)
