"""Expressions that name other parts of a document: Terraform's `var.x`, placeholders without a default."""

from __future__ import annotations

import re

from domain.evidence.configs.settings import Configuration

NAMED = re.compile(r"(?<![\w.\-\"])(var|local|module)\.([A-Za-z_][\w\-]{0,100})")
RESOURCE = re.compile(r"(?<![\w.\-\"/])(data\.)?([a-z][a-z0-9]{0,30}_[a-z0-9_]{1,60})\.([A-Za-z_][\w\-]{0,100})\b")
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Za-z_]\w{0,100})\}")
REQUIRED = 20
"""Placeholders without a default that are told."""


def remark(configuration: Configuration) -> None:
    """Say which expressions name nothing."""
    if configuration.tree.language == "hcl":
        _terraform(configuration)
    _placeholders(configuration)


def _terraform(configuration: Configuration) -> None:
    """Find variables, locals, modules and resources of a known type that are not there; none where the file defines no other."""
    defined = _defined(configuration)
    for setting in configuration.settings:
        text = setting.text[:4096]
        wanted = [(kind, name) for kind, name in NAMED.findall(text)]
        wanted += [(f"{data}{kind}", name) for data, kind, name in RESOURCE.findall(text)]
        for kind, name in wanted:
            if defined.get(kind) and name not in defined[kind]:
                statement = f"{setting.where} names {kind}.{name}, which this file does not define"
                configuration.dangles(setting.path, setting.line, 3.5, statement, to=f"{kind}.{name}")


def _defined(configuration: Configuration) -> dict[str, set[str]]:
    """Return kind → names; a resource's kind is its type, `data.` before it where it is only read."""
    defined: dict[str, set[str]] = {}
    for root in configuration.tree.roots:
        for key, child in root.fields:
            kind, *labels = key.split(" ")
            if kind == "locals":
                defined.setdefault("local", set()).update(name for name, _ in child.fields)
            elif kind in {"variable", "module"} and labels:
                defined.setdefault({"variable": "var"}.get(kind, kind), set()).add(labels[0])
            elif kind in {"resource", "data"} and len(labels) == 2:
                defined.setdefault({"data": "data."}.get(kind, "") + labels[0], set()).add(labels[1])
    return defined


def _placeholders(configuration: Configuration) -> None:
    """Count placeholders of an env or Compose file that neither have a default nor are set above."""
    known = {setting.name for setting in configuration.settings}
    if configuration.tree.language not in {"properties", "dockerfile"}:
        return
    told = 0
    for setting in configuration.settings:
        for name in VARIABLE.findall(setting.text[:4096]):
            if (
                name not in known
                and f"ARG {name}" not in known
                and f"ENV {name}" not in known
                and told < REQUIRED
                and name.isupper()
            ):
                told += 1
                statement = f"{setting.where} is filled from {name}, which this file does not set"
                configuration.dangles(setting.path, setting.line, 1.0, statement, to=name)
