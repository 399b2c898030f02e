"""Whom outgoing connections trust: certificates are read once in a process, not once a connection."""

from __future__ import annotations

import ssl
from functools import cache

import httpx2


@cache
def trusted() -> ssl.SSLContext:
    """Return the authorities that a server's certificate may be of; to read them takes 20 ms, in which nothing else runs."""
    return httpx2.create_ssl_context(trust_env=False)
