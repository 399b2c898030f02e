"""What one line of a build log is for: it states an error, goes on, gives a verdict, advises, or marks a phase (evidence.md 12).

The words are those that compilers, test runners, package managers and build services print in general; sources are their own manuals and
outputs. A verdict says that something failed and not why, so it never begins a block.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

from domain.evidence.decoding.decode import plain
from domain.evidence.logs.messages import continues, thrown
from domain.evidence.severity import level_of, word_severity

FAR = 600
"""Characters of a line that tell its role."""
HEAD = 120
"""Characters within which an advice stands."""
MOST_PREFIXED = 0.9
"""Share of lines that carry a time before it counts as the build service's own."""


class Role(Enum):
    """What a line is for."""

    BLANK = "blank"
    RULER = "ruler"
    PHASE = "phase"
    VERDICT = "verdict"
    ADVICE = "advice"
    NOISE = "noise"
    CALM = "calm"
    PLAIN = "plain"
    MORE = "more"
    WEAK = "weak"
    ERROR = "error"


_TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_PREFIX = re.compile(
    rf"^\ufeff?(?:[^\t]{{1,80}}\t[^\t]{{1,80}}\t\ufeff?)?(?:\[?{_TIME}\]?[ \t]?|\[?\d\d:\d\d:\d\d(?:[.,]\d{{1,9}})?\]?[ \t])"
)
_LAYER = re.compile(r"^#\d{1,3} (?:\d{1,5}\.\d{1,3} )?")
"""Number and seconds that image builds put before each line."""
_DATED = re.compile(rf"^\W{{0,2}}(?:{_TIME}|\d\d:\d\d:\d\d)")
_RULER = re.compile(r"^(?:\[\w{1,8}\] )?\W{0,3}([-=_*#~+.─━═])\1{4,300}\W{0,3}$")
_PHASE = re.compile(
    r"""
      ^\#\#\[(?:end)?(?:group|section)\] | ^\[Pipeline\] | ^section_(?:start|end): | ^travis_(?:fold|time):
    | ^>\ Task\ : | ^:[\w:-]{3,80}(?:\ UP-TO-DATE)?$ | ^\[\w{1,8}\]\ -{2,3}\ \S.{0,200}\ -{2,3}$
    | ^Step\ \d{1,3}/\d{1,3}\ : | ^\[\d{1,5}/\d{1,5}\]\s | ^\[\ {0,2}\d{1,3}%\]\s | ^\[\S{1,40}\ \d{1,3}/\d{1,3}\]\s
    | ^(?:\$|\+{1,3}|=+>|-+>)\ \S | ^([=*\#_─━-])\1{2,200}\ \S.{0,200}\ \1{2,200}$ | ^-{3,40}\ >?\ ?\[
    """,
    re.VERBOSE,
)
_EXIT = re.compile(
    r"""(?ix)
      \bexit(?:ed|s)?\ (?:(?:with|on|code|status)[\ :]{0,2}){1,3}(?:non-?zero|error|code|status|['"]?-?[1-9]\d{0,9}) | \breturned\ (?:a\ )?(?:non-?zero|exit)
    | \bdid\ not\ complete\ successfully | \bjob\ failed\b | ^finished:\ (?:failure|unstable|aborted) | marked\ build\ as\ (?:failure|unstable)
    | \b(?:job|action|step|stage|build|pipeline|task)\b.{0,200}\b(?:timed\ out|time\ ?out)\ after\ \d | ^\S{1,60}:\ (?:exit|fail\ code)\ [1-9]
    | \bscript\ returned\ exit | \bELIFECYCLE\b | \berrno\ \d | ^\S{0,40}make(?:\[\d{1,3}\])?:\ \*\*\*
    """
)
"""How a build service or a driver says that a command failed."""
_VERDICT = re.compile(
    r"""(?ix)
      \bbuild(?:\ has)?(?:\ started)?\ fail(?:ed|ing|ure)\b | ^(?:compilation|compile)\ (?:error|failure)s?\ ?:?$ | ^\W{0,9}fail(?:ed|ure|ures|s)?\W{0,9}$
    | ^\W{0,9}what\ went\ wrong | ^aborting\ due\ to | ^could\ not\ compile\b.{0,200}(?:previous|error)s?
    | ^\W{0,9}tests?\ failed | ^(?:\w{1,30}\ ){0,4}tests?\ failed\W{0,3}$ | \b(?:errors|failures)\ occurred\W{0,3}$
    | ^\W{0,9}\d{1,6}\ (?:errors?|failures?|failing|failed|problems?|warnings?)\b(?!.{0,20}:\ ) | \b(?:errors|failed|failures)\s?[:=]\s?\d{1,6}\b
    | (?<![\d.,:])\b\d{1,6}\ (?:errors?|fail(?:ed|ures?)|examples?|problems?)\b(?!:).{0,120}\b(?:\d{1,6}|in|completed)\b | \b\d{1,6}\ (?:error|warning)\(s\)
    | (?<![\d.,:])\b\d{1,6}\ (?:tests?|examples?|specs?|suites?|scenarios?)\b.{0,60}\bfail | ^test\ result:\ failed
    | ^FAIL\s{1,9}\S{1,200}\s{1,9}(?:[\d.]{1,12}s|\[[\w\ ]{1,40}\])$ | ^\W{0,9}(?:test\ suites|test\ files|tests|suites)\b\s{0,9}:?\s{1,9}\d{1,6}\ fail
    | ^\W{0,9}there\ (?:was|were|are)\ (?:\d{1,6}\ |some\ )?(?:test\ )?(?:failing|fail|error) | ^failed\ (?:tests?|examples?|specs?):?$
    | ^(?:failures|errors):?\W{0,3}$ | ^.{0,40}\bsee\ (?:the\ )?(?:above|report|log|output)\b
    """
)
_ADVICE = re.compile(
    r"""(?ix)
      ^\W{0,9}try:?$ | ^\W{0,9}(?:re-?)?run\b.{0,80}\s-{1,2}[A-Za-z] | \bto\ see\ the\ full\b | \bfor\ more\ (?:information|details|help)\b | \bget\ more\ help\b
    | ^\W{0,5}help\ \d{1,3}\b | \brun\ with\ [`'"]? | \bcomplete\ log\ of\ this\ run\b | \bsee\ (?:the\ )?(?:https?://|documentation|docs)\b | \bto\ rerun\b
    | ^\W{0,9}(?:hint|help|note|tip|suggestion):\  | \bbacktrace=\d | \byou\ (?:should|may|can|might)\ (?:consider|want|need|try|also|run|use)\b | \blearn\ more\b
    | \bdeprecated\b | \bsending\ e-?mails?\b | \bnotif(?:ier|ication|ying)\b
    """
)
_NOISE = re.compile(
    r"""(?ix)
      \d{1,3}(?:\.\d{1,3})?\ ?%(?:\W|$) | ^\W{0,9}(?:down|up)load(?:ing|ed)?\b | \b\d{1,9}(?:\.\d{1,4})?\ ?[kmgt]i?b(?:/s)?\b | \bprogress\b | \beta\b
    | \b(?:total\ time|time\ elapsed|finished\ at|elapsed|duration|took)\b\s?:? | ^(?:real|user|sys)\s{1,9}\d | \bin\ \d{1,9}(?:\.\d{1,9})?\ ?m?s(?:ec(?:ond)?s?)?\W{0,9}$
    | ^\W{0,9}(?:fetch|pull|extract|resolv|receiv|unpack|compress|count|enumerat|install|cach)ing\b | ^(?:get|hit|ign):\d
    """
)
_TAG = re.compile(
    r"^(?:##\[error\]|\[(?:ERROR|FATAL|error|fatal)\]|(?:npm|pnpm|yarn) (?:ERR!|error)(?=\s|$)|(?:ERROR|Error|error|FATAL)\s?:(?=\s|$))\s{0,9}"
)
"""A level that some tool puts before each line of what it says."""
_NAMED = re.compile(r"(?:['\"`]|\*{3} \[)\S")
_CALM = re.compile(
    r"(?i)^\W{0,9}(?:npm |yarn |\S{1,200}[:)] )?(?:warn(?:ing)?|info|notice|debug|deprecat\w{1,8})\b\s?[:\[(\])! ]|\bwarning(?: [A-Z]{1,6}\d{1,6})?:|^##\[(?:warning|notice|debug|command)\]"
)
_ERROR = re.compile(
    r"""(?x)
      ^\W{0,9}(?i:(?:\S{1,80}\ ){0,2}?(?:fatal|internal|syntax|compiler?|linker)?\s?\berror)(?:\[\w{1,12}\]|\ \w{1,8}\d{1,6})?(?:\ (?:at|in|while)\ \S.{0,200})?\s?:
    | ^\S{1,300}(?:[:(]\d{1,7}){1,2}(?:[:,.-]\d{1,7}){0,3}\)?:?\s{1,3}(?:-\s)?(?i:fatal\ )?(?i:error)\b
    | ^(?:\./|/|[A-Za-z]:\\)?[\w@+./\\-]{1,300}\.\w{1,10}:\d{1,7}(?::\d{1,7}){0,2}:\ \S
    | ^\s{1,9}\d{1,7}:\d{1,7}\s{1,9}error\s | \berror\ [A-Z]{1,8}\d{2,6}\s?:
    | ^\W{0,9}(?:\S{1,80}:\ )?(?i:fatal|panic)(?:\ error)?:\ | \bpanicked\ at\b | ^\W{0,9}Traceback\ \(most | ^E\ {2,9}\S
    | ^(?:-{3}\ )?FAIL(?:ED)?[:\s]\s{0,9}\S | ^\s{0,9}Failed\ \S{1,300}\ \[ | \S\s{1,3}(?:\.{3}\ ?)?FAILED\s{0,3}$ | ^not\ ok\ \d | ^\W{0,9}[✕✗✘×●]\ \S | <<<\ (?:FAILURE|ERROR)!
    | (?i:\bassert(?:ion|ing)?\b.{0,60}\bfail | \bfailed\ assert | \bfailure/error: | \b(?:undefined|unresolved)\ (?:reference|external|symbol)) | \bunhandled\ (?:exception|rejection|error)
    """
)
STEP = re.compile(r"^##\[group\]Run |^##\[section\]Starting: |^\$ \S|^Step \d{1,3}/\d{1,3} :|^travis_fold:start:")
"""Where a build service begins to run a command."""


