"""Files in config maps: read as settings in the language they are written in, from YAML and from descriptions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.evidence.analyse import analyse
from domain.evidence.commands.kubernetes.config_maps import held
from domain.evidence.structure import languages
from domain.evidence.values import Context, Document

NGINX = "server {\n    listen 8000;\n    location /orders/ { proxy_pass http://orders:7001/; }\n}"
MYSQL = "[mysqld]\nmax_connections = 20\nread_only=1"


def as_yaml(key: str, text: str) -> str:
    block = "".join(f"    {line}\n" for line in text.split("\n"))
    return (
        f"apiVersion: v1\ndata:\n  mode: fast\n  {key}: |\n{block}kind: ConfigMap\nmetadata:\n  name: shop\n  namespace: yard\n"
    )


def as_described(key: str, text: str) -> str:
    return f"Name:         shop\nNamespace:    yard\nLabels:       <none>\nAnnotations:  <none>\n\nData\n====\nmode:\n----\nfast\n\n{key}:\n----\n{text}\n\n\nBinaryData\n====\n\nEvents:  <none>\n"


def fields(text: str, command: str) -> dict[str, str]:
    document = Document(evidence="e", name="e", chunks=(text.encode(),), size=len(text), command=command)
    found = {one.id: one.fields for one in analyse(document, Context()).objects}
    return {name: value for name, value in found["configmap/shop"].items() if name.startswith(("data.", "route."))}


@pytest.mark.parametrize(
    ("form", "command"),
    [(as_yaml, "kubectl get configmap shop -o yaml"), (as_described, "kubectl describe configmap shop")],
)
def test_files_of_other_languages_are_read_in_both_views(form: Callable[[str, str], str], command: str) -> None:
    assert fields(form("my.cnf", MYSQL), command) == {
        "data.mode": "fast",
        "data.my.cnf.mysqld.max_connections": "20",
        "data.my.cnf.mysqld.read_only": "1",
    }
    assert fields(form("default.conf", NGINX), command) == {
        "data.mode": "fast",
        "data.default.conf.server.listen": "8000",
        "data.default.conf.server.location /orders/.proxy_pass": "http://orders:7001/",
        "route./orders/": "orders",
    }


def test_a_file_with_secrets_keeps_their_fingerprints_only() -> None:
    found = held({"app.properties": "db.user=web\ndb.password=open-sesame\n"})
    assert found["data.app.properties.db.user"] == "web"
    assert "sesame" not in str(found)


def test_scripts_and_certificates_hold_no_settings() -> None:
    assert held({"run.sh": "A=1\nB=2\n", "ca.crt": "-----BEGIN\nx=1\n"}) == {}


def test_a_configuration_of_braces_is_not_taken_for_yaml_because_of_a_bar() -> None:
    assert languages.language(("http {", "  log_format main: |", "}")) != "yaml"


def test_keys_at_the_margin_with_a_block_below_are_yaml_whatever_the_block_holds() -> None:
    assert languages.language(("kind: ConfigMap", "data:", "  a.ini: |", "    [main]", "    a=1")) == "yaml"
