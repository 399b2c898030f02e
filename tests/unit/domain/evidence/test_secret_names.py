"""One rule says which names are secrets, wherever a value is shown."""

from __future__ import annotations

import pytest

from domain.evidence.commands.kubernetes.config_maps import held
from domain.evidence.configs.secrets import HIDDEN, masked
from domain.evidence.secret_names import is_secret

SECRETS = (
    "password", "DB_PASSWD", "ssh.passphrase", "db.pass", "MYSQL_PWD", "client_secret", "tokens", "api_key", "APIKEY", "access_key", "secretKey",
    "private_key", "credential", "credentials", "authKey", "signing_key", "requirepass", "masterauth",
)  # fmt: skip


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_by_name_is_shown_nowhere(name: str) -> None:
    value = "orchid" * 2
    assert masked(name, value) == HIDDEN
    file = "[main]\n" + f"{name} = {value}\n" + "port = 1\n"
    shown = held({"app.ini": file})
    assert shown
    assert value not in repr(shown)


@pytest.mark.parametrize("name", ["proxy_pass", "location /.grpc_pass", "host", "port", "passenger", "tokenizer", "key"])
def test_a_name_that_only_looks_like_one_is_none(name: str) -> None:
    assert not is_secret(name)
