"""Phrases of people under stress: what a sentence reports, denies or asks for. Linear expressions only."""

from __future__ import annotations

import re
from collections.abc import Iterable

Sentences = tuple[str, ...]
_FLAGS = re.IGNORECASE


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(phrases) + r")\b", _FLAGS)


NOT = _any(
    "no",
    "not",
    "never",
    "without",
    "isn'?t",
    "wasn'?t",
    "aren'?t",
    "didn'?t",
    "doesn'?t",
    "hasn'?t",
    "haven'?t",
    "nothing",
    "don'?t",
)
NO_CHANGES = _any(
    "nothing (?:has |was |have )?(?:been )?changed",
    "no (?:recent )?(?:changes?|deploy(?:ment)?s?|releases?|rollouts?)",
    "(?:we )?(?:did not|didn'?t|have not|haven'?t|hasn'?t) (?:change|changed|deploy|deployed|touch|touched)(?: anything)?",
    "without any changes?",
)
DONE = (
    "rolled back|reverted|restarted|rebooted|redeployed|deployed|applied|patched|fixed|upgraded|downgraded|scaled(?: up| down| out)?|"
    "increased|decreased|raised|lowered|disabled|enabled|deleted|removed|drained|failed over|switched|cleared|flushed|rotated|renewed|"
    "killed|terminated|cordoned|recreated|replaced|changed|set|updated"
)
APPLIED = _any(
    f"(?:i|we|they|ops|somebody|someone|our team|the team)(?: have|'?ve| has| just| already| now| then| manually){{0,2}} (?:{DONE})"
)
APPLIED_PASSIVE = _any(
    r"(?:rollback|fix|patch|work-?around|mitigation|hotfix|change|restart) (?:is|was|has been) (?:done|applied|deployed|completed|in place)"
)
_BACK = (
    "(?:happened|happening|failed|failing|fails|occurred|started|crashed|broke) again",
    "(?:it|this|the (?:error|problem|issue|outage|alert)s?)(?:'s| is| are|'re) back",
    "came back",
    "recurred",
    "reoccurred",
    "re-?appeared",
    "same (?:error|problem|issue) again",
)
_THERE = (
    "(?:did not|didn'?t|does not|doesn'?t) (?:help|work|fix(?: it)?|change anything)",
    "(?:no|without) (?:effect|improvement)",
    "(?:no|makes no|made no) difference",
    (
        "still (?:(?:have|having|get|gets|getting|see|seeing|show|shows|showing|return|returns|returning|the|many|lots of|with) ){0,2}"
        "(?:fail(?:s|ing|ures)?|broken|down|happening|same|there|slow|high|stuck|errors?|erroring|timeouts?|tim(?:es|ing) out|unavailable|unreachable"
        "|unhealthy|pending|5\\d\\d|crash(?:es|ing)|see(?:ing)?|get(?:ting)?|not (?:working|ready|healthy|up|available|recovered|fixed|better))"
    ),
)
CAME_BACK, RECURRENCE = _any(*_BACK), _any(*_BACK, *_THERE)
"""That the symptom came back; that it came back, or never went away."""
NOT_AS_DESCRIBED = _any(
    "(?:did not|didn'?t|have not|haven'?t) (?:apply|applied|do|done|run|follow|followed) (?:it |that |this |the fix )?(?:as described|exactly|completely|fully)",
    "(?:applied|did|done) (?:it |that |the fix )?(?:differently|only partly|partially|something else|another way)",
    "instead of (?:what you|the proposed|the suggested)",
)
RECOVERED = _any(
    "(?:is|are|it'?s|was|everything'?s?|has been|have been) (?:now |all )?(?:fixed|resolved|solved|gone|healthy|recovered|working again|back to normal|stable|fine now|ok now|green)",
    "(?:works|working|up|healthy) (?:again|now)",
    "no (?:more |new |further )?(?:errors?|failures?|crashes|timeouts|alerts|restarts|5xx|complaints) (?:since|any ?more|after|for the)",
    "(?:errors?|failures?|crashes|timeouts|alerts|restarts) (?:have |has )?(?:stopped|disappeared|ceased)",
    "back to normal",
    "recovered",
    "(?:fixed|solved) it",
)
NOT_RECOVERED = _any(
    "not (?:yet )?(?:\\w+ )?(?:fixed|resolved|solved|gone|recovered|working)",
    "(?:isn'?t|aren'?t|never|hasn'?t|haven'?t) (?:been )?(?:fixed|resolved|solved|gone|recovered)",
    "until",
    "if",
)
CANNOT_PROVIDE = _any(
    "(?:do not|don'?t|did not|didn'?t|no longer) have (?:that|it|this|those|these|any|the|such|logs?|metrics|access)",
    "(?:can(?:'?t|not)|could(?:n'?t| not)|unable to) (?:get|provide|obtain|access|share|send|retrieve|find|collect)",
    "(?:is|are|was|were) (?:not|no longer) available",
    "no (?:such )?(?:logs?|metrics|dump|traces?) (?:available|exist|kept)",
)
EXPERTISE = _any(
    "(?:no|lack(?:ing)?|without|don'?t have|do not have) (?:the )?(?:access|permissions?|rights|privileges|credentials|expertise|knowledge)",
    "(?:not|isn'?t) my (?:area|team|system|responsibility)",
    "(?:only|need|needs|requires?) (?:the |a )?(?:dba|network team|platform team|security team|vendor|admin(?:istrator)?)",
)
GENERAL_LIMIT = _any(
    "(?:not|isn'?t|aren'?t|are not) allowed to",
    "(?:policy|compliance|change freeze|regulations?) (?:forbids?|prohibits?|prevents?|does not allow|doesn'?t allow)",
    "can(?:'?t|not) (?:reproduce|restart|touch|change|test)",
    "logs? (?:are|were|is) (?:deleted|gone|rotated away|lost)",
)
HUMAN = _any(
    "(?:talk|speak|escalate|hand(?: it)? over|connect me|get me) (?:this )?(?:to|with) (?:a |an |the |some )?(?:human|person|engineer|expert|specialist|support|on-?call|someone|somebody|manager)",
    "(?:page|call|get|need|want) (?:a |an |the )?(?:human|real person|on-?call(?: engineer)?|specialist)",
    "please escalate",
    "escalate (?:this|it|now|the case)",
    "real (?:human|person)",
)
BREACH = _any(
    "(?:security|data) breach",
    "breached",
    "attackers?",
    "intruders?",
    "hacked",
    "hackers?",
    "ransomware",
    "(?:been|was|were|is|are|got) compromised",
    "exfiltrat(?:ed|ing|ion)",
    "unauthori[sz]ed (?:access|login|user|shell)",
    "malware",
    "crypto-?miner",
)
DATA_LOSS = _any(
    "data loss",
    "los(?:ing|t) (?:\\w+ ){0,2}(?:data|orders|records|rows|writes|messages|transactions|files|payments)",
    "(?:data|records|rows|orders|files|messages|tables?|volumes?|backups?) (?:is|are|was|were|being|have been|has been|is being|are being)? ?(?:lost|wiped|deleted|overwritten|corrupted|disappearing|dropped)",
    "corrupt(?:ing|ed) data",
)
_LEVEL = {
    "critical": _any(
        "sev ?-?[01]",
        "severity ?-?[01]",
        "p[01]",
        "priority ?[01]",
        "urgent",
        "critical (?:incident|priority|outage|severity)",
        "is critical",
        "emergency",
    ),
    "high": _any("sev ?-?2", "severity ?-?2", "p2", "priority ?2", "high (?:priority|severity|urgency)"),
    "medium": _any("sev ?-?3", "severity ?-?3", "p3", "priority ?3", "medium (?:priority|severity|urgency)"),
    "low": _any("sev ?-?[45]", "p[45]", "low (?:priority|severity|urgency)", "not urgent", "no (?:rush|hurry)", "isn'?t urgent"),
}
_RULES = {
    "critical": _any(
        "(?:prod|production|site|website|everything|platform|whole \\w+|entire \\w+|all services|all users|main database) (?:is|are|went|has gone|goes) (?:completely |totally |all )?(?:down|offline|dead|unavailable|unreachable)",
        "(?:full|complete|total|major) outage",
        "nobody can",
        "no one can",
        "(?:all|every) (?:users?|customers?|requests?|orders?|payments?) (?:are |is )?(?:failing|fail|fails|affected|down|blocked|broken)",
    ),
    "low": _any(
        "cosmetic",
        "typo",
        "(?:one|1|a single|only one) (?:user|customer)",
        "(?:test|staging|dev|development|sandbox|qa) (?:system|environment|cluster|env|server|only)",
        "in (?:staging|dev|test|qa)",
        "nice to have",
        "minor",
    ),
    "medium": _any(
        "work-?around",
        "partial(?:ly)?",
        "some (?:users?|requests?|customers?|pods?|nodes?)",
        "intermittent(?:ly)?",
        "sometimes",
        "sporadic(?:ally)?",
        "occasional(?:ly)?",
        "degraded",
    ),
    "high": _any(
        "(?:users?|customers?|clients?) (?:are |is )?(?:see(?:ing)?|get(?:ting)?|report(?:ing)?|experienc(?:e|ing)|complain(?:ing)?|cannot|can'?t|affected|unable)",
        "(?:fail(?:s|ing|ed)?|errors?|slow|latency|timeouts?|timing out|time(?:s|d)? out|down|unavailable|crash(?:es|ing|ed|loop|loopbackoff)?|5\\d\\d|outage|unreachable|broken)",
    ),
}
INTERMITTENT = _any(
    "intermittent(?:ly)?",
    "sometimes",
    "sporadic(?:ally)?",
    "occasional(?:ly)?",
    "every few (?:minutes|hours|days)",
    "on and off",
    "from time to time",
    "random(?:ly)?",
    "flapping",
    "flaky",
)
ONGOING = _any(
    "(?:is|are) (?:still |now |currently |completely )?(?:failing|down|slow|broken|crashing|timing out|unavailable|unreachable|happening|losing|restarting|stuck|not working)",
    "still",
    "currently",
    "right now",
    "at the moment",
    "since",
    "ongoing",
    "keeps?",
    "has shell",
)
HISTORICAL = _any(
    "yesterday",
    "last (?:night|week|month|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    "(?:was|were) (?:down|slow|failing|unavailable|broken|unreachable)",
    "earlier today",
    "had an? (?:outage|incident)",
    "post-?mortem",
    "\\d+ (?:days|weeks) ago",
    "went down",
)
_PROBLEMS = {
    "data_issue": _any(
        "(?:wrong|missing|corrupt(?:ed)?|inconsistent|stale|duplicate[ds]?|lost) (?:\\w+ )?(?:data|records?|rows?|values?|orders?|results?|files?)",
        "data (?:loss|corruption|issue|is wrong|is missing)",
        "(?:losing|lost) (?:\\w+ )?(?:data|orders|records)",
    ),
    "unavailability": _any(
        "down",
        "outage",
        "unavailable",
        "unreachable",
        "offline",
        "not (?:starting|responding|reachable|available|ready)",
        "(?:won'?t|does not|doesn'?t|cannot|can'?t) (?:start|respond|connect|schedule|boot)",
        "crashloop(?:backoff)?",
        "crash(?:es|ed|ing)?",
        "pending",
        "50[234]",
    ),
    "slowness": _any(
        "slow(?:er|ness|ly)?",
        "latency",
        "p9[059]",
        "takes? (?:too )?(?:long|ages)",
        "lag(?:ging|gy)?",
        "hangs?",
        "hanging",
        "performance",
        "response times?",
    ),
    "error": _any(
        "errors?",
        "exceptions?",
        "fail(?:s|ed|ing|ures?)?",
        "timeouts?",
        "timing out",
        "timed out",
        "refused",
        "denied",
        "invalid",
        "panic",
        "traceback",
        "stack ?trace",
        "5\\d\\d",
        "4\\d\\d",
        "broken",
        "stuck",
        "oom(?:killed)?",
        "evicted",
        "rejected",
    ),
}
PROBLEM = re.compile("|".join(pattern.pattern for pattern in _PROBLEMS.values()), _FLAGS)


