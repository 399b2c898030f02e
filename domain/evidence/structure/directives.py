"""`Name value` in lines: Apache sections, haproxy's indented ones, Dockerfile stages, and flat files such as redis.conf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from domain.evidence.reading import beginning
from domain.evidence.structure.trees import DEPTH, Node, Tree, mapping, scalar

WORDS = re.compile(r"^(\s*+)([\w.\-]++)(?:\s*+=\s*+|\s++|$)(.*)$")
SECTION = re.compile(r"^\s*+<(/?)([A-Za-z]\w{0,60}+)(?:\s++([^>]*+))?>\s*+$")
STAGE = re.compile(r"(?i)^FROM\s++(?:--\S++\s++)*(\S++)(?:\s++AS\s++(\S++))?")
VARIABLES = re.compile(r"""([\w.\-]{1,100}+)=("[^"]*+"|'[^']*+'|\S*+)""")
HEADS = re.compile(r"^(?:global|defaults|frontend|backend|listen|resolvers|peers|userlist|cache|ring|mailers|Host|Match)\b")
"""Sections at the margin of haproxy and of ssh_config."""
REPEATED = frozenset({
    "bind", "acl", "option", "use_backend", "timeout", "server", "stats", "tcp-request", "http-request", "http-response", "log", "tcp-check", "http-check",
    "errorfile", "capture", "user", "peer", "nameserver", "stick", "default-server", "filter", "setenv", "save", "rename-command", "include", "loadmodule",
    "client-output-buffer-limit", "slaveof", "sentinel", "loadfile", "LoadModule", "Listen", "Include", "IncludeOptional", "SetEnv", "RewriteRule",
    "RewriteCond", "Header", "RequestHeader", "Alias", "ScriptAlias", "ProxyPass", "ProxyPassReverse", "ProxyPassMatch", "AddType", "AddHandler", "Require",
    "BalancerMember", "ErrorDocument", "LogFormat", "CustomLog", "Redirect", "RedirectMatch", "ServerAlias", "Options", "Order", "Allow", "Deny", "Host",
    "Match", "HostKey", "AcceptEnv", "SetEnvIf", "BrowserMatch", "AddEncoding", "AddLanguage", "push", "route", "remote", "restrict", "pool", "address",
    "auto", "iface", "source", "source-directory", "allow-hotplug", "allow-auto", "up", "down", "pre-up", "post-up", "pre-down", "post-down",
})  # fmt: skip
"""Directives that may stand several times (documentation of haproxy, Redis, Apache httpd, OpenSSH, interfaces(5) and others)."""


