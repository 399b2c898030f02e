"""Configurations: every doubtful setting whole, and each rule from both sides."""

import secrets

from domain.evidence.configs import configuration
from domain.evidence.structure import languages
from tests import told
from tests.evidence import read_by


def test_a_configuration_is_told_whole() -> None:
    parsed = read_by(
        configuration.analyse,
        """
    name: kiln
    port: 80
    containers:
    - image: kiln
    - image: kiln:latest
    - image: host:5000/kiln
    - image: host:5000/kiln:3
    pool_size: 0
    workers: 4
    max_connections: "0"
    spare_replicas: 0
    status: failed
    other_status: failed
    resources:
      limits:
        cpu: 100m
        memory: 1Gi
        disk: 2Gi
        odd: many
      requests:
        cpu: 200m
        memory: 1Gi
        disk: 1Gi
        odd: 1
    port: 81
    """,
    )
    assert told.findings(parsed) == [
        "4 field field/kiln @12: status is failed (kiln) | field=status value=failed path=status owner=kiln",
        "4 field field/kiln @13: other_status is failed (kiln) | field=other_status value=failed path=other_status owner=kiln",
        "3.5 setting file:resources.limits.cpu @16,21: resources.limits.cpu 100m is below the request 200m | field=cpu value=100m reason=limit below request",
        "3 setting file:pool_size @8: pool_size is 0 | field=pool_size value=0 reason=zero capacity",
        "3 setting file:max_connections @10: max_connections is 0 | field=max_connections value=0 reason=zero capacity",
        "2.5 setting file:port @25: port is set twice | field=port reason=duplicate key",
        "1 setting file:containers.0.image @4: containers.0.image: kiln is not pinned | field=image value=kiln reason=image not pinned",
        "1 setting file:containers.1.image @5: containers.1.image: kiln:latest is not pinned | field=image value=kiln:latest reason=image not pinned",
        "1 setting file:containers.2.image @6: containers.2.image: host:5000/kiln is not pinned | field=image value=host:5000/kiln reason=image not pinned",
    ]
    assert told.objects(parsed)[:1] == [
        "file/sample @1 name=kiln port=81 containers.0.image=kiln containers.1.image=kiln:latest containers.2.image=host:5000/kiln containers.3.image=host:5000/kiln:3 pool_size=0 workers=4 max_connections=0 spare_replicas=0 status=failed other_status=failed resources.limits.cpu=100m resources.limits.memory=1Gi resources.limits.disk=2Gi resources.limits.odd=many resources.requests.cpu=200m resources.requests.memory=1Gi resources.requests.disk=1Gi resources.requests.odd=1",
    ]
    assert parsed.summary == "21 settings, 9 findings"
    assert parsed.share_parsed == 1.0


def test_a_telling_state_is_kept_where_nothing_else_is_doubtful() -> None:
    parsed = read_by(
        configuration.analyse,
        """
    name: kiln
    status: failed
    phase: pending
    enabled: false
    """,
    )
    assert told.findings(parsed) == [
        "4 field field/kiln @2: status is failed (kiln) | field=status value=failed path=status owner=kiln",
        "2.5 field field/kiln @3: phase is pending (kiln) | field=phase value=pending path=phase owner=kiln",
        "1 restraint file:enabled @4: enabled is false (kiln) | field=enabled value=false about=kiln",
    ]
    assert told.objects(parsed)[:1] == [
        "file/sample @1 name=kiln status=failed phase=pending enabled=false",
    ]
    assert parsed.summary == "4 settings, 2 findings"
    assert parsed.share_parsed == 1.0


def test_a_secret_in_clear_text_has_six_characters_and_is_no_placeholder() -> None:
    made = secrets.token_hex(8)
    text = f"[db]\npassword = {made}\nuser = {made}\n[api]\ntoken = {made[:6]}\nsecret = {made[:5]}\napi_key = ${{KEY_OF_API}}\n"
    parsed = read_by(configuration.analyse, text)
    assert told.findings(parsed) == [
        "1 setting file:db.password @2: db.password holds a secret in clear text | field=password reason=secret in clear text",
        "1 setting file:api.token @5: api.token holds a secret in clear text | field=token reason=secret in clear text",
    ]
    assert told.objects(parsed)[:1] == [
        "file/sample @2 db.password=(secret) db.user=(secret) api.token=(secret) api.secret=(secret) api.api_key=(secret)"
    ]
    assert parsed.summary == "5 settings, 2 findings"


def test_fifty_doubles_and_four_hundred_settings_are_kept() -> None:
    text = "\n".join(f"key{n}: {n}" for n in range(401)) + "\n" + "\n".join(f"key{n}: {n}" for n in range(51))
    parsed = read_by(configuration.analyse, text)
    assert len(parsed.findings) == 50
    assert len(parsed.objects[0].fields) == 400