def bare(rows: Sequence[str]) -> list[str]:
    """Return the lines without terminal sequences and without the time that a build service puts before each."""
    shown = [plain(row[:FAR]) for row in rows]
    told = [row for row in shown if row.strip()]
    prefixed = sum(bool(_PREFIX.match(row)) for row in told) >= MOST_PREFIXED * len(told) > 0
    return [_LAYER.sub("", _PREFIX.sub("", row, count=1) if prefixed else row, count=1) for row in shown]


def exits(text: str) -> bool:
    """True for a line by which a build service says that a command failed."""
    return bool(_EXIT.search(text[:FAR]))


@lru_cache(maxsize=8192)
def role_of(text: str) -> Role:
    """Return what a bare line is for."""
    core = text.strip()
    if not core:
        return Role.BLANK
    if _RULER.match(core):
        return Role.RULER
    if _PHASE.match(text):
        return Role.PHASE
    words = _TAG.sub("", core, count=1)
    if exits(core) or _VERDICT.search(words):
        return Role.VERDICT
    if words != core:
        return Role.MORE if not words or _ADVICE.search(words[:HEAD]) else Role.ERROR
    return _said(text, core)


def names_what_failed(text: str) -> bool:
    """True for a verdict that says which step, command or target failed."""
    return bool(_NAMED.search(text[:FAR]))


def _said(text: str, core: str) -> Role:
    """The role of a line without such a tag."""
    level = level_of(core)
    if (level is not None and level < 4.0) or _CALM.search(core):
        return Role.CALM
    if level is not None and _DATED.match(core):
        return Role.WEAK  # a program's own log
    if _ADVICE.search(core[:HEAD]):
        return Role.ADVICE
    if level is not None or _ERROR.search(text) or thrown(core):
        return Role.ERROR
    return _untold(text)


def _untold(text: str) -> Role:
    if continues(text):
        return Role.MORE
    if word_severity(text) >= 3.0:
        return Role.WEAK
    return Role.NOISE if _NOISE.search(text) else Role.PLAIN
