"""Word lists of the detectors: data, so that the rules beside them stay readable."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SYSTEM_ACCOUNTS = _words(
    "root postgres mysql news uucp runner operator backup cyrus games man lp proxy gnats mariadb mongodb redis nginx apache apache2 www-data nobody daemon bin sys admin administrator system "
    "service services guest anonymous kube kubelet kube-proxy etcd docker containerd prometheus grafana elasticsearch kafka "
    "zookeeper rabbitmq hdfs yarn hadoop hbase spark airflow jenkins git ubuntu debian centos ec2-user vagrant sshd ftp mail "
    "postfix ntp syslog messagebus default shared public rdsadmin replicator oracle app user users"
)
"""Accounts of systems: they say what runs and nothing about whom."""

NO_LOGINS = _words(
    "agent agents name names id ids is was has not null none nil undefined unknown true false error errors and or for from "
    "with by at to in on of the a an list limit session sessions string str int authentication authorization invalid failed "
    "does exists defined interface input space mode time data file"
)

ABOUT_SECRETS = _words(
    "name names ref refs file files path paths dir count counts limit limits type types policy policies expired expiry "
    "expires length len size url uri urls ttl age enabled disabled required provider providers store manager class version "
    "arn namespace mount kind id ids timeout usage used budget budgets min max minimum maximum per rate total status state "
    "valid invalid error errors failed failure failures attempts algorithm alg format mode prompt reset change changed "
    "rotation rotated issuer endpoint endpoints audience scope scopes header headers field fields tokens factory service "
    "index hint reviews review request requests response filter generator validator helper util utils exception method "
    "validation cleaner controller signer created verified verification missing duration delay interval strategy check checks "
    "keeper rotate created at by from to in on for until before after"
)
"""Last words of a key that speak about a secret and do not hold one."""

PASSWORD_WORDS = _words("password passwd passphrase passcode pass pwd requirepass masterauth bindpw rootpw pin otp psk")
"""Key words whose value is a secret whatever it looks like."""

GENERIC_ENDINGS = _words(
    "com net org edu gov mil int info biz io dev app cloud co ai tech online site xyz eu uk de fr nl us ca au jp cn ru br ch "
    "se no it es be at"
)

COUNTRY_ENDINGS = _words(
    "dk fi cz pl pt gr ie hu ro sk si hr bg tr il in kr tw hk sg my th vn id ph mx ar cl nz za ua kz lt lv ee is lu"
)
"""Endings that are no usual file extension; a country ending needs three labels or a scheme."""

KEPT_DOMAINS = _words(
    "kubernetes.io k8s.io githubusercontent.com pkg.dev nvidia.com gradle.org helm.sh opencontainers.org docker.io docker.com quay.io gcr.io ghcr.io github.com gitlab.com googleapis.com google.com "
    "amazonaws.com azure.com windows.net microsoft.com apache.org python.org "
    "ubuntu.com redhat.com fedoraproject.org elastic.co hashicorp.com grafana.com grafana.net prometheus.io "
    "istio.io cncf.io letsencrypt.org cloudflare.com w3.org golang.org go.dev rust-lang.org nodejs.org oracle.com spring.io "
    "postgresql.org mysql.com mongodb.com redis.io nginx.org nginx.com opentelemetry.io openssl.org sourceforge.net slack.com "
    "datadoghq.com newrelic.com pagerduty.com sentry.io fluentd.org envoyproxy.io linkerd.io coreos.com openshift.io "
    "openshift.com fluxcd.io argoproj.io knative.dev cilium.io projectcalico.org tigera.io rook.io longhorn.io jetstack.io "
    "aliyun.com digitalocean.com openai.com anthropic.com temporal.io stackoverflow.com example.com example.org example.net "
    "json-schema.org yaml.org schema.org xmlsoap.org springframework.org hibernate.org eclipse.org jboss.org"
)
"""Well-known vendor and documentation names; they say what failed and nothing about whom."""

PACKAGE_STARTS = _words("com org net io java javax jakarta sun jdk scala kotlin edu gov dev co ch de uk fr me system microsoft")
"""First labels of dotted names in code, where a host would have its name."""

KEPT_NETWORKS = _words(
    "0.0.0.0/8 127.0.0.0/8 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 169.254.169.254/32 255.255.255.255/32"
    " ::/128 ::1/128 2001:db8::/32 fd00:ec2::254/128"
)
"""Loopback, unspecified, broadcast, metadata and documentation addresses."""
