"""Configuration of servers."""

from __future__ import annotations

import secrets

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

SECRET = secrets.token_hex(8)

NGINX = r"""worker_processes 4;
worker_rlimit_nofile 1024;
events { worker_connections 4096; }
http {
  log_format main '$remote_addr "$request" $status';
  upstream api {
    server 10.0.0.1:8080 max_fails=3;
    server 10.0.0.2:8080 backup;
  }
  server {
    listen 443 ssl;
    server_name shop.example;
    proxy_read_timeout 5s;
    location /api/ {
      proxy_pass http://apii;
      proxy_set_header Host $host;
    }
    location / {
      root /srv/www;
      root /srv/www2;
    }
  }
"""

HAPROXY = r"""global
    maxconn 4096
defaults
    mode http
    timeout connect 5s
    timeout client 10s
    timeout server 60s
frontend web
    bind *:443
    acl is_api path_beg /api
    use_backend api if is_api
    default_backend wbe
backend api
    balance roundrobin
    server a1 10.0.0.1:8080 check
    server a2 10.0.0.2:8080 check
backend web
    server w1 10.0.0.3:80 maxconn 10
"""

HTTPD = r"""ServerRoot "/etc/httpd"
Listen 80
Listen 443
MaxRequestWorkers 0
Timeout 60
<VirtualHost *:80>
    ServerName shop.example
    DocumentRoot "/srv/www"
    ProxyPass "/api" "http://10.0.0.5:8080/api" \
        timeout=5
    <Directory "/srv/www">
        Options Indexes FollowSymLinks
        AllowOverride None
        Require all granted
    </Directory>
</VirtualHost>
<IfModule mod_ssl.c>
    SSLProtocol all -SSLv3
"""

REDIS = r"""# Redis
bind 127.0.0.1 ::1
port 6379
timeout 0
tcp-keepalive 300
maxclients 10000
maxmemory 2gb
maxmemory-policy noeviction
save 900 1
save 300 10
requirepass @SECRET@
appendonly yes
appendfsync everysec
""".replace("@SECRET@", SECRET)

POSTGRESQL = r"""# - Connection Settings -
listen_addresses = '*'
port = 5432				# (change requires restart)
max_connections = 100
shared_buffers = 128MB
statement_timeout = 30s
log_line_prefix = '%m [%p] '
#autovacuum = on
min_wal_size = 4GB
max_wal_size = 1GB
"""

UNIT = r"""[Unit]
Description=Orders
After=network-online.target postgresql.service
[Service]
Type=notify
ExecStart=/usr/bin/orders \
    --port 8080
Environment=DB_PASSWORD=@SECRET@
LimitNOFILE=0
TimeoutStartSec=-3
Restart=always
[Install]
WantedBy=multi-user.target
""".replace("@SECRET@", SECRET)

