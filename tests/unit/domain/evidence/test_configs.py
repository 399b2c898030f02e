"""Configurations: doubles, dangling names, risky values and secrets, each with its line."""

import secrets

from domain.evidence.configs import configuration
from domain.evidence.kinds.classify import classify
from domain.evidence.structure.languages import read
from domain.evidence.values import Hint, Kind
from tests.evidence import of_kind, read_by


def reasons(text: str) -> dict[str, int]:
    return {f.attributes.get("reason", ""): f.citations[0].first for f in read_by(configuration.analyse, text).findings}


def test_a_key_that_is_set_twice_is_found() -> None:
    assert reasons("server:\n  port: 80\n  host: a\n  port: 81\n") == {"duplicate key": 4}


def test_a_secret_is_named_by_its_line_and_never_quoted_as_a_field() -> None:
    value = secrets.token_hex(12)
    parsed = read_by(configuration.analyse, f"[db]\nhost = x\npassword = {value}\n")
    assert parsed.findings[0].attributes["reason"] == "secret in clear text"
    assert value not in str(parsed.objects)
    assert reasons("db:\n  password: ${DB_PASSWORD}\n") == {}


def test_a_limit_below_its_request_is_found() -> None:
    text = "resources:\n  limits:\n    memory: 100Mi\n  requests:\n    memory: 1Gi\n"
    assert reasons(text) == {"limit below request": 3}
    assert reasons(text.replace("100Mi", "2Gi")) == {}


def test_an_upstream_that_the_file_does_not_define_is_dangling() -> None:
    text = "upstream kiln {\n  server 10.0.0.1:80;\n}\nserver {\n  location / {\n    proxy_pass http://klin;\n  }\n}\n"
    [found] = of_kind(read_by(configuration.analyse, text), "reference")
    assert (found.attributes["to"], found.citations[0].first) == ("klin", 6)
    assert of_kind(read_by(configuration.analyse, text.replace("klin", "kiln")), "reference") == []


def test_an_image_without_a_version_and_a_pool_of_zero_are_marked() -> None:
    assert reasons("image: registry.example:5000/kiln\n") == {"image not pinned": 1}
    assert reasons("image: kiln@sha256:abc\n") == {}
    assert reasons("[db]\nmax_connections = 0\n") == {"zero capacity": 2}


def test_the_language_is_chosen_by_content() -> None:
    assert read(('{"a": {"b": 1}}',)).roots[0].number("a", "b") == 1
    assert read(("[a]", "b = 1")).roots[0].text("a", "b") == "1"
    assert read(("a:", "  b: 1")).roots[0].text("a", "b") == "1"
    assert read(("A_B=1", "C=2")).roots[0].text("C") == "2"
    assert read(()).roots == ()


def test_a_cluster_object_with_a_status_is_read_as_one() -> None:
    text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: kiln\nspec:\n  replicas: 0\n"
    assert of_kind(read_by(configuration.analyse, text), "setting")[0].subject == "deployment/kiln"


def test_words_of_a_package_list_are_no_references() -> None:
    text = '[features]\ndefault = ["std"]\n[dependencies]\nserde = { version = "1", features = ["derive", "alloc"] }\n'
    assert of_kind(read_by(configuration.analyse, text), "reference") == []


def test_a_password_that_is_a_common_word_does_not_blot_out_other_words() -> None:
    parsed = read_by(
        configuration.analyse,
        "services:\n  kiln:\n    image: kiln\n    environment: {DB_PASSWORD: servicekiln}\n    name: servicekiln\n",
    )
    assert parsed.objects[0].fields["services.kiln.name"] == "servicekiln"
    assert "(secret)" in parsed.objects[0].fields.values()


def test_fifty_doubts_of_one_reason_are_told_and_the_rest_is_noted() -> None:
    parsed = read_by(configuration.analyse, "\n".join(f"a{n}: {{min: 2, max: 1}}" for n in range(60)))
    assert len(of_kind(parsed, "setting")) == 50
    assert "more than 50 settings with: least above most" in parsed.notes


def test_a_shipped_file_of_comments_is_a_configuration() -> None:
    text = "### Network\n# Where to listen.\n# Several lines say why.\n#\nbind 127.0.0.1\nport 6379\n# More words here.\ntimeout 0\nmaxmemory 2gb\n"
    found = classify(text.encode(), b"", b"", Hint())
    assert (found.kind, found.format) == (Kind.CONFIG, "directives")
