"""Configuration languages."""

from __future__ import annotations

import secrets

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

SECRET = secrets.token_hex(8)

JSON_TEXT = r"""{
  // tolerated
  "server": {"port": 8080, "admin_port": 8080, "timeout": "10 parsecs"},
  "pool": {"min": 20, "max": 5, "enabled": "yse"},
  "servers": [
    {"name": "a", "weight": 1, "slow": true},
    {"name": "b", "weight": 2, "slow": false},
    {"name": "c", "weight": 3, "slow": true},
    {"name": "d", "weight": "lots", "slow": true}
  ],
  "schema": {"$ref": "#/definitions/order"},
  "definitions": {"item": {}},
  "server": {}
}
"""

YAML_TEXT = r"""# two documents, one anchor
base: &base
  retries: 3
  timeout: 5s
jobs:
  - &first
    name: sweep
    <<: *base
  - name: mail
    <<: *base
    script: |
      set -e
      run: not a key
    notes: >-
      folded
      text
    targets: [a.example, "b, c", {host: d, port: 80}]
---
other: *base
flow: {a: 1,
  b: [x,
      y]}
"""

TAB_TEXT = r"""a:
  b: 1
	c: 2
  d: *nope
"""

TOML_TEXT = r"""title = "orders"
[server]
host = "0.0.0.0"
port = 8080
read_timeout = "5s"
[database]
url = "postgres://app:@SECRET@@db/orders"
pool_size = 0
max_idle = 10
min_idle = 20
[[jobs]]
name = "sweep"
every = "5m"
[[jobs]]
name = "mail"
every = "5 parsecs"
[features]
checkout = { enabled = true, share = 0.5 }
hosts = [
  "a",
  "b", # second
]
[database]
x = 1
""".replace("@SECRET@", SECRET)

INI_TEXT = r"""[client]
port = 3306
socket = /var/run/mysqld/mysqld.sock

[mysqld]
skip-name-resolve
bind-address = 0.0.0.0
max_connections = 100
innodb_buffer_pool_size = 4G
wait_timeout = -5
max_connections = 200
!includedir /etc/mysql/conf.d/
"""

ENV_TEXT = r"""APP_ENV=production
DB_HOST=db.internal
DB_PORT=54320000
DATABASE_URL=postgres://u:@SECRET@@db:5432/x
export API_TOKEN="@SECRET@"
CACHE_URL=redis://${REDIS_HOST}:6379
CERT_EXPIRES=2025-01-01T00:00:00Z
""".replace("@SECRET@", SECRET)