def first(pattern: re.Pattern[str], sentences: Iterable[str]) -> str:
    """Return the first sentence that holds the phrase, empty for none."""
    return next((each for each in sentences if pattern.search(each)), "")


def denies_changes(told: Sentences) -> bool:
    """Tell whether the user says that nothing changed (rule M4)."""
    return bool(first(NO_CHANGES, told))


def applied(told: Sentences) -> str:
    """Return the sentence in which somebody applied something, empty for none."""
    found = first(APPLIED, told) or first(APPLIED_PASSIVE, told)
    return "" if NO_CHANGES.search(found) else found


def reports_recurrence(told: Sentences) -> bool:
    """Tell whether the user says that it came back or never went away."""
    return bool(first(RECURRENCE, told))


def in_vain(told: Sentences) -> bool:
    """Tell whether the user says of what was applied, behind it, that the trouble is still there (rule S4)."""
    whole = " ".join(told)
    done = APPLIED.search(whole) or APPLIED_PASSIVE.search(whole)
    return done is not None and RECURRENCE.search(whole, done.end()) is not None


def not_as_described(told: Sentences) -> bool:
    """Tell whether the fix was not applied as proposed (rule S4)."""
    return bool(first(NOT_AS_DESCRIBED, told))


def recovery(told: Sentences) -> str:
    """Return the sentence that says the symptom is gone, empty for none or when it came back."""
    if reports_recurrence(told):
        return ""
    return first(RECOVERED, (each for each in told if not NOT_RECOVERED.search(each)))


