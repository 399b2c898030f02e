"""Claims that find no volume."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")

EFFECTS = ("claim_unmatched", "claim_pending", "unready", "rollout_stuck", "dependency_down")
WAITS = Rule(
    pattern=r"unbound immediate persistentvolumeclaims|no persistent volumes available for this claim",
    weight=1,
    meaning="it waits for a volume",
)
BOUND = Rule(pattern=r"provisioningsucceeded|successfully provisioned volume|status: *bound", meaning="the claim is bound")


def _check(field: str) -> Rule:
    return Rule(
        kinds=("integrity",), attributes={"check": f"claim_{field}"}, weight=3, meaning="no volume offers what the claim asks for"
    )


def _misfit(field: str, title: str, decisive: tuple[Rule, ...], command: str) -> Family:
    """Return the variant of one field: they differ only in what no volume offers."""
    return Family(
        id=f"claim_{field}",
        category=Category.CONFIG,
        depth=2,
        title=title,
        decisive=decisive,
        supports=(WAITS,),
        refutes=(BOUND,),
        checks=(
            CheckTemplate(
                text=f"Compare the {field} of the claim with the volumes",
                command=command,
                why="a volume that fits in everything else confirms it; a bound claim refutes it",
            ),
        ),
        actions=(
            fix(
                text="Correct the claim (it must be made again), or provide a fitting volume",
                state_change="the claim is replaced, or a volume is added",
                reversible="partly",
                blast_radius="data",
                verify="the claim is Bound and the pod starts",
            ),
        ),
        effects=EFFECTS,
    )


CLAIM_SIZE = _misfit(
    "size",
    "{subject} waits for a volume: its claim asks for more than there is[[: {value}]]",
    (
        _check("size"),
        Rule(
            pattern=r"(?:storage size|requested (?:pv|volume) size|requested storage) .{0,80}(?:less|smaller|larger|greater) than",
            weight=3,
            meaning="the sizes do not fit",
        ),
    ),
    "kubectl get pv,pvc",
)
CLAIM_MODE = _misfit(
    "mode",
    "{subject} waits for a volume: the access mode of its claim is not offered[[: {value}]]",
    (
        _check("mode"),
        Rule(
            pattern=r"(?:requested |access )?access ?modes? .{0,80}(?:is not supported|not supported|does not match|incompatible)",
            weight=3,
            meaning="the mode is not offered",
        ),
    ),
    "kubectl get pv,pvc",
)
CLAIM_SELECTOR = _misfit(
    "selector",
    "{subject} waits for a volume: the label selector of its claim matches none[[: {value}]]",
    (
        _check("selector"),
        Rule(
            pattern=r"claim\.spec\.selector .{0,60}(?:not supported|matches no)|no volume .{0,40}matches (?:the )?(?:label )?selector",
            weight=3,
            meaning="no volume carries the labels",
        ),
    ),
    "kubectl get pvc <claim> -o jsonpath='{.spec.selector}'; kubectl get pv --show-labels",
)

VOLUME_TAKEN = Family(
    id="volume_taken",
    category=Category.CONFIG,
    depth=2,
    title="{subject} waits for a volume that is taken[[: {volume} {value}]]",
    decisive=(
        Rule(
            kinds=("integrity",),
            attributes={"check": "volume_taken", "volume": "(?P<volume>.*)"},
            weight=3,
            meaning="the volume is bound to another claim",
        ),
        Rule(
            pattern=r"volume \"?(?P<volume>[\w.-]{1,100})\"? (?:is )?already bound to a different claim",
            weight=3,
            meaning="the volume is bound to another claim",
        ),
    ),
    supports=(WAITS,),
    refutes=(BOUND,),
    checks=(
        CheckTemplate(
            text="See who holds the volume",
            command="kubectl get pv <volume> -o jsonpath='{.spec.claimRef}'",
            why="another claim confirms it; an available volume refutes it",
        ),
    ),
    actions=(
        fix(
            text="Use another volume, or release this one once its data is not needed",
            state_change="a volume's binding",
            reversible="no",
            blast_radius="data",
            verify="the claim is Bound",
        ),
    ),
    effects=EFFECTS,
)

CLAIM_CLASS = Family(
    id="claim_class",
    category=Category.CONFIG,
    depth=2,
    title="{subject} cannot bind: the storage class[[ {class_name}]] does not exist",
    decisive=(
        _check("class"),
        Rule(
            pattern=r"storageclass[\w.]* \"?(?P<class_name>[\w.-]{1,100})\"? (?:was )?not found",
            weight=3,
            meaning="the storage class does not exist",
        ),
    ),
    supports=(
        Rule(pattern=r"provisioningfailed", weight=0.5, meaning="no volume was made"),
        Rule(
            pattern=r"unbound immediate persistentvolumeclaims|waiting for .{0,40}volume .{0,40}to be created",
            weight=1,
            meaning="a pod waits for the claim",
        ),
        Rule(kinds=("unhealthy_object",), pattern=r"\bpending\b", weight=0.5, meaning="it is pending"),
    ),
    refutes=(Rule(pattern=r"provisioningsucceeded|successfully provisioned volume", meaning="a volume was made"),),
    checks=(
        CheckTemplate(
            text="List the storage classes", command="kubectl get storageclass", why="absent confirms it; present refutes it"
        ),
    ),
    actions=(
        fix(
            text="Create the claim again with an existing class, or create the class",
            state_change="the claim is replaced, or a class is added",
            reversible="partly",
            blast_radius="data",
            verify="the claim is Bound and the pod starts",
        ),
    ),
    effects=EFFECTS,
)

CLAIM_UNMATCHED = Family(
    id="claim_unmatched",
    category=Category.CONFIG,
    depth=2,
    title="{subject} finds no volume with the size, access mode or labels that it asks for",
    decisive=(
        Rule(pattern=r"no persistent volumes available for this claim", weight=3, meaning="no volume fits the claim"),
        Rule(
            pattern=r"(?:requested|access) mode \S{1,40} is not supported|storage size .{0,60}(?:less|smaller) than requested",
            weight=3,
            meaning="the volume does not offer what the claim asks for",
        ),
    ),
    supports=(
        Rule(
            kinds=("setting", "unhealthy_object"),
            pattern=r"pending|access modes|storage",
            weight=0.5,
            meaning="what the claim asks for",
        ),
    ),
    refutes=(
        Rule(pattern=r"provisioningsucceeded|successfully provisioned volume|status: *bound", meaning="the claim is bound"),
    ),
    checks=(
        CheckTemplate(
            text="Compare the claim with the volumes",
            command="kubectl get pv -o wide",
            why="no volume with its size, mode, class and labels confirms it",
        ),
    ),
    actions=(
        fix(
            text="Correct the claim, or provide a fitting volume",
            state_change="the claim is replaced, or a volume is added",
            reversible="partly",
            blast_radius="data",
            verify="the claim is Bound",
        ),
    ),
    effects=("claim_pending", "unready", "rollout_stuck", "capacity_device"),
)

CLAIM_PENDING = Family(
    id="claim_pending",
    category=Category.CONFIG,
    depth=1,
    title="{subject} waits for a volume claim that is not bound",
    decisive=(
        Rule(pattern=r"unbound immediate persistentvolumeclaims", weight=2, meaning="the pod waits for its claim"),
        Rule(
            pattern=r"persistentvolumeclaim \"?(?P<claim>[\w.-]{1,100})\"? not found",
            weight=3,
            meaning="the claim does not exist",
        ),
    ),
    supports=(Rule(kinds=("unhealthy_object",), pattern=r"\bpending\b", weight=0.5, meaning="it is pending"),),
    refutes=(Rule(pattern=r"successfully assigned \S+ to \S+", meaning="the pod was placed"),),
    checks=(
        CheckTemplate(
            text="Describe the claim",
            command="kubectl describe pvc <claim>",
            why="its events say which class, size or mode does not fit",
        ),
    ),
    actions=(
        fix(
            text="Correct the claim once its events name the wrong field",
            state_change="the claim is replaced",
            reversible="partly",
            blast_radius="data",
            verify="the claim is Bound",
        ),
    ),
    effects=("unready", "rollout_stuck"),
)
