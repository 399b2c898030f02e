"""TLS: certificates that ended, that nobody trusts, that name another host; and plain text where it is spoken."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.catalogue.network import HOST
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")

TLS_EXPIRED = Family(
    id="tls_expired",
    category=Category.SECURITY,
    depth=2,
    title="A certificate of {subject} has expired[[ ({date})]]",
    decisive=(
        Rule(
            pattern=r"certificate(?: [\w.-]{1,80}){0,4}? (?:has |is |was )?expired(?: (?:on|at|since) (?P<date>[\d:T .+Z-]{8,40}))?|cert(?:ificate)?_?has_?expired|expired certificate|validity check failed|certificateexpiredexception",
            weight=3,
            meaning="the certificate is past its end",
        ),
        Rule(
            pattern=r"x509: .{0,60}(?:expired|current time \S{1,40} is after (?P<date>\S{1,40}))|sslv3 alert certificate expired|notafter.{0,60}expired",
            weight=3,
            meaning="the certificate is past its end",
        ),
    ),
    supports=(Rule(pattern=r"tls handshake|ssl (?:handshake|error)", weight=0.5, meaning="handshakes fail"),),
    refutes=(
        Rule(
            pattern=r"certificate (?:was )?(?:renewed|rotated|reloaded) successfully|(?<!expired or )is not yet valid|current time \S{1,40} is before|clock skew",
            meaning="the certificate is valid, or the clock is wrong",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Read the dates of the certificate that is served",
            command="openssl s_client -connect <host>:<port> </dev/null | openssl x509 -noout -dates -subject",
            why="an end before now confirms it",
        ),
    ),
    actions=(
        fix(
            text="Renew the certificate of {subject} and reload it",
            state_change="the certificate",
            blast_radius="users",
            verify="the handshake succeeds and the end lies in the future",
        ),
    ),
    effects=("crash_loop", "dependency_down", "unready", "exception", "job_failed"),
)

TLS_UNTRUSTED = Family(
    id="tls_untrusted",
    category=Category.SECURITY,
    depth=2,
    title="{subject} does not trust the certificate that it is shown",
    decisive=(
        Rule(
            pattern=r"signed by unknown authority|self[- ]signed certificate|unable to (?:get local issuer|verify the first) certificate|pkix path building failed|unknown ca\b|certificate verify failed(?!.{0,80}(?:expired|hostname))",
            weight=3,
            meaning="the issuer is not trusted",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"certificate (?:has )?expired|hostname mismatch|trust store (?:was )?updated",
            meaning="the issuer is not the problem",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Compare issuer and trust store",
            command="openssl s_client -showcerts -connect <host>:<port> </dev/null",
            why="an issuer that the caller lacks confirms it",
        ),
    ),
    actions=(
        fix(
            text="Add the issuer to the trust store of {subject}, or serve the whole chain",
            state_change="a trust store or certificate",
            blast_radius="service",
            verify="the handshake succeeds",
        ),
    ),
    effects=("dependency_down", "crash_loop", "exception"),
)

TLS_NAME = Family(
    id="tls_name",
    category=Category.SECURITY,
    depth=2,
    title="The certificate does not name the host that {subject} calls[[: {host}]]",
    decisive=(
        Rule(
            pattern=rf"certificate is valid for .{{1,200}}, not (?P<host>{HOST})|hostname mismatch|host ?name/ip does not match certificate|no (?:subject )?alternative (?:dns )?names? .{{0,40}}(?:matching|match)|doesn'?t match (?:the )?(?:host|certificate)",
            weight=3,
            meaning="the name is not in the certificate",
        ),
    ),
    refutes=(Rule(pattern=r"certificate (?:was )?(?:reissued|renewed) (?:for|with)", meaning="a new certificate names it"),),
    checks=(
        CheckTemplate(
            text="Read the names in the certificate",
            command="openssl s_client -connect <host>:<port> </dev/null | openssl x509 -noout -ext subjectAltName",
            why="absent confirms it",
        ),
    ),
    actions=(
        fix(
            text="Reissue the certificate with the name, or call by a name that it has",
            state_change="a certificate or setting",
            blast_radius="users",
            verify="the handshake succeeds",
        ),
    ),
    effects=("dependency_down", "exception"),
)

TLS_PLAIN = Family(
    id="tls_plain",
    called="plain text where TLS is spoken",
    category=Category.CONFIG,
    depth=2,
    title="{subject} speaks plain text where TLS is spoken, or the reverse[[: {host}]]",
    decisive=(
        Rule(
            pattern=rf"(?:https?://(?P<host>{HOST}(?::\d{{1,5}})?).{{0,200}})?(?:unrecognized ssl message|not an ssl/tls record|wrong version number|first record does not look like a tls handshake|plain http request was sent to https port|client sent an http request to an https server|server gave http response to https client)",
            weight=3,
            meaning="one side speaks TLS and the other does not",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"probe failed|tls handshake (?:succeeded|complete)|ssl handshake (?:succeeded|complete)",
            meaning="a probe speaks so, or the handshake succeeds",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Ask the address in both ways",
            command="curl -sv http://<host>:<port>/ ; curl -skv https://<host>:<port>/",
            why="an answer to the other way than the configured one confirms it",
        ),
    ),
    actions=(
        fix(
            text="Set the scheme or the port that {subject} calls to what the other side speaks",
            state_change="a setting",
            verify="requests to it succeed",
        ),
    ),
    effects=("dependency_down", "crash_loop", "unready", "exception", "job_failed"),
)
