"""Routes of gateways written as settings: which path goes to which service (Spring Cloud Gateway, nginx)."""

from __future__ import annotations

import re
from collections.abc import Iterator

TARGET = re.compile(r"^\s{0,40}(?:- )?uri:\s{0,4}[\"']?(?:lb|https?|grpc|ws)://(?:\$\{\w{1,100}:)?(?P<host>[\w.-]{1,253})")
NEW = re.compile(r"^\s{0,40}- id:")
WIDEST = 2_000
"""Characters of a line that are read."""
PATH = re.compile(r"\bPath=(?P<path>/[^\s,\"']{0,200})")
LOCATION = re.compile(r"^\s{0,40}location\s{1,4}(?:[~=^*]{1,2}\s{1,4})?(?P<path>/[^\s{]{0,200})")
PASSED = re.compile(r"\b(?:proxy_pass|grpc_pass)\s{1,8}(?:https?|grpc)://(?P<host>[\w.-]{1,253})")


def routes(text: str) -> Iterator[tuple[str, str]]:
    """Yield (path, host) in the order of the text; a path and its target may stand either way round."""
    path = host = ""
    for line in (whole[:WIDEST] for whole in text.split("\n")):
        if NEW.match(line):
            path = host = ""
        if found := PATH.search(line) or LOCATION.match(line):
            path = found["path"]
            host = "" if LOCATION.match(line) else host
        if found := TARGET.match(line) or PASSED.search(line):
            host = found["host"]
        if path and host:
            yield path, host
            path = host = ""