def reports_recovery(told: Sentences) -> bool:
    """Tell whether the user says that the symptom is gone."""
    return bool(recovery(told))


def still_troubled(told: Sentences) -> Sentences:
    """Return the sentences that speak of the fault itself, not of its end, its return or what was done."""
    apart = (recovery(told), applied(told), first(CAME_BACK, told), first(NO_CHANGES, told))
    return tuple(each for each in told if each not in apart)


def cannot_provide(told: Sentences) -> bool:
    """Tell whether what was asked for cannot be had (rule N3)."""
    return bool(first(CANNOT_PROVIDE, told))


def asks_for_human(text: str) -> bool:
    """Tell whether a person is wanted (rule ES1)."""
    return bool(HUMAN.search(text))


def breach(told: Sentences) -> bool:
    """Tell whether a security breach is reported (rule ES1)."""
    return bool(first(BREACH, (each for each in told if not NOT.search(each))))


def data_loss(told: Sentences) -> bool:
    """Tell whether data is being lost (rule ES1)."""
    return bool(first(DATA_LOSS, (each for each in told if not NOT.search(each))))


def limitation(told: Sentences) -> str:
    """Return the limitation that the user states, empty for none."""
    if first(EXPERTISE, told):
        return "expertise_required"
    return "general_limitation" if first(GENERAL_LIMIT, told) else ""


def urgency(told: Sentences) -> tuple[str, bool]:
    """Return the urgency and whether the user named it (rules U1, U2)."""
    named = [level for level in ("low", "critical", "high", "medium") if first(_LEVEL[level], told)]
    if named:
        return named[0], True
    if breach(told) or data_loss(told):
        return "critical", False
    return next((level for level, pattern in _RULES.items() if first(pattern, told)), ""), False


def temporal(told: Sentences) -> str:
    """Return whether it goes on (rule U3), empty when nothing says so."""
    words = (("intermittent", INTERMITTENT), ("ongoing", ONGOING), ("historical", HISTORICAL))
    return next((word for word, pattern in words if first(pattern, told)), "")


def problem_type(sentences: Sentences) -> str:
    """Return the kind of problem (rule U1), empty when nothing says so."""
    return next((word for word, pattern in _PROBLEMS.items() if first(pattern, sentences)), "")
