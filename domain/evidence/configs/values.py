"""Values that are doubtful by themselves: past dates, words where siblings have numbers, ports out of range or taken twice."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

from domain.evidence import ages
from domain.evidence.configs.quantities import shape
from domain.evidence.configs.settings import Configuration, Setting
from domain.evidence.structure.trees import Node, Path, numeric, said

ENDS = re.compile(r"(?i)(?:expir\w*|not_?after|valid_?(?:until|to|thru|through)|end_?of_?life|eol|sunset|end_?date)$")
SOON = timedelta(days=14)
FLAG = re.compile(r"(?i)^(?:enabled?|disabled?|is_\w+|use_\w+|enable_\w+|disable_\w+|allow_\w+|debug|\w+[._-]enabled)$")
TRUTHS = frozenset({
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "1",
    "0",
    "y",
    "n",
    "auto",
    "always",
    "never",
    "t",
    "f",
    "enabled",
    "disabled",
    "none",
    "",
})
PORT = re.compile(r"(?i)(?:^|[_\-.]|[a-z])port$")
OWN_PORT = re.compile(r"(?i)^(?:(?:listen|http|https|grpc|admin|metrics|server|management|bind|web|health|debug)[_\-.]?)?port$")
REMOTE = frozenset({
    "host",
    "hostname",
    "url",
    "server",
    "address",
    "endpoint",
    "name",
    "protocol",
    "targetport",
    "number",
    "targetPort",
    "containerPort",
})
"""Neighbours of a port that is someone else's."""
PUBLISHED = re.compile(r"^((?:[\d.]{7,15}:)?\d{1,5}):\d{1,5}(?:/tcp)?$")
"""`8080:80` of Compose: the port of the host, with its address where one is given."""
ALIKE = 3
"""Siblings of one kind that make another kind odd."""
NAMES_ALLOWED = re.compile(
    r"(?i)port|name|value|id$|version|tag|key|label|path|target|host|description|title|image|default|command|pattern|match"
)


def remark(configuration: Configuration) -> None:
    """Say which values are doubtful by themselves."""
    for setting in configuration.of(ENDS, FLAG, PORT):
        _date(configuration, setting)
        _flag(configuration, setting)
        _port(configuration, setting)
    _taken(configuration)
    _published(configuration)
    for path, node in configuration.maps:
        for name, child in node.fields:
            if child.shape == "list":
                _odd(configuration, (*path, name), child)
                _twice(configuration, (*path, name), child)


def _date(configuration: Configuration, setting: Setting) -> None:
    if configuration.observed_at is None or not ENDS.search(setting.name) or len(setting.text) < 8:
        return
    date = ages.date(setting.text)
    if date is None or not date.tzinfo:
        return
    left = date - configuration.observed_at
    if left < timedelta(0):
        statement = f"{setting.where} {setting.text} is past: {-left.days} days before this was taken"
        configuration.doubt(setting.path, setting.line, 3.5, statement, value=setting.text, reason="expired date")
    elif left < SOON:
        statement = f"{setting.where} {setting.text} is reached in {left.days} days"
        configuration.doubt(setting.path, setting.line, 2.0, statement, value=setting.text, reason="date soon reached")


def _flag(configuration: Configuration, setting: Setting) -> None:
    text = setting.text.strip()
    if (
        FLAG.match(setting.name)
        and isinstance(setting.value, str)
        and text.isalpha()
        and len(text) < 12
        and text.lower() not in TRUTHS
    ):
        statement = f"{setting.where} is {text}, neither true nor false"
        configuration.doubt(setting.path, setting.line, 2.0, statement, value=text, reason="no truth value")


def _port(configuration: Configuration, setting: Setting) -> None:
    number = numeric(setting.value) if PORT.search(setting.name) and setting.text else None
    if number is not None and (number > 65_535 or number < -1):
        statement = f"{setting.where} is {setting.text}, which is no port"
        configuration.doubt(setting.path, setting.line, 3.5, statement, value=setting.text, reason="port out of range")


def _taken(configuration: Configuration) -> None:
    """Find two settings by which this document's own program listens on one port."""
    taken: dict[str, Setting] = {}
    names = {path: {name.lower() for name, _ in node.fields} for path, node in configuration.maps}
    for one in () if configuration.cluster else configuration.settings:
        remote = names.get(one.path[:-1], set()) & REMOTE
        if not OWN_PORT.match(one.name) or remote or not one.text.isdecimal() or one.text == "0" or one.path[-1].isdecimal():
            continue
        first = taken.setdefault(one.text, one)
        if first.path != one.path:
            statement = f"{one.where} takes port {one.text}, which {first.where} takes too"
            if configuration.doubt(one.path, one.line, 2.5, statement, value=one.text, reason="port used twice"):
                configuration.reading.also(first.line, first.text)


def _published(configuration: Configuration) -> None:
    """Find a port of the host that two Compose services publish."""
    taken: dict[str, Setting] = {}
    for one in configuration.settings:
        found = PUBLISHED.match(one.text) if one.path[:1] == ("services",) and one.path[-2:-1] == ("ports",) else None
        if not found:
            continue
        first = taken.setdefault(found.group(1), one)
        if first.path != one.path:
            statement = f"{one.where} publishes port {found.group(1).rpartition(':')[2]}, which {first.where} publishes too"
            if configuration.doubt(one.path, one.line, 3.5, statement, value=one.text, reason="port used twice"):
                configuration.reading.also(first.line, first.text)


def _odd(configuration: Configuration, path: Path, node: Node) -> None:
    """Find the one value in a list of maps that is text where its siblings are numbers, truths, times or sizes."""
    columns: dict[str, list[Node]] = {}
    for item in node.items:
        for name, child in item.fields:
            if child.shape == "scalar" and not NAMES_ALLOWED.search(name):
                columns.setdefault(name, []).append(child)
    columns[""] = [item for item in node.items if item.shape == "scalar"]
    for name, values in columns.items():
        shapes = [shape(child.value) for child in values]
        counts = Counter(shapes)
        usual, most = counts.most_common(1)[0] if counts else ("", 0)
        if most >= ALIKE and usual not in {"", "text"} and counts["text"] == 1 and most == len(values) - 1:
            odd = values[shapes.index("text")]
            where = (*path, name) if name else path
            statement = f"{'.'.join(where)} is {said(odd.value)}, where {most} siblings hold a {usual}"
            configuration.doubt(where, odd.line, 2.0, statement, value=said(odd.value), reason="another type than its siblings")


def _twice(configuration: Configuration, path: Path, node: Node) -> None:
    """Find a name that two maps of one list bear."""
    for key in ("name", "job_name", "id"):
        names: dict[str, Node] = {}
        for item in node.items:
            child = item.get(key) if item.shape == "map" else None
            text = said(child.value) if child else ""
            if (
                child
                and text
                and text in names
                and path[-1] not in {"ports", "volumeMounts", "steps", "rules", "volumeDevices", "include"}
            ):
                where = (*path, text)
                configuration.doubt(
                    where, child.line, 2.5, f"{key} {text} is used twice in {path[-1]}", value=text, reason="name used twice"
                )
                configuration.reading.also(names[text].line, text)
            elif child:
                names[text] = child