@dataclass(slots=True)
class _Section:
    name: str
    line: int
    fields: list[tuple[str, Node]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _State:
    stack: list[_Section]
    duplicates: list[tuple[str, int]] = field(default_factory=list)
    faults: list[tuple[str, int]] = field(default_factory=list)

    def keep(self, name: str, value: str, number: int) -> None:
        section = self.stack[-1]
        if name in section.seen and name not in REPEATED:
            self.duplicates.append((name, number))
        section.seen.add(name)
        section.fields.append((name, scalar(number, _bare(value))))

    def close(self) -> None:
        done = self.stack.pop()
        self.stack[-1].fields.append((done.name, mapping(done.line, done.fields)))

    def tree(self) -> Tree:
        while len(self.stack) > 1:
            self.close()
        return Tree(roots=(mapping(1, self.stack[0].fields),), duplicates=tuple(self.duplicates), faults=tuple(self.faults))


def logical(lines: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Yield (number, line) without blank lines and comments; a backslash at the end joins the next line."""
    begun, parts = 0, list[str]()
    for number, line in enumerate(lines, start=1):
        text = beginning(line)
        if text.lstrip().startswith("#") or (not text.strip() and not parts):
            continue
        begun = begun or number
        goes_on = text.rstrip().endswith("\\")
        parts.append(text.rstrip().removesuffix("\\"))
        if not goes_on:
            yield begun, " ".join([parts[0].rstrip(), *(part.strip() for part in parts[1:])])
            begun, parts = 0, []
    if parts:
        yield begun, " ".join(part.strip() for part in parts)


def plain(lines: tuple[str, ...]) -> Tree:
    """Read `name value` and `name = value`, one to a line, inside `<Section argument>` or below a line at the margin."""
    state = _State([_Section("", 1)])
    told = list(logical(lines))
    parted = any(SECTION.match(text) for _, text in told)
    for (number, text), (_, below) in zip(told, [*told[1:], (0, "")], strict=False):
        if found := SECTION.match(text):
            _section(state, found, number)
        elif words := WORDS.match(text):
            indent, name, rest = words.groups()
            while not parted and not indent and len(state.stack) > 1:
                state.close()
            if not parted and not indent and below[:1].isspace():
                state.stack.append(_Section(f"{name} {_bare(rest)}".strip(), number))
            else:
                state.keep(name, rest, number)
    state.faults += [(f"<{open_.name}> is not closed", open_.line) for open_ in state.stack[1:] if parted]
    return state.tree()


def _section(state: _State, found: re.Match[str], number: int) -> None:
    closing, name, argument = found.groups()
    if not closing:
        if len(state.stack) <= DEPTH:
            state.stack.append(_Section(f"{name} {argument or ''}".strip(), number))
    elif len(state.stack) > 1 and state.stack[-1].name.split(" ", 1)[0].lower() == name.lower():
        state.close()
    else:
        state.faults.append((f"</{name}> closes nothing", number))


def indented(lines: tuple[str, ...]) -> Tree:
    """Read section names at the margin and their settings; `timeout connect` and the like keep their second word.

    Where nothing is indented only the known names begin a section.
    """
    state = _State([_Section("", 1)])
    is_flat = not any(line[:1].isspace() and line.strip() for line in lines)
    for number, text in logical(lines):
        found = WORDS.match(text)
        if not found:
            continue
        indent, name, rest = found.groups()
        if not indent and (not is_flat or HEADS.match(text)):
            while len(state.stack) > 1:
                state.close()
            state.stack.append(_Section(f"{name} {_bare(rest)}".strip(), number))
        elif name in {"timeout", "server", "option"} and rest.strip():
            second, _, value = rest.strip().partition(" ")
            state.keep(f"{name} {second}", value, number)
        else:
            state.keep(name, rest, number)
    return state.tree()


def dockerfile(lines: tuple[str, ...]) -> Tree:
    """Read one map per stage, named after its image or its `AS`; variables of ENV and ARG by their names."""
    state = _State([_Section("", 1)])
    for number, text in logical(lines):
        name, _, rest = text.strip().partition(" ")
        name = name.upper()
        if name == "FROM" and (found := STAGE.match(text.strip())):
            while len(state.stack) > 1:
                state.close()
            image, alias = found.groups()
            state.stack.append(_Section(f"stage {alias or image}", number))
        if name in {"ENV", "ARG", "LABEL"}:
            _variables(state, name, rest.strip(), number)
        else:
            value = found.group(1) if name == "FROM" and (found := STAGE.match(text.strip())) else rest.strip()
            state.stack[-1].fields.append((name, scalar(number, value)))
    return state.tree()


def _variables(state: _State, name: str, rest: str, number: int) -> None:
    pairs = [(found.group(1), found.group(2).strip("\"'")) for found in VARIABLES.finditer(rest)]
    if not pairs and (words := rest.split(maxsplit=1)):
        pairs = [(words[0], words[1] if len(words) > 1 else "")]
    state.stack[-1].fields += [(f"{name} {key}", scalar(number, value)) for key, value in pairs]


def _bare(text: str) -> str:
    value = text.split(" #", maxsplit=1)[0].strip()
    return (
        value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" and value[0] not in value[1:-1] else value
    )
