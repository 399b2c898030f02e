"""Which language settings are written in, told from their lines, and the reader of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from domain.evidence.reading import beginning
from domain.evidence.structure import curly, directives, flat, hcl, jsontree, stanzas, tomltree, xmltree, yamltree
from domain.evidence.structure.trees import Tree

LINES = 2_000
"""Lines that say what the language is."""
INSTRUCTION = re.compile(
    r"^\s*(?i:FROM|RUN|CMD|COPY|ADD|ENV|ARG|EXPOSE|ENTRYPOINT|WORKDIR|USER|VOLUME|LABEL|HEALTHCHECK|SHELL|STOPSIGNAL|ONBUILD|MAINTAINER)\s+\S"
)
"""Dockerfile reference."""
APACHE = re.compile(
    r"^\s*</?(?:VirtualHost|Directory|DirectoryMatch|Location|LocationMatch|IfModule|IfDefine|Files|FilesMatch|Proxy|Limit|LimitExcept|Macro)\b[^=>]*>\s*$"
)
"""Section containers of Apache httpd (its documentation, "Configuration Sections")."""
HCL = re.compile(
    r"""^\s*(?:[a-z_][\w\-]*(?:\s+"[^"]*"){1,3}|locals|terraform|job|group|task|backend|listener|storage|required_providers)\s*\{\s*$"""
)
"""A block with quoted labels, or one of the unlabelled ones of Terraform, Nomad, Vault and Consul."""
BRACE = re.compile(r"^(?:[^#\"']|\"[^\"]*\"|'[^']*'){0,400}?\{\s*(?:#.*)?$")
PAIR = re.compile(r"^\s*(?:export\s+)?[\w.\-/\"'\[\]$@]+\s*=")
COLON = re.compile(r"""^\s*+(?:-\s++)*+(?:"[^"]*"|'[^']*'|[\w./\-$@<{][^:#]*?)\s*:(?:\s|$)|^\s*-(?:\s|$)""")
BLOCK = re.compile(r"""^\s*+(?:-\s++)?+(?:"[^"]{1,200}"|[\w./\-]{1,200}+):\s++[|>][+-]?\d?\s*$""")
"""A key whose value is the block of lines below it."""
TYPED = re.compile(r"""^\s*[\w.\-"']+\s*=\s*(?:"|'|\[|\{|true\b|false\b|[-+]?\d[\d_.eE+:TZ-]*\s*(?:#.*)?$)""")
STRUCTURED = re.compile(
    r"""^\s*(?:[\w.\-"']+\s*=\s*(?:"|'|\[|\{)|\[\[[\w.\-"']+\]\]\s*(?:#.*)?$|\[[\w\-"']+\.[\w.\-"']+\]\s*$)"""
)
WORDS = re.compile(r"^\s*[A-Za-z][\w.\-]*\s+[^:=\s]")


def language(lines: tuple[str, ...]) -> str:
    """Return what the lines are most likely written in; blank lines and comments say nothing."""
    body = [text for line in lines[:LINES] if (text := beginning(line)).strip() and text.lstrip()[:1] not in {"#", ";", "!"}]
    return next((name for name, speaks in SPEAKS.items() if speaks(body)), "yaml") if body else "yaml"


def _json(body: list[str]) -> bool:
    first = body[0].lstrip()
    if first.startswith(("//", "/*")):
        return any(line.strip() in {"{", "["} for line in body[:20])
    return first[:1] in {"{", "["} and not flat.SECTION.match(first)


def _block_scalars(body: list[str]) -> bool:
    """Return whether files of other languages stand in blocks of YAML: the keys at the margin say so, what is deeper does not."""
    margin = [line for line in body if not line[:1].isspace() and not line.startswith(("---", "..."))]
    return _any(body, BLOCK) and bool(margin) and all(map(COLON.match, margin))


def _dockerfile(body: list[str]) -> bool:
    return any(line.upper().startswith("FROM ") for line in body) and _share(body, INSTRUCTION) >= 0.3


def _braces(body: list[str]) -> bool:
    braces = 0.0 if flat.SECTION.match(body[0]) else _share(body, BRACE)
    return _ends(body, ";") or (braces > 0 and (_share(body, COLON) < 0.5 or braces > 0.2))


def _hcl(body: list[str]) -> bool:
    return _braces(body) and _any(body, HCL) and not _ends(body, ";")


def _toml(body: list[str]) -> bool:
    pairs, sections, structured = _share(body, PAIR), _any(body, flat.SECTION), _share(body, STRUCTURED)
    return structured > (0 if sections else 0.3) and _share(body, TYPED) >= 0.9 * pairs


def _properties(body: list[str]) -> bool:
    return _share(body, PAIR) >= 0.5


def _haproxy(body: list[str]) -> bool:
    heads = sum(bool(directives.HEADS.match(line)) for line in body)
    margin = sum(not line[:1].isspace() for line in body)
    flat_ = margin == len(body) and bool(directives.HEADS.match(body[0]))
    return heads >= 2 and (heads >= 0.8 * margin or flat_) and _share(body, COLON) < 0.5