FORMATS: tuple[Format, ...] = (
    Format(
        name="JSON with comments",
        kind=Kind.CONFIG,
        source="RFC 8259, comments as JSONC has them",
        example=JSON_TEXT,
        rows={
            "server/a": 6,
            "server/b": 7,
            "server/c": 8,
            "server/d": 9,
            "section/server": 3,
            "section/pool": 4,
            "section/schema": 11,
            "section/definitions": 12,
            "definition/item": 12,
            "section/definitions.item": 12,
        },
        must=(
            Must(what="least above most", kind="setting", line=4, says="pool.min 20 is above max 5"),
            Must(
                what="a name that nothing bears",
                kind="reference",
                line=11,
                says="schema.$ref points to #/definitions/order, which is not there",
            ),
            Must(what="unknown unit", kind="setting", line=3, says="server.timeout is 10 parsecs: parsecs is no unit of time"),
            Must(
                what="port used twice",
                kind="setting",
                line=3,
                says="server.admin_port takes port 8080, which server.port takes too",
            ),
            Must(what="duplicate key", kind="setting", line=13, says="server is set twice"),
            Must(what="no truth value", kind="setting", line=4, says="pool.enabled is yse, neither true nor false"),
            Must(
                what="another type than its siblings",
                kind="setting",
                line=9,
                says="servers.weight is lots, where 3 siblings hold a number",
            ),
        ),
    ),
    Format(
        name="YAML with anchors and several documents",
        kind=Kind.CONFIG,
        source="YAML 1.2",
        example=YAML_TEXT,
        rows={"job/sweep": 7, "job/mail": 9, "section/base": 2, "target/d": 17, "section/flow": 20},
        must=(Must(what="syntax", kind="setting", line=19, says="line 19: alias *base is not defined above"),),
    ),
    Format(
        name="YAML with a tab",
        kind=Kind.CONFIG,
        source="YAML 1.2",
        example=TAB_TEXT,
        rows={"section/a": 1},
        must=(Must(what="syntax", kind="setting", line=3, says="line 3: a tab stands where YAML takes blanks only"),),
    ),
    Format(
        name="TOML",
        kind=Kind.CONFIG,
        source="TOML 1.0",
        example=TOML_TEXT,
        rows={
            "job/sweep": 11,
            "job/mail": 14,
            "section/server": 2,
            "section/database": 6,
            "section/features": 17,
            "section/features.checkout": 18,
            "setting/title": 1,
            "setting/server.host": 3,
            "setting/server.port": 4,
            "setting/server.read_timeout": 5,
            "setting/database.url": 7,
            "setting/database.pool_size": 8,
            "setting/database.max_idle": 9,
            "setting/database.min_idle": 10,
            "setting/database.x": 24,
            "setting/jobs.0.name": 12,
            "setting/jobs.0.every": 13,
            "setting/jobs.1.name": 15,
            "setting/jobs.1.every": 16,
            "setting/features.checkout.enabled": 18,
            "setting/features.checkout.share": 18,
            "setting/features.hosts.0": 20,
            "setting/features.hosts.1": 21,
        },
        must=(
            Must(what="least above most", kind="setting", line=10, says="database.min_idle 20 is above max_idle 10"),
            Must(what="zero capacity", kind="setting", line=8, says="database.pool_size is 0"),
            Must(what="duplicate key", kind="setting", line=23, says="database is set twice"),
            Must(
                what="secret in clear text",
                kind="setting",
                line=7,
                says="database.url holds a password in an address in clear text",
            ),
        ),
    ),
    Format(
        name="my.cnf",
        kind=Kind.CONFIG,
        source='MySQL reference, "Using Option Files"',
        example=INI_TEXT,
        rows={
            "section/client": 1,
            "section/mysqld": 5,
            "setting/client.port": 2,
            "setting/client.socket": 3,
            "setting/mysqld.skip-name-resolve": 6,
            "setting/mysqld.bind-address": 7,
            "setting/mysqld.max_connections": 8,
            "setting/mysqld.innodb_buffer_pool_size": 9,
            "setting/mysqld.wait_timeout": 10,
        },
        must=(
            Must(what="negative amount", kind="setting", line=10, says="mysqld.wait_timeout is -5, less than nothing"),
            Must(what="duplicate key", kind="setting", line=11, says="max_connections is set twice"),
        ),
    ),
    Format(
        name="env file",
        kind=Kind.CONFIG,
        source='Compose documentation, "Env file syntax"',
        example=ENV_TEXT,
        rows={
            "setting/app_env": 1,
            "setting/db_host": 2,
            "setting/db_port": 3,
            "setting/database_url": 4,
            "setting/api_token": 5,
            "setting/cache_url": 6,
            "setting/cert_expires": 7,
        },
        must=(
            Must(what="port out of range", kind="setting", line=3, says="DB_PORT is 54320000, which is no port"),
            Must(
                what="expired date",
                kind="setting",
                line=7,
                says="CERT_EXPIRES 2025-01-01T00:00:00Z is past: 489 days before this was taken",
            ),
            Must(
                what="secret in clear text",
                kind="setting",
                line=4,
                says="DATABASE_URL holds a password in an address in clear text",
            ),
            Must(what="secret in clear text, again", kind="setting", line=5, says="API_TOKEN holds a secret in clear text"),
            Must(
                what="a name that nothing bears",
                kind="reference",
                line=6,
                says="CACHE_URL is filled from REDIS_HOST, which this file does not set",
            ),
        ),
    ),
)
