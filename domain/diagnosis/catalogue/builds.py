"""Builds that fail."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
PASSED = Rule(pattern=r"build success(?:ful)?\b|compiled successfully", later=True, meaning="the build passes after it")
COMPARE = CheckTemplate(
    text="Compare with the last good build",
    command="git log --oneline <last good>..<failed>",
    why="absent there confirms it; also there refutes it",
)

BUILD_COMPILE = Family(
    id="build_compile",
    category=Category.CODE,
    depth=2,
    title="The source does not compile[[: {place}]]",
    decisive=(
        Rule(
            pattern=r"(?<![\w./-])(?P<place>[\w./-]{1,400}\.(?:c|cc|cpp|h|hpp|java|kt|scala|go|rs|ts|tsx|cs|swift)[:(]\d+[^ \]]{0,12}):? .{0,20}error\b|\bcompilation (?:failed|failure|error)\b|class file has wrong version|cannot find symbol|undefined reference to|error\[e\d{4}\]|error ts\d{4}|undeclared \(first use",
            weight=3,
            meaning="the compiler refuses the source",
        ),
    ),
    refutes=(PASSED,),
    checks=(COMPARE,),
    actions=(fix(text="Correct or revert the change at the named place", state_change="the source", verify="the build passes"),),
    effects=("build_tool",),
)

BUILD_DEPENDENCY = Family(
    id="build_dependency",
    called="missing module or package",
    category=Category.CODE,
    depth=2,
    title="A module or package that {subject} needs cannot be found[[: {name}]]",
    decisive=(
        Rule(
            pattern=r"could not (?:find|resolve) (?:artifact|dependenc\w+ (?:for(?: project)?)?|all (?:files|artifacts) for|module|package|crate|gem) ?(?P<name>[\w.:@/-]{2,160})|no matching (?:version|distribution) found for (?P<name2>\S{1,120})|npm err(?:!|or) (?:404|code e(?:404|resolve))|cannot find module '(?P<name3>[@\w][^'/]{0,20}[^']{0,100})'|no module named '?(?P<name4>[\w.]{1,100})|could not load file or assembly '(?P<name5>[^',]{1,120})|unable to resolve dependency tree|package \S{1,100} is not in (?:goroot|std)",
            weight=2.5,
            meaning="a dependency is not there",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"downloaded from .{0,120} after retry|could not resolve host",
            meaning="it was found, or the network failed",
        ),
        PASSED,
    ),
    checks=(COMPARE,),
    actions=(fix(text="Pin or restore the dependency", state_change="the lock file or the registry", verify="the build passes"),),
    effects=("build_tool", "crash_loop"),
)

BUILD_LOCK = Family(
    id="build_lock",
    called="lock file that does not fit",
    category=Category.CODE,
    depth=2,
    title="The lock file does not fit what the project asks for[[: {name}]]",
    decisive=(
        Rule(
            pattern=r"missing: (?P<name>\S{1,160}) from lock file|lock ?file[^\n]{0,80} (?:is not up[- ]to[- ]date|is out of (?:date|sync)|needs to be updated|would have been modified)|are in sync\. please update your lock file|err_pnpm_outdated_lockfile|cannot install with .?frozen-lockfile|but --(?:locked|frozen) was passed|gemfile\.lock[^\n]{0,80}(?:frozen|deployment mode)|go: updates to go\.(?:mod|sum) needed",
            weight=3,
            meaning="the installer refuses to change the lock file",
        ),
    ),
    refutes=(PASSED,),
    checks=(COMPARE,),
    actions=(
        fix(
            text="Resolve the dependencies anew where they were changed, and commit the lock file with them",
            state_change="the lock file",
            verify="the build passes",
        ),
    ),
    effects=("build_tool",),
)

BUILD_TEST = Family(
    id="build_test",
    category=Category.CODE,
    depth=2,
    title="Tests fail[[: {name}]]",
    decisive=(
        Rule(
            pattern=r"(?:^|\s)(?:failed|fail:?|✕|✗) (?P<name>[\w./:\[\]-]{3,160}(?:::|test|spec)[\w./:\[\]-]{0,120})|tests run: \d+, failures: [1-9]\d*|--- fail: (?P<name2>\w{1,120})|\b[1-9]\d* (?:tests? )?failed\b(?=.{0,60}(?:passed|total|test))|there (?:were|are) (?:test failures|failing tests)",
            weight=2.5,
            meaning="tests fail",
        ),
    ),
    refutes=(
        Rule(pattern=r"passed on (?:re-?run|retry)|all tests passed", meaning="they passed when run again"),
        PASSED,
    ),
    checks=(COMPARE,),
    actions=(
        fix(text="Correct the code or the test that the message names", state_change="the source", verify="the test passes"),
    ),
    effects=("build_tool",),
)

BUILD_TIMEOUT = Family(
    id="build_timeout",
    category=Category.CODE,
    depth=2,
    title="The build ran out of time[[ ({limit})]]",
    decisive=(
        Rule(
            pattern=r"(?:job|build|step|workflow|action).{0,60}(?:exceeded the maximum (?:execution )?time(?: limit)?|has timed out|timed out after (?P<limit>\d+ ?\w+)|maximum execution time of (?P<limit2>[\w ]{1,20}))",
            weight=3,
            meaning="the build was stopped for its time",
        ),
    ),
    refutes=(Rule(pattern=r"finished in \S{1,12} after (?:re-?run|retry)", meaning="it finished"), PASSED),
    checks=(COMPARE,),
    actions=(
        fix(
            text="Find the step that grew and bound it, or raise the limit",
            state_change="the build's definition",
            verify="the build ends in time",
        ),
    ),
    effects=("build_tool",),
)

BUILD_TOOL = Family(
    id="build_tool",
    category=Category.CODE,
    depth=1,
    title="A step of the build fails[[: {step}]]",
    decisive=(
        Rule(
            pattern=r"execution failed for task '(?P<step>[^'\n]{1,160})'|build step '(?P<step2>[^'\n]{1,160})' marked build as failure|failed to execute goal (?P<step3>[\w.:-]{3,200})|make(?:\[\d+\])?: \*\*\* \[(?P<step4>[^\]\n]{1,160})\] error \d+|npm err(?:!|or) code elifecycle|##\[error\]process completed with exit code",
            weight=1.5,
            meaning="a step ended with an error",
        ),
    ),
    refutes=(PASSED,),
    checks=(COMPARE,),
    actions=(
        fix(
            text="Correct the step's configuration or pin its tool to the last good version",
            state_change="the build's definition",
            verify="the step passes",
        ),
    ),
)