FORMATS: tuple[Format, ...] = (
    Format(
        name="nginx.conf",
        kind=Kind.CONFIG,
        source="nginx documentation",
        example=NGINX,
        rows={
            "section/events": 3,
            "section/http": 4,
            "upstream/api": 6,
            "server/shop.example": 10,
            "server/10.0.0.1:8080": 7,
            "server/10.0.0.2:8080": 8,
            "location//api/": 14,
            "location//": 18,
        },
        must=(
            Must(what="syntax", kind="setting", line=4, says="line 4: block http is not closed"),
            Must(
                what="a name that nothing bears",
                kind="reference",
                line=15,
                says="proxy_pass names apii, which the file does not define",
            ),
            Must(
                what="connections above the file limit",
                kind="setting",
                line=3,
                says="events.worker_connections 4096 is more than worker_rlimit_nofile 1024 lets be open",
            ),
            Must(what="duplicate key", kind="setting", line=20, says="root is set twice"),
        ),
    ),
    Format(
        name="haproxy.cfg",
        kind=Kind.CONFIG,
        source="haproxy configuration manual",
        example=HAPROXY,
        rows={
            "section/global": 1,
            "section/defaults": 3,
            "frontend/web": 8,
            "backend/api": 13,
            "backend/web": 17,
            "timeout/connect": 5,
            "timeout/client": 6,
            "timeout/server": 7,
            "server/a1": 15,
            "server/a2": 16,
            "server/w1": 18,
        },
        must=(
            Must(
                what="a name that nothing bears",
                kind="reference",
                line=12,
                says="default_backend names wbe, which the file does not define",
            ),
            Must(
                what="caller gives up before callee",
                kind="setting",
                line=6,
                says="defaults.timeout client 10s gives up before defaults.timeout server 60s",
            ),
        ),
    ),
    Format(
        name="httpd.conf",
        kind=Kind.CONFIG,
        source='Apache httpd, "Configuration Sections"',
        example=HTTPD,
        rows={
            "virtualhost/*:80": 6,
            "ifmodule/mod_ssl.c": 17,
            'directory/"/srv/www"': 11,
            "setting/serverroot": 1,
            "setting/listen": 2,
            "setting/maxrequestworkers": 4,
            "setting/timeout": 5,
            "setting/virtualhost *:80.servername": 7,
            "setting/virtualhost *:80.documentroot": 8,
            "setting/virtualhost *:80.proxypass": 9,
            'setting/virtualhost *:80.directory "/srv/www".options': 12,
            'setting/virtualhost *:80.directory "/srv/www".allowoverride': 13,
            'setting/virtualhost *:80.directory "/srv/www".require': 14,
            "setting/ifmodule mod_ssl.c.sslprotocol": 18,
        },
        must=(
            Must(what="syntax", kind="setting", line=17, says="line 17: <IfModule mod_ssl.c> is not closed"),
            Must(what="zero capacity", kind="setting", line=4, says="MaxRequestWorkers is 0"),
        ),
    ),
    Format(
        name="redis.conf",
        kind=Kind.CONFIG,
        source='Redis documentation, "Configuration"',
        example=REDIS,
        rows={
            "setting/bind": 2,
            "setting/port": 3,
            "setting/timeout": 4,
            "setting/tcp-keepalive": 5,
            "setting/maxclients": 6,
            "setting/maxmemory": 7,
            "setting/maxmemory-policy": 8,
            "setting/save": 9,
            "setting/requirepass": 11,
            "setting/appendonly": 12,
            "setting/appendfsync": 13,
        },
        must=(Must(what="secret in clear text", kind="setting", line=11, says="requirepass holds a secret in clear text"),),
    ),
    Format(
        name="postgresql.conf",
        kind=Kind.CONFIG,
        source='PostgreSQL, "Server Configuration"',
        example=POSTGRESQL,
        rows={
            "setting/listen_addresses": 2,
            "setting/port": 3,
            "setting/max_connections": 4,
            "setting/shared_buffers": 5,
            "setting/statement_timeout": 6,
            "setting/log_line_prefix": 7,
            "setting/min_wal_size": 9,
            "setting/max_wal_size": 10,
        },
        must=(Must(what="least above most", kind="setting", line=9, says="min_wal_size 4GB is above max_wal_size 1GB"),),
    ),
    Format(
        name="systemd unit",
        kind=Kind.CONFIG,
        source="systemd.syntax, systemd.service",
        example=UNIT,
        rows={
            "section/unit": 1,
            "section/service": 4,
            "section/install": 12,
            "setting/unit.description": 2,
            "setting/unit.after": 3,
            "setting/service.type": 5,
            "setting/service.execstart": 6,
            "setting/service.environment": 8,
            "setting/service.limitnofile": 9,
            "setting/service.timeoutstartsec": 10,
            "setting/service.restart": 11,
            "setting/install.wantedby": 13,
        },
        must=(
            Must(what="zero capacity", kind="setting", line=9, says="Service.LimitNOFILE is 0"),
            Must(what="negative duration", kind="setting", line=10, says="Service.TimeoutStartSec is -3, less than nothing"),
            Must(
                what="secret in clear text",
                kind="setting",
                line=8,
                says="Service.Environment holds a secret in a command or variable in clear text",
            ),
        ),
    ),
)
