"""Statements in curly braces as nginx, named and Caddy write them: words until `;`, `{`, `}` or, without semicolons, a line's end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter

from domain.evidence.structure.trees import DEPTH, Node, Scalar, Tree, mapping, scalar

TOKEN = re.compile(
    r"""[ \t\r]++|\n|\#[^\n]*+|[{};]|"(?:[^"\\]|\\.){0,4000}+"|'(?:[^'\\]|\\.){0,4000}+'|(?:\$\{[^}\n]*+\}|[^\s;{}])++""",
    re.DOTALL,
)
"""Blanks, a line's end, a comment, a sign, a quoted word, a bare word with `${names}` in it."""
SOME = 0.2
"""Least share of lines that end with a semicolon in a file whose statements end there."""
REPEATED = frozenset({
    "server", "listen", "location", "upstream", "include", "allow", "deny", "add_header", "proxy_set_header", "set", "rewrite", "map", "log_format",
    "access_log", "if", "return", "acl", "zone", "geo", "limit_req", "proxy_pass_header", "fastcgi_param", "load_module", "split_clients", "error_page",
    "proxy_hide_header", "set_real_ip_from", "view", "key", "header", "import", "reverse_proxy", "handle", "route", "to", "forwarders", "limit_conn",
    "limit_req_zone", "limit_conn_zone", "proxy_cache_path", "proxy_cache_valid", "types", "sub_filter", "auth_request_set", "env", "uwsgi_param",
})  # fmt: skip
"""Directives that may stand several times (nginx, named and Caddy documentation)."""


@dataclass(slots=True)
class _Block:
    name: str
    line: int
    fields: list[tuple[str, Node]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _State:
    ends_with_line: bool
    stack: list[_Block]
    words: list[str] = field(default_factory=list)
    began: int = 1
    duplicates: list[tuple[str, int]] = field(default_factory=list)
    faults: list[tuple[str, int]] = field(default_factory=list)
    deep: int = 0
    """Blocks open below the deepest that is kept."""


def read(lines: tuple[str, ...]) -> Tree:
    """Return blocks as maps named by all their words; a statement is its first word with the rest as value."""
    filled = [line.rstrip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    ending = sum(line.endswith(";") or "; #" in line for line in filled)
    state = _State(ends_with_line=ending < SOME * len(filled), stack=[_Block("", 1)])
    for word, number in _tokens("\n".join(lines)):
        _take(state, word, number)
    _statement(state)
    while len(state.stack) > 1:
        state.faults.append((f"block {state.stack[-1].name} is not closed", state.stack[-1].line))
        _close(state.stack)
    root = mapping(1, state.stack[0].fields)
    return Tree(roots=(root,), duplicates=tuple(state.duplicates), faults=tuple(sorted(state.faults, key=itemgetter(1))))


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Yield words, signs and line ends with their lines; a quote that never closes is part of a bare word."""
    number, at = 1, 0
    while at < len(text):
        found = TOKEN.match(text, at)
        word = found.group() if found else text[at]
        at += len(word)
        if word == "\n" or not word.startswith(("#", " ", "\t", "\r")):
            yield word, number
        number += word.count("\n")


def _take(state: _State, word: str, number: int) -> None:
    if word == "{":
        _open(state, number)
    elif word == "}":
        _statement(state)
        _end(state, number)
    elif word == ";" or (word == "\n" and state.ends_with_line):
        _statement(state)
    elif word != "\n":
        if not state.words:
            state.began = number
        state.words.append(word)


def _open(state: _State, number: int) -> None:
    if len(state.stack) > DEPTH:
        state.deep += 1
        state.faults += [("nested too deeply", number)] * (state.deep == 1)
    else:
        name = " ".join(word.strip("\"'") for word in state.words if word != "=")
        state.stack.append(_Block(name, state.began if state.words else number))
    state.words = []


def _end(state: _State, number: int) -> None:
    if state.deep:
        state.deep -= 1
    elif len(state.stack) > 1:
        _close(state.stack)
    else:
        state.faults.append(("a brace closes nothing", number))


def _statement(state: _State) -> None:
    """Keep the words since the last statement as one setting."""
    words, state.words = state.words, []
    if not words:
        return
    name = words[0].strip("\"'").removesuffix("=").removesuffix(":")
    rest = [word for word in words[1:] if word not in {"=", "=>", ":"}]
    block = state.stack[-1]
    if name in block.seen and name not in REPEATED:
        state.duplicates.append((name, state.began))
    block.seen.add(name)
    block.fields.append((name, scalar(state.began, _value(rest))))


def _value(words: list[str]) -> Scalar:
    if len(words) == 1 and words[0][:1] in {'"', "'"} and len(words[0]) > 1:
        return words[0][1:-1]
    return " ".join(words)


def _close(stack: list[_Block]) -> None:
    done = stack.pop()
    stack[-1].fields.append((done.name, mapping(done.line, done.fields)))