def _directives(body: list[str]) -> bool:
    return _share(body, COLON) < 0.3 and _share(body, WORDS) >= 0.5


SPEAKS: Mapping[str, Callable[[list[str]], bool]] = {
    "json": _json,
    "yaml": _block_scalars,
    "apache": lambda body: _any(body, APACHE),
    "xml": lambda body: body[0].lstrip().startswith("<"),
    "dockerfile": _dockerfile,
    "hcl": _hcl,
    "nginx": _braces,
    "toml": _toml,
    "ini": lambda body: _any(body, flat.SECTION),
    "properties": _properties,
    "haproxy": _haproxy,
    "directives": _directives,
}
"""Language → whether lines speak it, the most particular ones first; what none knows may be YAML."""


def _any(body: list[str], pattern: re.Pattern[str]) -> bool:
    return any(map(pattern.match, body))


def _share(body: list[str], pattern: re.Pattern[str]) -> float:
    return sum(map(bool, map(pattern.match, body))) / len(body)


def _ends(body: list[str], sign: str) -> bool:
    """Return whether a third of the lines end with a sign."""
    return sum(line.rstrip().endswith(sign) for line in body) >= len(body) / 3


NAME_AND_VALUE = re.compile(r"^[a-z][a-z0-9_.\-]{1,60}+(?:\s+[^\s:=,;()\[\]]\S{0,200}){1,5}\s*$")
SET = re.compile(r"""(?i)\s(?:yes|no|on|off|true|false|"[^"]*"|[-+]?\d[\w.%]*|/\S+|[\w\-]+\.[\w.\-]+)\s*$""")
ASSIGNED = re.compile(r"^\s*(?:export\s)?([\w.\-/\[\]]{1,200}+)\s?=")
FEWEST = 4
"""Lines from which on bare names and values are a configuration."""


def certain(lines: tuple[str, ...]) -> str:
    """Return the language of lines that only a configuration can hold although few of them look like settings, "" for others."""
    body = [text for line in lines[:LINES] if (text := beginning(line)).strip() and text.lstrip()[:1] not in {"#", ";"}]
    if not body:
        return ""
    if _dockerfile(body) and _share(body, INSTRUCTION) >= 0.5:
        return "dockerfile"
    if sum(bool(APACHE.match(line)) for line in body) >= 2:
        return "apache"
    return "properties" if _assigned(body) else "directives" if _bare(body) else ""


def _assigned(body: list[str]) -> bool:
    """Return whether nearly all lines set one key each, and another one each."""
    keys = [found.group(1) for line in body if line.count("=") < 4 and (found := ASSIGNED.match(line))]
    return len(body) >= FEWEST and len(keys) >= 0.95 * len(body) and len(set(keys)) >= 0.9 * len(keys)


def _bare(body: list[str]) -> bool:
    """Return whether nearly all lines are a name and a few values, most of them no words."""
    names = {line.split(None, 1)[0] for line in body}
    bare = len(body) >= FEWEST and _share(body, NAME_AND_VALUE) >= 0.9 and len(names) >= 0.6 * len(body)
    return bare and sum(bool(SET.search(line)) for line in body) >= 0.5 * len(body)


READERS: Mapping[str, Callable[[tuple[str, ...]], Tree]] = {
    "json": lambda lines: jsontree.read("\n".join(lines)),
    "xml": xmltree.read,
    "apache": directives.plain,
    "directives": directives.plain,
    "dockerfile": directives.dockerfile,
    "haproxy": directives.indented,
    "hcl": hcl.read,
    "nginx": curly.read,
    "toml": tomltree.read,
    "ini": flat.ini,
    "properties": flat.ini,
    "yaml": yamltree.read,
}
"""Language → reader of all lines of a document."""
STANZAS = frozenset({"yaml", "directives"})
"""Languages whose settings may stand in stanzas; what is set with `=` is set for all."""
MOST = 60_000
"""Lines read of one document."""
WIDEST = 1 << 23
"""Characters read of one document."""


def read(lines: tuple[str, ...]) -> Tree:
    """Return the tree of a configuration in the language it seems to be written in; beyond the bounds it is left out and said so."""
    if not any(line.strip() for line in lines):
        return Tree(roots=())
    kept = bounded(lines)
    name = language(tuple(line for line in kept if line.strip()))
    tree = replace(READERS[name](kept), language=name)
    if name in STANZAS:
        tree = stanzas.read(kept, READERS[name], tree)
    if len(kept) < len(lines) and not tree.broke:
        return replace(tree, broke=len(kept), reason="longer than is read as one document")
    return tree


def bounded(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first lines, as many as are read; of one endless line its beginning."""
    room, count = WIDEST, 0
    for line in lines[:MOST]:
        if len(line) >= room:
            return (*lines[:count], line[:room])
        room -= len(line) + 1
        count += 1
    return lines[:count]
