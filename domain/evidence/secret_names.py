"""Which settings hold secrets, told from their names alone; whatever shows a value asks here first."""

from __future__ import annotations

import re

NAMED = re.compile(
    r"(?i)(?:pass(?:word|wd|phrase)?|pwd|secret|token|api_?key|access_?key|secret_?key|private_?key|credential|auth_?key|signing_?key|requirepass"
    r"|masterauth)s?$"
)
"""Ends of names whose values are nobody's to read."""
PASSWORD = re.compile(r"(?i)(?:pass(?:word|wd|phrase)?|pwd)s?$")
"""Those that stand beside an address and open it."""
PASSED = re.compile(r"(?:proxy|grpc|fastcgi|uwsgi|scgi)_pass$")
"""Directives of nginx that pass a request on."""


def is_secret(name: str) -> bool:
    """Tell whether a setting's name says that its value is a secret."""
    return NAMED.search(name) is not None and PASSED.search(name) is None
