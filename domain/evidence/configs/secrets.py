"""Secrets in settings: named by kind and line; their values leave no trace in what is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from re import Pattern

from domain.evidence.checks import QuoteCheck
from domain.evidence.configs.settings import Configuration, Setting
from domain.evidence.secret_names import is_secret
from domain.evidence.values import Citation, Finding, ObservedObject, Parsed

NOT_SECRET = re.compile(r"(?i)(?:^|[._\-])(?:file|path|name|ref|policy|url|length|ttl|expir\w*|timeout|enabled|rotation)s?$")
PLACEHOLDER = re.compile(
    r"^(?:\$|<|\{\{|%\(|%\{|\*+$|x{3,}|changeme$|file:|env:|ref\+|vault:|secret:|!|/run/secrets|/etc/|var\.|data\.|local\.|true$|false$|none$|null$)|^$",
    re.IGNORECASE,
)
"""A value that is filled in elsewhere."""
SHAPES: dict[str, Pattern[str]] = {
    "private key": re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"),
    "access key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "token of a code host": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|glpat-[\w\-]{20,})"),
    "token of a chat": re.compile(r"\bxox[abprs]-[\w\-]{10,}"),
    "signed token": re.compile(r"\beyJ[\w\-]{10,2000}\.eyJ[\w\-]{10,2000}\.[\w\-]{10,}"),
    "secret in a command or variable": re.compile(
        r"(?i)(?:^|[\s\"',;])(?:-{1,2})?(?:\w{0,60}_)?(?:password|passwd|secret|token|api_?key)[= ](?!arn:)([^\s\"'$<{]{6,200})(?=[\s\"',;]|$)"
    ),
    "password in an address": re.compile(r"\b[a-z][a-z0-9+.\-]{1,20}://[^\s/:@]{0,80}:([^\s/@$<{]{3,200})@"),
}
"""Kind → what such a secret looks like, by the prefixes their issuers publish; a group is the secret part."""
LEAST = 10
"""Characters of the shortest text that any of these shapes finds: `ab://:cde@`."""
SHORTEST = 6
EVERYWHERE = 100
"""Secrets that are looked for in all that is said."""
RARE = re.compile(r"(?s)^(?=.{0,4096}?\d)(?=.{0,4096}?[A-Za-z]).{8}|^.{20}")
"""A value that is no common word: others are looked for on their own lines only."""
HIDDEN = "(secret)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A value that must not be repeated."""

    kind: str
    setting: Setting
    value: str


def secrets(settings: tuple[Setting, ...]) -> Iterator[Secret]:
    """Yield the settings that hold a secret in clear text."""
    known: dict[str, bool] = {}
    for setting in settings:
        text, name = setting.text, setting.name
        if name not in known:
            known[name] = is_secret(name) and not NOT_SECRET.search(name)
        if known[name] and not PLACEHOLDER.match(text[:200]) and not setting.text.isspace():
            yield Secret(kind="secret in clear text", setting=setting, value=text)
            continue
        for kind, pattern in SHAPES.items() if len(text) >= LEAST else ():
            if found := pattern.search(text[:4096]):
                yield Secret(kind=kind, setting=setting, value=found.group(1) if found.groups() else text)
                break


def remark(configuration: Configuration, found: list[Secret]) -> None:
    """Name each secret by kind and line."""
    for one in found:
        if len(one.value) >= SHORTEST:
            what = "a secret in clear text" if one.kind == "secret in clear text" else f"a {one.kind} in clear text"
            setting = one.setting
            configuration.doubt(setting.path, setting.line, 1.0, f"{setting.where} holds {what}", reason="secret in clear text")


def concealed(parsed: Parsed, found: list[Secret]) -> Parsed:
    """Return the same without the values: quotes end before them, every other text shows a word in their place.

    The first values are looked for everywhere, the others in what is said of their own lines: work stays in proportion.
    """
    held = [one for one in found if len(one.value) >= SHORTEST]
    if not held:
        return parsed
    rare = (one.value for one in held if RARE.search(one.value))
    everywhere = tuple(dict.fromkeys(part for value in islice(rare, EVERYWHERE) for part in _pieces(value)))
    by_line: dict[int, list[str]] = {}
    for one in held:
        by_line.setdefault(one.setting.line, []).append(one.value)

    def known(*cited: Citation) -> tuple[str, ...]:
        own = [value for one in cited for value in by_line.get(one.first, [])[:EVERYWHERE]]
        return tuple(sorted({*everywhere, *own}, key=lambda value: (-len(value), value)))

    return replace(
        parsed,
        findings=tuple(_finding(one, known(*one.citations)) for one in parsed.findings),
        events=tuple(
            replace(one, what=_hidden(one.what, known(one.citation)), citation=_cut(one.citation, known(one.citation)))
            for one in parsed.events
        ),
        objects=tuple(_object(one, known(one.citation)) for one in parsed.objects),
        edges=tuple(replace(one, citation=_cut(one.citation, known(one.citation))) for one in parsed.edges),
    )


def masked(name: str, text: str) -> str:
    """Return a value as it may be shown: a word in the place of a secret, by its name or by its looks."""
    if is_secret(name) and text:
        return HIDDEN
    for pattern in SHAPES.values():
        if found := pattern.search(text[:4096]):
            text = text.replace(found.group(1) if found.groups() else found.group(), HIDDEN)
    return text


def _object(one: ObservedObject, values: tuple[str, ...]) -> ObservedObject:
    fields = {key: _hidden(masked(key.rpartition(".")[2], text), values) for key, text in one.fields.items()}
    return replace(one, fields=fields, citation=_cut(one.citation, values))


def _pieces(value: str) -> tuple[str, ...]:
    """Return the value and, where it spans lines, each line that is long enough to betray it."""
    return (value, *(line.strip() for line in value.split("\n")[:200] if "\n" in value and len(line.strip()) >= 16))


def _hidden(text: str, values: tuple[str, ...]) -> str:
    for value in values:
        if value in text:
            text = text.replace(value, HIDDEN)
    return text


def _before(text: str, values: tuple[str, ...]) -> str:
    """Return the text up to the first secret in it; the cut is shown."""
    ends = [at for value in values for folded in (value, " ".join(value.split())) if (at := text.find(folded)) >= 0]
    return f"{text[: min(ends)].rstrip()}…" if ends else text


def _cut(citation: Citation, values: tuple[str, ...]) -> Citation:
    return replace(citation, quote=_before(citation.quote, values))


def _finding(one: Finding, values: tuple[str, ...]) -> Finding:
    check = one.check
    if isinstance(check, QuoteCheck):
        check = replace(check, text=_before(check.text, values).strip("…"))
    return replace(
        one,
        statement=_hidden(one.statement, values),
        text=_before(one.text, values),
        citations=tuple(_cut(cited, values) for cited in one.citations),
        attributes={key: _hidden(value, values) for key, value in one.attributes.items()},
        check=check,
    )
