"""Outgoing connections check whom they reach, by certificates that are read once."""

from __future__ import annotations

import ssl

from activities.adapters.model_calls import Patience, connection
from activities.adapters.trusted import trusted


async def test_connections_share_one_context_that_checks_certificates_and_names() -> None:
    assert trusted() is trusted()
    assert (trusted().verify_mode, trusted().check_hostname) == (ssl.CERT_REQUIRED, True)
    async with connection(Patience()) as first, connection(Patience()) as second:
        assert {one._transport._pool._ssl_context for one in (first, second)} == {trusted()}
