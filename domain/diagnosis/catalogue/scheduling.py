"""Pods that are never created or find no node."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.catalogue.siblings import odd
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")


def _placement(rule: str, meaning: str) -> Rule:
    """Return the condition that this rule takes away the last node."""
    return Rule(kinds=("integrity",), attributes={"check": f"placement_{rule}"}, weight=3, meaning=meaning)


def _other(rule: str) -> Rule:
    """Return the condition that another rule takes away the last node."""
    return Rule(
        kinds=("integrity",),
        attributes={"check": f"placement_(?!{rule}).*"},
        meaning="another rule takes away the last node",
    )


UNPLACED = Rule(pattern=r"\bfailedscheduling\b", kinds=("event",), weight=0.5, meaning="the scheduler found no node")
PENDING = Rule(
    kinds=("unhealthy_object", "condition"),
    pattern=r"\bpending\b|unschedulable|podscheduled",
    weight=0.5,
    meaning="it is pending",
)
PLACED = Rule(pattern=r"successfully assigned \S+ to \S+", meaning="the pod was placed on a node")

QUOTA_EXCEEDED = Family(
    id="quota_exceeded",
    category=Category.CONFIG,
    depth=2,
    title="A resource quota leaves {subject} no room[[ of {resource}]][[: quota {quota}]][[, requested {requested}]]",
    decisive=(
        Rule(
            pattern=r"exceeded quota:? (?P<quota>[\w.-]{1,100})(?:, requested: (?P<requested>(?:[\w.-]{1,100}/)?(?:(?:requests|limits)\.)?(?P<resource>[\w-]{1,60})[\w.:=/-]{0,100}))?",
            weight=3,
            meaning="creation was refused by a quota",
        ),
        Rule(
            kinds=("integrity",),
            attributes={"check": "quota", "resource": "(?P<resource>.*)", "quota": "(?P<quota>.*)"},
            weight=2.5,
            meaning="the quota leaves no room for what is missing",
        ),
        Rule(pattern=r"forbidden: exceeded quota", weight=3, meaning="creation was refused by a quota"),
    ),
    supports=(
        Rule(kinds=("quota",), weight=1, meaning="the quota's use"),
        Rule(pattern=r"failedcreate|replicafailure", weight=1, meaning="pods could not be created"),
    ),
    refutes=(
        Rule(pattern=r"quota [\w.-]{1,100} (?:was )?(?:raised|removed)|successfully created pod", meaning="creation works again"),
    ),
    checks=(
        CheckTemplate(
            text="Compare the quota's use with its limits",
            command="kubectl describe resourcequota -A",
            why="used + requested above hard confirms it; room left refutes it",
        ),
    ),
    actions=(
        fix(
            text="Raise the quota, or lower the requests of {subject}",
            state_change="the namespace's quota object or the pod's requests",
            blast_radius="namespace",
            verify="new pods are created and the FailedCreate events stop",
        ),
    ),
    effects=("claim_pending", "zero_replicas", "rollout_stuck", "dependency_down", "unready", "dns_failure"),
)

ACCOUNT_MISSING = Family(
    id="account_missing",
    category=Category.CONFIG,
    depth=2,
    title="The service account[[ {account}]] that {subject} names does not exist",
    decisive=(
        Rule(
            pattern=r"service ?account \"?(?:[\w.-]{1,100}[/:])?(?P<account>[\w.-]{1,100})\"? (?:was )?not found",
            weight=3,
            meaning="the named account does not exist",
        ),
        Rule(
            kinds=("integrity",),
            attributes={"check": "account", "account": "(?P<account>.*)"},
            weight=2.5,
            meaning="the named account is not in the list",
        ),
    ),
    supports=(Rule(pattern=r"failedcreate|error creating: pods", weight=1, meaning="pods could not be created"),),
    refutes=(Rule(pattern=r"serviceaccount/[\w.-]{1,100} created|successfully created pod", meaning="the account exists"),),
    checks=(
        CheckTemplate(
            text="List the accounts of the namespace",
            command="kubectl get serviceaccounts -n <namespace>",
            why="absent confirms it; present refutes it",
        ),
    ),
    actions=(
        fix(
            text="Create the account or correct its name in {subject}",
            state_change="a service account or the pod's specification",
            verify="pods of {subject} are created",
        ),
    ),
    effects=("zero_replicas", "rollout_stuck", "dependency_down", "unready"),
)

ADMISSION_DENIED = Family(
    id="admission_denied",
    called="refused by admission",
    category=Category.CONFIG,
    depth=2,
    title="The cluster refuses to create pods of {subject}[[: {rule}]]",
    decisive=(
        Rule(
            pattern=r"admission webhook \\?\"(?P<rule>[^\"\\]{1,120})\\?\" denied the request",
            weight=3,
            meaning="an admission webhook denies it",
        ),
        Rule(
            pattern=r"is forbidden: (?P<rule>(?:maximum|minimum) [\w-]{1,40} usage per [\w-]{1,40} is .{1,80}|violates podsecurity .{1,120}|unable to validate against any (?:pod )?security .{1,80})",
            weight=3,
            meaning="it is outside what the namespace allows",
        ),
        Rule(
            pattern=r"failed calling webhook \\?\"(?P<rule>[^\"\\]{1,120})",
            weight=3,
            meaning="the webhook that must allow it does not answer",
        ),
    ),
    supports=(Rule(pattern=r"failedcreate|replicafailure", weight=1, meaning="pods could not be created"),),
    refutes=(Rule(pattern=r"successfully created pod", meaning="pods are created again"),),
    checks=(
        CheckTemplate(
            text="Read the rule that refuses, and compare it with the template of {subject}",
            command="kubectl get validatingwebhookconfigurations,limitranges -A; kubectl describe replicaset <name>",
            why="a field outside the rule confirms it; created pods refute it",
        ),
    ),
    actions=(
        fix(
            text="Bring {subject} within the rule, or correct the rule",
            state_change="the pod's specification or an admission rule",
            verify="new pods are created and the FailedCreate events stop",
        ),
    ),
    effects=("zero_replicas", "rollout_stuck", "dependency_down", "unready", "dns_failure"),
)

NODE_CORDONED = Family(
    id="node_cordoned",
    category=Category.HUMAN,
    depth=2,
    title="{subject} finds no node because nodes are cordoned[[ ({cordoned})]]",
    decisive=(
        Rule(
            pattern=r"(?P<cordoned>\d+ node\(s\) were unschedulable)", weight=2.5, meaning="the scheduler skipped cordoned nodes"
        ),
        _placement("cordon", "the nodes that fit are closed"),
    ),
    supports=(
        UNPLACED,
        PENDING,
        Rule(pattern=r"schedulingdisabled|nodenotschedulable|\bcordoned\b", weight=1.5, meaning="a node is cordoned"),
    ),
    refutes=(PLACED, _other("cordon"), Rule(pattern=r"nodeschedulable|\buncordoned\b", meaning="the node takes pods again")),
    checks=(
        CheckTemplate(
            text="See which nodes are cordoned, since when and by whom",
            command="kubectl get nodes",
            why="SchedulingDisabled on the only fitting node confirms it",
        ),
    ),
    actions=(
        relief(
            text="Uncordon the node if its maintenance is over",
            command="kubectl uncordon <node>",
            state_change="the node takes new pods",
            blast_radius="node",
            verify="{subject} is scheduled",
        ),
    ),
    effects=("unready", "rollout_stuck", "dependency_down"),
)

SELECTOR_UNMATCHED = Family(
    id="selector_unmatched",
    category=Category.CONFIG,
    depth=2,
    title="No node carries the label that {subject} asks for[[ (node selector {selector})]]",
    decisive=(
        Rule(
            pattern=r"didn'?t match (?:pod'?s )?node (?:affinity/selector|selector|affinity)",
            weight=3,
            meaning="no node fits the pod's selector or affinity",
        ),
        Rule(pattern=r"node\(s\) didn'?t satisfy (?:pod'?s )?node selector", weight=3, meaning="no node fits the pod's selector"),
        _placement("selector", "no node carries the labels"),
    ),
    supports=(
        odd("node_selector"),
        UNPLACED,
        PENDING,
        Rule(
            kinds=("setting", "reference"),
            pattern=r"node-?selectors?:? *(?P<selector>[\w./-]{1,100}=[\w.-]{0,63})",
            weight=2,
            meaning="the label it asks for",
        ),
        Rule(
            kinds=("setting", "reference"),
            attributes={"field": r"(?i).*node-?_?selectors?", "value": r"(?!<none>).*=.*"},
            weight=2,
            meaning="the label it asks for",
        ),
    ),
    refutes=(PLACED, _other("selector"), Rule(pattern=r"node/\S+ labeled", meaning="the label was put on a node")),
    checks=(
        CheckTemplate(
            text="Search the nodes for the label",
            command="kubectl get nodes --show-labels",
            why="absent on all nodes confirms it; a labelled node refutes it",
        ),
    ),
    actions=(
        fix(
            text="Correct the node selector of {subject}, or label the node that it should run on",
            state_change="the pod's specification or a node's labels",
            verify="{subject} is scheduled",
        ),
    ),
    effects=("unready", "rollout_stuck", "dependency_down"),
)

AFFINITY_UNMATCHED = Family(
    id="affinity_unmatched",
    category=Category.CONFIG,
    depth=2,
    title="No node fits the required node affinity of {subject}[[: {value}]]",
    decisive=(
        _placement("affinity", "no node fits the required term"),
        Rule(
            pattern=r"didn'?t match (?:pod'?s )?node affinity(?!/selector)", weight=2.5, meaning="no node fits the pod's affinity"
        ),
    ),
    supports=(
        odd("node_affinity"),
        UNPLACED,
        PENDING,
        Rule(pattern=r"didn'?t match (?:pod'?s )?node affinity/selector", weight=1, meaning="the scheduler says so"),
    ),
    refutes=(PLACED, _other("affinity"), Rule(pattern=r"node/\S+ labeled", meaning="the label was put on a node")),
    checks=(
        CheckTemplate(
            text="Compare the required terms with the labels of the nodes",
            command="kubectl get pod <pod> -o jsonpath='{.spec.affinity}'; kubectl get nodes --show-labels",
            why="no node with such labels confirms it; a fitting node refutes it",
        ),
    ),
    actions=(
        fix(
            text="Correct the node affinity of {subject}, or make the term preferred",
            state_change="the pod's specification",
            verify="{subject} is scheduled",
        ),
    ),
    effects=("unready", "rollout_stuck", "dependency_down"),
)

ANTI_AFFINITY = Family(
    id="anti_affinity",
    category=Category.CONFIG,
    depth=2,
    title="Anti-affinity leaves no node for {subject}[[ ({share})]]",
    decisive=(
        _placement("anti", "each node that fits holds a pod that the rule keeps away"),
        Rule(
            pattern=r"(?P<share>\d+ node\(s\) didn'?t (?:match|satisfy)(?: existing)? pods? (?:existing pods )?anti-?affinity)",
            weight=3,
            meaning="every node already holds a pod that the rule keeps away",
        ),
    ),
    supports=(odd("pod_anti_affinity"), UNPLACED, PENDING),
    refutes=(PLACED, _other("anti")),
    checks=(
        CheckTemplate(
            text="See which nodes hold the matched pods",
            command="kubectl get pods -o wide -l <selector>",
            why="one on each node confirms it; a free node refutes it",
        ),
    ),
    actions=(
        fix(
            text="Make the rule preferred instead of required, or add a node",
            state_change="the pod's specification or the number of nodes",
            verify="{subject} is scheduled",
        ),
    ),
    effects=("unready", "rollout_stuck", "dependency_down"),
)

TAINT_NOT_TOLERATED = Family(
    id="taint_not_tolerated",
    category=Category.CONFIG,
    depth=2,
    title="{subject} does not tolerate a taint of the nodes[[: {taint}]]",
    decisive=(
        Rule(
            pattern=r"(?:had|with) (?:untolerated taint\(?s?\)? *\{?|taint \{?)(?P<taint>(?!node\.kubernetes\.io/|node-role\.kubernetes\.io/[\w-]{1,40}: ?\}, \d)[\w./-]{1,100}:? ?[\w.-]{0,63})\}?(?:, that the pod didn'?t tolerate)?",
            weight=2.5,
            meaning="an untolerated taint keeps the pod away",
        ),
        _placement("taint", "the nodes that fit have taints that it does not tolerate"),
    ),
    supports=(odd("tolerations"), UNPLACED, PENDING),
    refutes=(PLACED, _other("taint"), Rule(pattern=r"node/\S+ untainted", meaning="the taint was removed")),
    checks=(
        CheckTemplate(
            text="Compare the taints of the nodes with the tolerations of {subject}",
            command="kubectl describe nodes | grep -A2 Taints",
            why="a taint without toleration on every fitting node confirms it",
        ),
    ),
    actions=(
        fix(
            text="Add the toleration to {subject}, or remove the taint if it is left over",
            state_change="the pod's specification or a node's taints",
            blast_radius="node",
            verify="{subject} is scheduled",
        ),
    ),
    effects=("unready", "rollout_stuck", "dependency_down"),
)


def _capacity(kind: str, pattern: str, word: str) -> Family:
    """Return the variant of one resource: they differ only in the resource that the scheduler names."""
    return Family(
        id=f"capacity_{kind}",
        called=f"insufficient {word}",
        category=Category.ENVIRONMENT,
        depth=2,
        title=f"No node has enough {word} for {{subject}}[[: {{short}}]]",
        decisive=(
            Rule(
                pattern=rf"(?P<short>insufficient {pattern})(?!.{{0,160}}node\.kubernetes\.io/(?:unreachable|not-ready))",
                weight=3,
                meaning=f"the scheduler found too little {word}",
            ),
            Rule(
                kinds=("integrity",),
                attributes={"check": f"capacity_{kind}"},
                weight=2.5,
                meaning=f"no node has that much {word} left",
            ),
        ),
        supports=(UNPLACED, PENDING, Rule(kinds=("setting", "capacity"), pattern=pattern, weight=1, meaning="what it asks for")),
        refutes=(PLACED, _other("capacity")),
        checks=(
            CheckTemplate(
                text=f"Compare the request with what the nodes have left of {word}",
                command="kubectl describe nodes | grep -A8 'Allocated resources'",
                why="a request above every node's rest confirms it; a node with room refutes it",
            ),
        ),
        actions=(
            fix(
                text=f"Lower the {word} request of {{subject}}, or add a node that offers it",
                state_change="the pod's specification or the cluster's size",
                verify="{subject} is scheduled",
            ),
        ),
        effects=("unready", "rollout_stuck", "dependency_down"),
    )


CAPACITY_CPU = _capacity("cpu", r"cpu\b", "CPU")
CAPACITY_MEMORY = _capacity("memory", r"memory\b", "memory")
CAPACITY_DEVICE = _capacity("device", r"[\w.-]{1,60}/[\w-]{1,60}", "devices")
