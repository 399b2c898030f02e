"""What lines of commands about networks look like: format → patterns, as in `fingerprints.COMMANDS`."""

from __future__ import annotations

from collections.abc import Mapping

NETWORKS: Mapping[str, tuple[str, ...]] = {
    "sockets": (
        r"^(?:Netid|Proto)\s+(?:State|Recv-Q)", r"^(?:tcp|udp)\S*\s+\S+\s+\d+", r"^State\s+Recv-Q\s+Send-Q",
        r"^(?:LISTEN|ESTAB|TIME-WAIT|CLOSE-WAIT|SYN-SENT|FIN-WAIT-\d)\s+\d+\s+\d+\s", r"^Active (?:Internet|UNIX domain) (?:connections|sockets)",
    ),
    "socket summary": (r"^TCP:\s+\d+ \(estab \d+", r"^Transport\s+Total\s+IP", r"^(?:Ip|Icmp|Tcp|Udp|TcpExt|UdpLite|IpExt|IcmpMsg):$", r"^\s{4}\d+ [a-zA-Z][a-z ]{8,}"),
    "links": (
        r"^\d+: \S+: <[A-Z_,\d-]*>", r"^\s+link/(?:ether|loopback|none|\w+)\s?", r"^\s+[RT]X:\s+bytes\s", r"^\s+inet6? [\da-fA-F.:]+",
        r"^\S+: flags=[\da-f]+<", r"^\S++\s++Link encap:", r"^\s+[RT]X (?:packets|errors)", r"^\S{1,40}+\s{2,}+(?:UP|DOWN|UNKNOWN)\s{2,}[\da-f.:/]{3,45}(?:\s|$)", r"^\S{1,40}+\s{2,}+(?:UP|DOWN|UNKNOWN)\s*$",
    ),
    "link counters": (r"^Kernel Interface table", r"^Iface\s+MTU\s"),
    "routes": (
        r"^(?:default|[\d.]{7,15}(?:/\d+)?|[\da-f:]{3,40}(?:/\d+)?) (?:via|dev|proto) \S+", r"^Kernel IP(?:v6)? routing table",
        r"^Destination\s+(?:Gateway|Next Hop)", r"^(?:unreachable|blackhole|prohibit) (?:default|[\d.]+|[\da-f:]+)", r"^Routing tables$",
    ),
    "neighbours": (
        r"^[\d.]{7,15} dev \S+ .{0,40}(?:REACHABLE|STALE|DELAY|FAILED|INCOMPLETE|PERMANENT)\s*$", r"^[\da-f:]{3,40} dev \S+ .{0,60}[A-Z]{5,10}\s*$",
        r"^Address\s+HWtype\s+HWaddress\s", r"^\S{1,253}+\s++(?:ether\s+[\da-fA-F:]{17}\s+[CMP!]{1,4}\s|\(incomplete\)\s+\S+\s*$)",
        r"^\S{1,253}+ \([\da-fA-F:.]{3,45}\) at (?:[\da-fA-F:]{11,17}|[<(]incomplete[>)]) ",
    ),
    "rules": (r"^\d{1,10}:\s+(?:not )?from \S.{0,200} (?:lookup \S|blackhole|unreachable|prohibit|goto \d|nop)",),
    "ping": (r"^PING \S+|^Pinging \S+", r"packet loss|\(\d+% loss\)", r"bytes from .*(?:icmp_seq|ttl)[= ]|Reply from .* TTL=", r"^(?:Request timeout for icmp_seq|Request timed out)"),
    "traceroute": (
        r"^traceroute to |^Tracing route to |^tracepath to ", r"^\s*\d+\s+(?:\S+ \(|\* \* \*)", r"^\s{0,4}\d+\??:\s+\S+.{0,80}(?:ms|pmtu|no reply)",
        r"^\s{1,4}\d{1,3}\s+(?:<?\d+ ms|\*)\s+(?:<?\d+ ms|\*)\s", r"^HOST: \S+\s+Loss%\s+Snt", r"^\s{0,6}\d+\.\|--\s", r"^\s+Resume: pmtu",
    ),
    "dig": (r"^; <<>> DiG ", r"^;; (?:QUESTION|ANSWER|->>HEADER|connection|communications|Query|SERVER)", r"^;; Got answer", r"^\S++\s++\d+\s+IN\s+[A-Z]{1,8}\s"),
    "nslookup": (
        r"^Server:\s+\S", r"^Address:\s+\S", r"^\*\* server can't find", r"^Non-authoritative answer:",
        r"^\S++ (?:has (?:IPv6 )?address|is an alias for|mail is handled by) \S", r"^Host \S+ not found: \d|^Using domain server:", r"^;; connection timed out; no servers",
    ),
    "curl": (
        r"^\*\s+(?:Trying|Connected|TLSv|SSL|Could not|connect to|Host)\b", r"^[<>] \w+", r"^curl: \(\d+\)", r"^HTTP/[\d.]{1,3} \d{3}(?:\s|$)",
        r"^(?i:content-type|server|date|content-length|location|cache-control|connection): \S", r"^\s*time_\w+\s?[:=]\s",
    ),
    "wget": (r"^--\d{4}-\d\d-\d\d \d\d:\d\d:\d\d--\s+\S+://", r"^(?:Resolving|Connecting to) \S+.*\.\.\.", r"^HTTP request sent, awaiting response"),
    "openssl": (
        r"^CONNECTED\(\d+\)|^Connecting to [\d.]+$", r"^(?:Certificate chain|Server certificate|depth=\d|---$)", r"^verify (?:error|return)", r"^\s*Verify return code",
        r"^\s{0,12}[Nn]ot\s?(?:Before|After|before|after)\s?[:=]", r"^Certificate:$|^\s+(?:Signature Algorithm|Public Key Algorithm): ", r"^(?:subject|issuer)=",
        r"^\S+: (?:OK|verification failed)$|^error \d+ at \d+ depth lookup",
    ),
    "tcpdump": (r"^(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{3,9} (?:\S+\s+(?:In|Out|P|B|M)\s+)?(?:IP6?|ARP)[ ,]", r"> \S+: (?:Flags \[|ICMP|UDP|\d+[+*%-]* )", r"^tcpdump: |^listening on \S+, link-type|^\d+ packets (?:captured|received|dropped)"),
    "packet filter": (
        r"^Chain \S+ \((?:policy|\d+ references)", r"^(?:num\s+)?(?:\s*pkts\s+bytes\s+)?target\s+prot\s+opt\s", r"^(?:-A|:) ?\S+ .*(?:-j|ACCEPT|DROP|\[\d+:\d+\])",
        r"^\s*(?:table (?:inet|ip6?|arp|bridge|netdev) \S+|chain \S+) \{", r"^\s+type \w+ hook \w+ priority",
    ),
    "connection test": (
        r"^=+ .*(?:[Cc]onnectivity|[Cc]onnection).* =+$", r"(?:Connection (?:Succeeded|Failed)|open(?<=\sopen)$)",
        r"^(?:Connection to|nc: connect to|\(UNKNOWN\)|Ncat:|telnet:|Trying [\d.]+\.\.\.|ssh: connect to) ?\S*",
    ),
    "load test": (
        r"^(?:Requests per second|Running \d+\S+ test|Concurrency Level|Summary:|This is ApacheBench)",
        r"^\s*(?:Latency|Requests/sec|http_req_duration|http_reqs|Response time histogram|Latency distribution)", r"^\s+(?:\d+%|\d+% in)\s+[\d.]+", r"^\s*(?:✓|✗|checks\.{3})",
    ),
}  # fmt: skip
"""Two patterns of a format, or half of all lines matching one, name the command."""
DATED = frozenset({"tcpdump"})
"""Formats whose every row begins with a clock though it is no log."""