def test_a_broken_document_is_parsed_up_to_its_break() -> None:
    assert read_by(configuration.analyse, '{"a": 1,\n "b": 2,\n oops\n}').share_parsed == 3 / 4
    assert read_by(configuration.analyse, "<xml/>").share_parsed == 1.0
    assert read_by(configuration.analyse, "<xml/>").objects[0].fields == {}


def test_the_reader_fits_the_language() -> None:
    assert languages.read(("", '[{"a": 1}]')).roots[0].items[0].number("a") == 1
    assert languages.read(("[a]", "x = y{")).roots[0].text("a", "x") == "y{"
    haproxy = ("global", "  maxconn 10", "backend api", "  balance roundrobin", "  mode http")
    assert languages.read(haproxy).roots[0].text("backend api", "mode") == "http"
    one_head = ("global", "  maxconn 10", "  mode http", "a: 1", "b: 2")
    assert languages.read(one_head).roots[0].get("global") is None
    third = ("global", "defaults", "frontend x", "  mode http", "  bind :80", "  log a:b c")
    assert languages.read(third).roots[0].text("frontend x", "mode") == "http"


def test_a_state_of_a_cluster_object_is_kept_where_nothing_else_is_doubtful() -> None:
    parsed = read_by(
        configuration.analyse,
        """
    kind: Oven
    metadata:
      name: kiln
    state: failed
    phase: pending
    health: down
    """,
    )
    assert told.findings(parsed) == [
        "2 field file:state @4: state is failed | value=failed field=state",
    ]
    assert told.objects(parsed) == [
        "oven/kiln @3",
        "file/sample @1 kind=Oven metadata.name=kiln state=failed phase=pending health=down",
    ]
    assert parsed.summary == "5 settings, 1 findings"
    assert parsed.share_parsed == 1.0


def test_upstreams_and_back_ends_must_be_defined() -> None:
    parsed = read_by(
        configuration.analyse,
        """
    upstream kiln {
      server 10.0.0.1:80;
    }
    server {
      location / {
        proxy_pass http://kiln;
      }
      location /a {
        proxy_pass http://klin:80/;
      }
      location /b {
        proxy_pass http://kiln.test;
      }
      location /c {
        proxy_pass http://$host;
      }
    }
    """,
    )
    assert told.findings(parsed) == [
        "3.5 reference file:server.location /a.proxy_pass @9: proxy_pass names klin, which the file does not define | value=klin from=server.location /a.proxy_pass to=klin reason=not defined",
    ]
    assert told.objects(parsed)[:1] == [
        "file/sample @2 upstream kiln.server=10.0.0.1:80 server.location /.proxy_pass=http://kiln server.location /a.proxy_pass=http://klin:80/ server.location /b.proxy_pass=http://kiln.test server.location /c.proxy_pass=http://$host",
    ]
    assert parsed.summary == "5 settings, 1 findings"
    assert parsed.share_parsed == 1.0


def test_a_front_end_must_name_a_back_end_of_the_file() -> None:
    parsed = read_by(
        configuration.analyse,
        """
    global
      maxconn 10
    frontend web
      use_backend api if x
      use_backend gone if y
      default_backend lost
    backend api
      balance roundrobin
    """,
    )
    assert told.findings(parsed) == [
        "3.5 reference file:frontend web.use_backend @5: use_backend names gone, which the file does not define | value=gone from=frontend web.use_backend to=gone reason=not defined",
        "3.5 reference file:frontend web.default_backend @6: default_backend names lost, which the file does not define | value=lost from=frontend web.default_backend to=lost reason=not defined",
    ]
    assert told.objects(parsed)[:1] == [
        "file/sample @2 global.maxconn=10 frontend web.use_backend=gone if y frontend web.default_backend=lost backend api.balance=roundrobin",
    ]
    assert parsed.summary == "5 settings, 2 findings"
    assert parsed.share_parsed == 1.0


def test_names_dangle_only_where_something_is_defined() -> None:
    parsed = read_by(
        configuration.analyse,
        """
    server {
      location / {
        proxy_pass http://kiln;
      }
    }
    """,
    )
    assert told.findings(parsed) == []
    assert told.objects(parsed)[:1] == [
        "file/sample @3 server.location /.proxy_pass=http://kiln",
    ]
    assert parsed.summary == "1 settings, 0 findings"
    assert parsed.share_parsed == 1.0


def test_limits_or_requests_alone_are_in_order() -> None:
    assert told.findings(read_by(configuration.analyse, "a:\n  limits:\n    cpu: 1\nb:\n  requests:\n    cpu: 2\n")) == []


def test_indented_directives_must_be_a_third_of_the_lines() -> None:
    heads = ("global", "defaults", "frontend x", "backend y")
    assert languages.read((*heads, "  mode http", "  bind :80")).roots[0].get("backend y") is not None
    assert languages.read((*heads, "  mode http", "a: 1", "b: 2", "c: 3")).roots[0].get("backend y") is None
