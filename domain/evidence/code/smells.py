"""Places in a program that often fail, each a rule over one function or one line; weak by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from re import Pattern

from domain.evidence.reading import beginning

LINES: Mapping[str, Pattern[str]] = {
    "swallowed exception": re.compile(
        r"except\b[^:#]{0,100}:\s*(?:pass|continue|\.\.\.)\s*(?:#.*)?$|except\s*:\s*$|catch\s*(?:\([^)]{0,100}\))?\s*\{\s*\}|\brescue\s+nil\b|if err != nil \{\s*\}|\|\|\s*true\s*$"
    ),
    "TLS check disabled": re.compile(
        r"verify\s*=\s*False|InsecureSkipVerify:\s*true|rejectUnauthorized:\s*false|CURLOPT_SSL_VERIFYPEER,\s*(?:0|false)|_create_unverified_context"
        r"|check_hostname\s*=\s*False|CERT_NONE\b|VERIFY_NONE\b|danger_accept_invalid_certs\(true\)|NODE_TLS_REJECT_UNAUTHORIZED['\"\]]*\s*=\s*['\"]?0"
        r"|\bcurl\b[^|;]{0,200}\s(?:-k|--insecure)\b|wget\b[^|;]{0,200}--no-check-certificate|ALLOW_ALL_HOSTNAME|NoopHostnameVerifier"
    ),
    "statement built from strings": re.compile(
        r"(?:execute|query|raw|exec|prepare)\w*\(\s*f?(?:\"[^\"]{0,300}(?:\"\s*[+%.]|\{)|'[^']{0,300}(?:'\s*[+%.]|\{)|`[^`]{0,300}\$\{)"
        r"|(?i:[\"'`](?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\s[^\"'`]{0,300}(?:[\"'`]\s*(?:\+|%|\.format\()|\$\{))"
        r"|(?i:f[\"'](?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\s[^\"']{0,300}\{)"
    ),
    "shell command built from strings": re.compile(
        r"os\.(?:system|popen)\((?!\s*[\"'][^\"'{]*[\"']\s*\))|shell\s*=\s*True|\bexec\(\s*[\"'`][^\"'`]{0,200}(?:[\"']\s*\+|\$\{)|Runtime\.getRuntime\(\)\.exec\([^)]{0,200}\+"
        r"|\beval\s+[\"']?\$|exec\.Command\(\s*\"(?:sh|bash)\",\s*\"-c\",\s*(?!\")"
    ),
    "loop without end": re.compile(
        r"while\s*\(?\s*(?:True|true|1)\s*\)?\s*[:{]|for\s*\(\s*;\s*;\s*\)|^\s*for\s*\{\s*$|^\s*loop\s*(?:\{|do)"
    ),
    "secret in code": re.compile(
        r"(?i)(?:password|passwd|secret|api_?key|token|private_?key)\w{0,10}\s*[:=]+>?\s*[\"']([^\"'\s$<{}]{8,200})[\"']"
    ),
}
"""What one line shows; the group of a secret is its value."""
NEVER_ENDS: tuple[tuple[Pattern[str], Pattern[str]], ...] = (
    (re.compile(r"\brequests\.(?:get|post|put|patch|delete|head|request)\("), re.compile(r"timeout\s*=")),
    (re.compile(r"\burlopen\(|\bcreate_connection\("), re.compile(r"timeout\s*=|,\s*\d")),
    (re.compile(r"\bhttp\.(?:Get|Post|PostForm|Head)\(|&http\.Client\{\s*\}"), re.compile(r"Timeout")),
    (re.compile(r"(?<![\w.])fetch\("), re.compile(r"signal|timeout|AbortSignal")),
    (re.compile(r"\bcurl\s(?!.*\bversion\b)"), re.compile(r"--max-time|-m\s*\d|--connect-timeout")),
    (re.compile(r"\.openConnection\(\)"), re.compile(r"setReadTimeout|setConnectTimeout")),
)
"""(call that may wait for ever, what bounds it), from the documentation of each library."""
OPENED: tuple[tuple[Pattern[str], Pattern[str]], ...] = (
    (
        re.compile(r"^(?!\s*with\b)[^#]*?=\s*(?:open|socket\.socket|sqlite3\.connect|psycopg2?\.connect|urlopen)\("),
        re.compile(r"\.close\(|closing\(|\bwith\b"),
    ),
    (
        re.compile(
            r"^(?!.*\btry\s*\().*=\s*new\s+(?:File|Buffered)?(?:InputStream|OutputStream|Reader|Writer|Socket|Scanner)\w*\("
        ),
        re.compile(r"\.close\(|try\s*\("),
    ),
    (re.compile(r":?=\s*(?:os\.(?:Open|Create)|sql\.Open|net\.Dial|\w+\.Query)\("), re.compile(r"\.Close\(")),
    (re.compile(r"\bresp\w*,\s*\w+\s*:?=\s*\w+\.(?:Get|Post|Do)\("), re.compile(r"Body\.Close\(")),
)
"""(what opens, what closes)."""
LOOP = re.compile(r"^\s*(?:for|while|loop)\b|\.(?:forEach|map|each)\b.*(?:\{|do|=>)")
QUERY = re.compile(
    r"\.(?:execute|executemany|query|queryRow|QueryRow|Query|Exec|executeQuery|executeUpdate|find_one|findOne|findById|fetchone|find_by)\(|\.objects\.(?:get|filter)\(|(?i:[\"'](?:SELECT|UPDATE|INSERT)\s)"
)
CAUGHT = re.compile(r"\b(?:except|catch|rescue)\b|err\s*!=\s*nil|\bretry\b")
BOUND = re.compile(r"(?i)attempt|max_|tries|deadline|\bbreak\b|retries|\breturn\b|backoff_limit|\braise\b|\bthrow\b")
LOCKED = re.compile(
    r"^\s*(?:async\s+)?with\s+[\w.]*(?:lock|mutex|sem)\w*|\block\s*\(|\.lock\(\)(?:\.await|\.unwrap\(\))?;?|synchronized\s*\(",
    re.IGNORECASE,
)
AWAITS = re.compile(r"\bawait\b|\.await\b")
DIVIDED = re.compile(
    r"[\w)\]]\s*/\s*(?:len\((\w+)\)|((?:\w+\.){0,3}(?:total|count|n|size|length|num\w*|elapsed|duration)))\b(?!\s*[/\"'])"
)
FIRST_OF = re.compile(r"\b(\w{1,80}+)(?:\[0\]|\[-1\]|\.get\(0\)|\.first\(\)\.unwrap\(\))(?!\s*=[^=])")
SHARED = re.compile(
    r"^\s*global\s+(\w+)|^(?:var|let)\s+(\w+)\s*=|^\s*(?:private|public|protected)\s+static\s+(?!final)[\w<>,\s]{1,80}\s(\w+)\s*="
)
THREADS = re.compile(r"\bthread|Thread\b|\basync\b|goroutine|\bgo\s+func|Executor|concurrent", re.IGNORECASE)
LOCKS = re.compile(r"(?i)lock|mutex|synchronized|atomic|semaphore|queue")
STATEMENT = 10
"""Lines that one call may take."""
SPAN = 200
"""Lines of one function that its rules look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A weak place."""

    reason: str
    line: int
    secret: str = ""


def places(lines: tuple[str, ...], first: int, last: int) -> Iterator[Place]:
    """Yield the weak places of the lines between two; each reason once per line."""
    body = [beginning(line) for line in lines[first - 1 : min(last, first - 1 + SPAN)]]
    for offset, line in enumerate(body):
        if not line.strip() or line.lstrip().startswith(("#", "//", "*", "/*")):
            continue
        for reason, pattern in LINES.items():
            if found := pattern.search(line):
                yield Place(reason=reason, line=first + offset, secret=found.group(1) if reason == "secret in code" else "")
        for reason, rule in RULES.items():
            if rule(body, offset):
                yield Place(reason=reason, line=first + offset)


def _deeper(body: list[str], offset: int) -> list[str]:
    """Return the lines below that stand deeper: the block that a line begins."""
    indent = len(body[offset]) - len(body[offset].lstrip())
    taken: list[str] = []
    for line in body[offset + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            break
        taken.append(line)
    return taken


def _unbounded(body: list[str], offset: int) -> bool:
    inside = "\n".join(_deeper(body, offset)) if LINES["loop without end"].search(body[offset]) else ""
    return bool(CAUGHT.search(inside)) and not BOUND.search(inside)


def _endless(body: list[str], offset: int) -> bool:
    bound = next((until for call, until in NEVER_ENDS if call.search(body[offset])), None)
    if bound is None:
        return False
    statement, open_ = "", 0
    for line in body[offset : offset + STATEMENT]:
        statement += line
        open_ += line.count("(") + line.count("{") - line.count(")") - line.count("}")
        if open_ <= 0:
            break
    return not bound.search(statement) and not bound.search("\n".join(body) if "Connection" in statement else "")


def _swallowed(body: list[str], offset: int) -> bool:
    """A handler whose whole block says nothing."""
    if not re.search(r"^\s*(?:except\b.*:|\}?\s*catch\b.*\{|rescue\b.*)\s*$", body[offset]):
        return False
    inside = [line.strip() for line in _deeper(body, offset) if line.strip() and not line.lstrip().startswith(("#", "//"))]
    return inside in [[], ["pass"], ["continue"], ["..."], ["return"], ["return None"]] and offset + 1 < len(body)


def _left_open(body: list[str], offset: int) -> bool:
    closing = next((close for opens, close in OPENED if opens.search(body[offset])), None)
    return closing is not None and not any(closing.search(line) for line in body)


def _query_in_loop(body: list[str], offset: int) -> bool:
    return bool(QUERY.search(body[offset])) and any(
        LOOP.search(above) and offset - 20 <= index < offset and _is_above(above, body[offset])
        for index, above in enumerate(body)
    )


def _is_above(above: str, line: str) -> bool:
    return len(above) - len(above.lstrip()) < len(line) - len(line.lstrip())


def _awaits_under_lock(body: list[str], offset: int) -> bool:
    if not LOCKED.search(body[offset]):
        return False
    inside = _deeper(body, offset) if body[offset].rstrip().endswith((":", "{")) else body[offset + 1 : offset + 8]
    return any(AWAITS.search(line) and "sleep(0)" not in line for line in inside)


def _unguarded_division(body: list[str], offset: int) -> bool:
    found = DIVIDED.search(body[offset])
    name = next((group for group in found.groups() if group), "") if found else ""
    return bool(name) and not _guarded(body, offset, name)


def _unguarded_index(body: list[str], offset: int) -> bool:
    found = FIRST_OF.search(body[offset])
    return bool(found) and found is not None and not _guarded(body, offset, found.group(1)) and not found.group(1).isupper()


def _guarded(body: list[str], offset: int, name: str) -> bool:
    """Return whether a line above or the line itself asks for the name first."""
    guard = re.compile(
        rf"\b(?:if|unless|while|assert|for|require|guard|match|switch|max)\b.{{0,200}}\b{re.escape(name.rsplit('.', maxsplit=1)[-1])}\b|\b{re.escape(name)}\b\s*(?:\?|&&|\|\||or\b)"
    )
    return any(guard.search(line) for line in body[: offset + 1])


def races(lines: tuple[str, ...]) -> Iterator[Place]:
    """Yield shared names that are written without a lock in a program with threads: where they are declared."""
    text = "\n".join(map(beginning, lines))
    if not THREADS.search(text) or LOCKS.search(text):
        return
    for number, line in enumerate(lines, start=1):
        found = SHARED.search(line[:400])
        name = next((group for group in found.groups() if group), "") if found else ""
        if name and re.search(
            rf"\b{re.escape(name)}\b\s*(?:[+\-*]=|\+\+|\[[^\]]{{1,100}}\]\s*=[^=]|\.(?:put|add|append|remove|update|set)\()", text
        ):
            yield Place(reason="race on shared state", line=number)


RULES: Mapping[str, Callable[[list[str], int], bool]] = {
    "unbounded retry": _unbounded,
    "missing timeout": _endless,
    "swallowed exception": _swallowed,
    "resource not closed": _left_open,
    "query in a loop": _query_in_loop,
    "await under lock": _awaits_under_lock,
    "division without guard": _unguarded_division,
    "index without guard": _unguarded_index,
}
"""Reason → rule over the lines of one function and the place of one of them."""
