"""Networks: sockets, links, routes, reachability, names and packets."""

from __future__ import annotations

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

OUTPUT = Kind.COMMAND_OUTPUT

SS = """\
Netid State      Recv-Q Send-Q Local Address:Port  Peer Address:Port  Process
tcp   LISTEN     129    128          0.0.0.0:8080       0.0.0.0:*     users:(("kiln",pid=2210,fd=7))
tcp   LISTEN     0      4096            [::]:22            [::]:*     users:(("sshd",pid=611,fd=4))
udp   UNCONN     0      0      127.0.0.53%lo:53         0.0.0.0:*
tcp   ESTAB      0      2101200     10.0.0.1:8080      10.0.0.9:51200 users:(("kiln",pid=2210,fd=9))
tcp   SYN-SENT   0      1           10.0.0.1:41200     10.0.0.2:5432
tcp   CLOSE-WAIT 1      0           10.0.0.1:41201     10.0.0.2:5432
"""
SS_MANY = "State      Recv-Q Send-Q Local Address:Port  Peer Address:Port\n" + "".join(
    f"CLOSE-WAIT 1      0           10.0.0.1:8080      10.0.0.9:{port}\n" for port in range(51200, 51212)
)
NETSTAT = """\
Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name
tcp        0      0 0.0.0.0:8080            0.0.0.0:*               LISTEN      2210/kiln
tcp6       0      0 :::22                   :::*                    LISTEN      611/sshd
tcp        0      1 10.0.0.1:41200          10.0.0.2:5432           SYN_SENT    2210/kiln
udp        0      0 127.0.0.53:53           0.0.0.0:*                           501/resolved
"""
NETSTAT_MAC = """\
Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  192.0.2.7.51200        192.0.2.9.443          ESTABLISHED
tcp4      31      0  192.0.2.7.51201        192.0.2.9.443          CLOSE_WAIT
tcp46      0      0  *.8080                 *.*                    LISTEN
"""
SS_S = """\
Total: 9120
TCP:   9012 (estab 811, closed 8100, orphaned 12, timewait 8088)

Transport Total     IP        IPv6
RAW       0         0         0
UDP       12        8         4
TCP       912       800       112
"""
NETSTAT_S = """\
Tcp:
    41200 active connection openings
    1000000 segments sent out
    41200 segments retransmitted
TcpExt:
    4120 times the listen queue of a socket overflowed
    4131 SYNs to LISTEN sockets dropped
"""
IP_LINK = """\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    RX:  bytes  packets errors dropped  missed   mcast
       9072893    21537      0       0       0       0
    TX:  bytes  packets errors dropped carrier collsns
       9072893    21537      0       0       0       0
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    RX:  bytes  packets errors dropped  missed   mcast
    9072893921   612000      0   41200       0       0
    TX:  bytes  packets errors dropped carrier collsns
       9072893    21537      0       0       0       0
3: eth1: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc mq state DOWN mode DEFAULT group default qlen 1000
    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff
"""
IP_ADDR = """\
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
    inet 192.0.2.7/24 brd 192.0.2.255 scope global eth0
       valid_lft forever preferred_lft forever
    inet6 2001:db8::7/64 scope global
       valid_lft forever preferred_lft forever
"""
IP_BRIEF = (
    "lo               UNKNOWN        127.0.0.1/8 ::1/128\neth0             UP             192.0.2.7/24\neth1             DOWN\n"
)
IFCONFIG = """\
eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500
        inet 192.0.2.7  netmask 255.255.255.0  broadcast 192.0.2.255
        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)
        RX packets 168212  bytes 3909183723 (3.6 GiB)
        RX errors 4120  dropped 0  overruns 4120  frame 0
        TX packets 101058  bytes 11010367 (10.5 MiB)
        TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0
"""
IFCONFIG_OLD = """\
eth0      Link encap:Ethernet  HWaddr 02:00:00:00:00:01
          inet addr:192.0.2.7  Bcast:192.0.2.255  Mask:255.255.255.0
          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1
          RX packets:168212 errors:0 dropped:9120 overruns:0 frame:0
          TX packets:101058 errors:0 dropped:0 overruns:0 carrier:0
"""
ROUTES = """\
192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.7
198.51.100.0/24 via 192.0.2.1 dev eth0 linkdown
unreachable 203.0.113.0/24 metric 1024
"""
ROUTE_N = """\
Kernel IP routing table
Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
0.0.0.0         192.0.2.1       0.0.0.0         UG    0      0        0 eth0
192.0.2.0       0.0.0.0         255.255.255.0   U     0      0        0 eth0
203.0.113.0     -               255.255.255.0   !     0      -        0 -
"""
NEIGH = """\
192.0.2.1 dev eth0 lladdr 02:00:00:00:00:fe REACHABLE
192.0.2.9 dev eth0 FAILED
2001:db8::1 dev eth0 lladdr 02:00:00:00:00:fe router STALE
"""
ARP_N = """\
Address                  HWtype  HWaddress           Flags Mask            Iface
192.0.2.1                ether   02:00:00:00:00:fe   C                     eth0
192.0.2.9                        (incomplete)                              eth0
198.51.100.7             ether   02:00:00:00:00:fd   CM                    eth1
"""
ARP_A = """\
? (192.0.2.1) at 02:00:00:00:00:fe [ether] on eth0
kiln.test (192.0.2.9) at <incomplete> on eth0
? (198.51.100.7) at 2:0:0:0:0:fd on en0 ifscope [ethernet]
"""
RULES = """\
0:\tfrom all lookup local
100:\tfrom 192.0.2.0/24 lookup kiln
100:\tnot from all fwmark 0x1 lookup 100
300:\tfrom 198.51.100.9 blackhole
32766:\tfrom all lookup main
32767:\tfrom all lookup default
"""
PING = """\
PING kiln.test (192.0.2.9) 56(84) bytes of data.
64 bytes from 192.0.2.9: icmp_seq=1 ttl=57 time=11.2 ms
64 bytes from 192.0.2.9: icmp_seq=4 ttl=57 time=812 ms

--- kiln.test ping statistics ---
4 packets transmitted, 2 received, 50% packet loss, time 3004ms
rtt min/avg/max/mdev = 11.200/411.600/812.000/400.400 ms
"""
PING_WHOLE = """\
PING kiln.test (192.0.2.9) 1472(1500) bytes of data.
From 198.51.100.1 icmp_seq=1 Frag needed and DF set (mtu = 1420)
ping: local error: message too long, mtu=1420

--- kiln.test ping statistics ---
2 packets transmitted, 0 received, +2 errors, 100% packet loss, time 1009ms
"""
PING_MAC = """\
PING kiln.test (192.0.2.9): 56 data bytes
64 bytes from 192.0.2.9: icmp_seq=0 ttl=57 time=11.212 ms
Request timeout for icmp_seq 1
64 bytes from 192.0.2.9: icmp_seq=2 ttl=57 time=12.007 ms

--- kiln.test ping statistics ---
3 packets transmitted, 2 packets received, 33.3% packet loss
round-trip min/avg/max/stddev = 11.212/11.610/12.007/0.398 ms
"""
PING_WINDOWS = """\

Pinging kiln.test [192.0.2.9] with 32 bytes of data:
Reply from 192.0.2.9: bytes=32 time=11ms TTL=57
Request timed out.
Reply from 192.0.2.9: bytes=32 time<1ms TTL=57

Ping statistics for 192.0.2.9:
    Packets: Sent = 3, Received = 2, Lost = 1 (33% loss),
Approximate round trip times in milli-seconds:
    Minimum = 0ms, Maximum = 11ms, Average = 5ms
"""
MTR = """\
Start: 2026-05-04T04:12:09+0000
HOST: oak-1                       Loss%   Snt   Last   Avg  Best  Wrst StDev
  1.|-- 192.0.2.1                  0.0%    10    0.4   0.5   0.3   0.9   0.2
  2.|-- 198.51.100.1              60.0%    10    1.4   1.5   1.3   1.9   0.2
  3.|-- 198.51.100.9               0.0%    10    2.4   2.5   2.3   2.9   0.2
  4.|-- 203.0.113.9               30.0%    10   12.4  12.5  12.3  12.9   0.2
  5.|-- kiln.test                 30.0%    10   13.4  13.5  13.3  13.9   0.2
"""
TRACEROUTE = """\
traceroute to kiln.test (192.0.2.9), 30 hops max, 60 byte packets
 1  gateway (192.0.2.1)  0.411 ms  0.398 ms  0.377 ms
 2  198.51.100.1 (198.51.100.1)  1.411 ms !H  1.398 ms !H *
 3  * * *
 4  * * *
 5  * * *
"""
TRACEPATH = """\
 1?: [LOCALHOST]                      pmtu 1500
 1:  gateway                                               0.411ms
 2:  198.51.100.1                                          1.411ms pmtu 1400
 3:  kiln.test                                             9.120ms reached
     Resume: pmtu 1400 hops 3 back 3
"""
TRACERT = """\

Tracing route to kiln.test [192.0.2.9]
over a maximum of 30 hops:

  1    <1 ms    <1 ms    <1 ms  192.0.2.1
  2    11 ms    12 ms    11 ms  198.51.100.1
  3     *        *        *     Request timed out.
"""
DIG = """\
; <<>> DiG 9.18.24 <<>> kiln.test
;; global options: +cmd
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 41200
;; flags: qr rd ra; QUERY: 1, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 1

;; QUESTION SECTION:
;kiln.test.\t\t\tIN\tA

;; Query time: 4012 msec
;; SERVER: 192.0.2.53#53(192.0.2.53)
"""
DIG_FINE = """\
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1
;; QUESTION SECTION:
;kiln.test.\t\t\tIN\tA

;; ANSWER SECTION:
kiln.test.\t\t300\tIN\tCNAME\tkiln.example.
kiln.example.\t\t60\tIN\tA\t192.0.2.9

;; Query time: 12 msec
"""
NSLOOKUP = "Server:\t\t192.0.2.53\nAddress:\t192.0.2.53#53\n\nNon-authoritative answer:\nName:\tmill.test\nAddress: 192.0.2.8\n** server can't find kiln.test: NXDOMAIN\n"
HOST = "mill.test is an alias for mill.example.\nmill.example has address 192.0.2.8\nHost kiln.test not found: 3(NXDOMAIN)\n"
NC = """\
Connection to kiln.test (192.0.2.9) 443 port [tcp/https] succeeded!
nc: connect to kiln.test (192.0.2.9) port 5432 (tcp) failed: Connection refused
nc: connect to mill.test port 5432 (tcp) failed: Connection timed out
"""
TCPDUMP = """\
04:12:09.000001 IP 10.0.0.1.41200 > 10.0.0.2.5432: Flags [S], seq 41200, win 64240, options [mss 1460], length 0
04:12:10.000002 IP 10.0.0.1.41200 > 10.0.0.2.5432: Flags [S], seq 41200, win 64240, options [mss 1460], length 0
04:12:12.000003 IP 10.0.0.1.41200 > 10.0.0.2.5432: Flags [S], seq 41200, win 64240, options [mss 1460], length 0
04:12:13.000004 IP 10.0.0.1.41300 > 10.0.0.3.80: Flags [S], seq 7, win 64240, length 0
04:12:13.000104 IP 10.0.0.3.80 > 10.0.0.1.41300: Flags [R.], seq 0, ack 8, win 0, length 0
04:12:14.000005 IP 10.0.0.9 > 10.0.0.1: ICMP host 10.0.0.2 unreachable, length 68
04:12:15.000006 IP 10.0.0.1.50 > 10.0.0.4.60: Flags [P.], seq 1:101, ack 1, win 512, length 100
04:12:15.400006 IP 10.0.0.1.50 > 10.0.0.4.60: Flags [P.], seq 1:101, ack 1, win 512, length 100
04:12:15.500000 ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28
"""
IPTABLES = """\
Chain INPUT (policy DROP 41200 packets, 2471K bytes)
 pkts bytes target     prot opt in     out     source               destination
 9120  811K ACCEPT     all  --  *      *       0.0.0.0/0            0.0.0.0/0            state RELATED,ESTABLISHED
  412 24720 REJECT     tcp  --  *      *       0.0.0.0/0            0.0.0.0/0            tcp dpt:5432 reject-with icmp-port-unreachable

Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination
"""
NFT = """\
table inet filter {
\tchain input {
\t\ttype filter hook input priority filter; policy drop;
\t\tct state established,related accept
\t\ttcp dport 5432 counter packets 412 bytes 24720 drop
\t}
}
"""

FORMATS: tuple[Format, ...] = (
    Format(name="ss -tunap", kind=OUTPUT, example=SS, source="iproute2 manual, ss(8)",
           rows={"listener/8080": 2, "listener/22": 3, "socket/udp:127.0.0.53%lo:53-0.0.0.0:*": 4, "socket/tcp:10.0.0.1:8080-10.0.0.9:51200": 5, "socket/tcp:10.0.0.1:41200-10.0.0.2:5432": 6, "socket/tcp:10.0.0.1:41201-10.0.0.2:5432": 7},
           must=(Must(what="a full accept queue", kind="connection", line=2, says="129 of 128"), Must(what="unsent bytes", kind="connection", line=5, says="not confirmed"),
                 Must(what="connections without an answer", kind="connection", line=6, says="10.0.0.2:5432"), Must(what="half-closed sockets", kind="connection", line=7))),
    Format(name="ss -tan, one state", kind=OUTPUT, example=SS_MANY, source="iproute2 manual, ss(8)", rows={f"socket/10.0.0.1:8080-10.0.0.9:{port}": port - 51198 for port in range(51200, 51212)},
           must=(Must(what="many half-closed sockets", kind="connection", line=2, says="12 sockets"),)),
    Format(name="netstat -tunap", kind=OUTPUT, example=NETSTAT, source="net-tools manual, netstat(8)",
           rows={"listener/8080": 3, "listener/22": 4, "socket/tcp:10.0.0.1:41200-10.0.0.2:5432": 5, "socket/udp:127.0.0.53:53-0.0.0.0:*": 6}, must=(Must(what="connections without an answer", kind="connection", line=5),)),
    Format(name="netstat of macOS", kind=OUTPUT, example=NETSTAT_MAC, source="macOS manual, netstat(1)", rows={"socket/tcp4:192.0.2.7.51200-192.0.2.9.443": 3, "socket/tcp4:192.0.2.7.51201-192.0.2.9.443": 4, "listener/8080": 5},
           must=(Must(what="half-closed sockets", kind="connection", line=4),)),
    Format(name="ss -s", kind=OUTPUT, example=SS_S, source="iproute2 manual, ss(8)", rows={"sockets/tcp": 2}, must=(Must(what="many waiting sockets", kind="connection", line=2, says="8088"),)),
    Format(name="netstat -s", kind=OUTPUT, example=NETSTAT_S, source="net-tools manual, netstat(8)", rows={"counter/active connection openings": 2, "counter/segments sent out": 3, "counter/segments retransmitted": 4, "counter/times the listen queue of a socket overflowed": 6, "counter/syns to listen sockets dropped": 7},
           must=(Must(what="retransmissions", kind="connection", line=4, says="4.1%"), Must(what="overflowed queues", kind="connection", line=6))),
    Format(name="ip -s link", kind=OUTPUT, example=IP_LINK, source="iproute2 manual, ip-link(8)", rows={"link/lo": 1, "link/eth0": 7, "link/eth1": 13},
           must=(Must(what="dropped packets", kind="resource", line=10, says="41200"), Must(what="a link without carrier", kind="unhealthy_object", line=13))),
    Format(name="ip addr", kind=OUTPUT, example=IP_ADDR, source="iproute2 manual, ip-address(8)", rows={"link/eth0": 1, "address/192.0.2.7/24": 3, "address/2001:db8::7/64": 5}),
    Format(name="ip -br addr", kind=OUTPUT, example=IP_BRIEF, source="iproute2 manual, ip(8)", rows={"link/lo": 1, "link/eth0": 2, "link/eth1": 3}, must=(Must(what="a link that is down", kind="unhealthy_object", line=3),)),
    Format(name="ifconfig", kind=OUTPUT, example=IFCONFIG, source="net-tools manual, ifconfig(8)", rows={"link/eth0": 1, "address/192.0.2.7": 2}, must=(Must(what="broken packets", kind="resource", line=5, says="4120"),)),
    Format(name="ifconfig, old layout", kind=OUTPUT, example=IFCONFIG_OLD, source="net-tools manual, ifconfig(8)", rows={"link/eth0": 1, "address/192.0.2.7": 2}, must=(Must(what="dropped packets", kind="resource", line=4, says="9120"),)),
    Format(name="ip route", kind=OUTPUT, example=ROUTES, source="iproute2 manual, ip-route(8)", rows={"route/192.0.2.0/24": 1, "route/198.51.100.0/24": 2, "route/203.0.113.0/24": 3},
           must=(Must(what="a route over a dead link", kind="row", line=2), Must(what="a route to nowhere", kind="row", line=3), Must(what="no default route", kind="row", line=1, says="no default route"))),
    Format(name="route -n", kind=OUTPUT, example=ROUTE_N, source="net-tools manual, route(8)", rows={"route/0.0.0.0/0.0.0.0": 3, "route/192.0.2.0/255.255.255.0": 4, "route/203.0.113.0/255.255.255.0": 5}, must=(Must(what="a route that is rejected", kind="row", line=5),)),
    Format(name="ip neigh", kind=OUTPUT, example=NEIGH, source="iproute2 manual, ip-neighbour(8)", rows={"neighbour/192.0.2.1": 1, "neighbour/192.0.2.9": 2, "neighbour/2001:db8::1": 3}, must=(Must(what="a neighbour that does not answer", kind="connection", line=2),)),
    Format(name="ip rule", kind=OUTPUT, example=RULES, source="iproute2 manual, ip-rule(8)",
           rows={"rule/0": 1, "rule/100": 2, "rule/100#3": 3, "rule/300": 4, "rule/32766": 5, "rule/32767": 6}, must=(Must(what="a rule to nowhere", kind="row", line=4, says="198.51.100.9"),)),
    Format(name="arp -n", kind=OUTPUT, example=ARP_N, source="net-tools manual, arp(8)", rows={"neighbour/192.0.2.1": 2, "neighbour/192.0.2.9": 3, "neighbour/198.51.100.7": 4}, must=(Must(what="a neighbour that does not answer", kind="connection", line=3),)),
    Format(name="arp -a", kind=OUTPUT, example=ARP_A, source="net-tools and BSD manuals, arp(8)", rows={"neighbour/192.0.2.1": 1, "neighbour/192.0.2.9": 2, "neighbour/198.51.100.7": 3}, must=(Must(what="a neighbour that does not answer", kind="connection", line=2),)),
    Format(name="ping", kind=OUTPUT, example=PING, source="iputils manual, ping(8)", rows={"host/kiln.test": 1, "answer/192.0.2.9:1": 2, "answer/192.0.2.9:4": 3}, must=(Must(what="loss", kind="connection", line=6, says="50 %"), Must(what="slow answers", kind="connection", line=7, says="812 ms"))),
    Format(name="ping -M do", kind=OUTPUT, example=PING_WHOLE, source="iputils manual, ping(8)", rows={"host/kiln.test": 1}, must=(Must(what="a path that takes less", kind="row", line=2, says="mtu = 1420"), Must(what="loss", kind="connection", line=6, says="100 %"))),
    Format(name="ping of macOS", kind=OUTPUT, example=PING_MAC, source="macOS manual, ping(8)", rows={"host/kiln.test": 1, "answer/192.0.2.9:0": 2, "answer/kiln.test:1": 3, "answer/192.0.2.9:2": 4}, must=(Must(what="loss", kind="connection", line=7, says="33.3 %"),)),
    Format(name="ping of Windows", kind=OUTPUT, example=PING_WINDOWS, source="Microsoft documentation, ping", rows={"host/kiln.test": 2, "answer/192.0.2.9:2": 3, "answer/kiln.test:3": 4, "answer/192.0.2.9:4": 5}, must=(Must(what="loss", kind="connection", line=8, says="33 %"),)),
    Format(name="mtr --report", kind=OUTPUT, example=MTR, source="mtr manual, mtr(8)", rows={f"hop/{n}": n + 2 for n in range(1, 6)}, must=(Must(what="where loss begins that stays", kind="connection", line=6, says="203.0.113.9"),)),
    Format(name="traceroute", kind=OUTPUT, example=TRACEROUTE, source="traceroute manual", rows={f"hop/{n}": n + 1 for n in range(1, 6)}, must=(Must(what="a refusing hop", kind="connection", line=3, says="host unreachable"), Must(what="where the way ends", kind="connection", line=4, says="198.51.100.1"))),
    Format(name="tracepath", kind=OUTPUT, example=TRACEPATH, source="iputils manual, tracepath(8)", rows={"hop/1": 2, "hop/2": 3, "hop/3": 4}),
    Format(name="tracert", kind=OUTPUT, example=TRACERT, source="Microsoft documentation, tracert", rows={f"hop/{n}": n + 4 for n in range(1, 4)}),
    Format(name="dig, a failure", kind=OUTPUT, example=DIG, source="BIND manual, dig", must=(Must(what="a resolver that fails", kind="dns", line=4, says="SERVFAIL"), Must(what="a slow resolver", kind="dns", line=10, says="4012 ms"))),
    Format(name="dig", kind=OUTPUT, example=DIG_FINE, source="BIND manual, dig", rows={"record/kiln.test.:cname:kiln.example.": 6, "record/kiln.example.:a:192.0.2.9": 7}),
    Format(name="nslookup", kind=OUTPUT, example=NSLOOKUP, source="BIND manual, nslookup", rows={"record/mill.test:192.0.2.8": 6}, must=(Must(what="a name that is not there", kind="dns", line=7, says="NXDOMAIN"),)),
    Format(name="host", kind=OUTPUT, example=HOST, source="BIND manual, host", rows={"record/mill.test:mill.example.": 1, "record/mill.example:192.0.2.8": 2}, must=(Must(what="a name that is not there", kind="dns", line=3),)),
    Format(name="nc -zv", kind=OUTPUT, example=NC, source="OpenBSD manual, nc(1)", rows={"service/kiln.test:443": 1, "service/kiln.test:5432": 2, "service/mill.test:5432": 3},
           must=(Must(what="a refused connection", kind="connection", line=2, says="refused"), Must(what="a connection without an answer", kind="connection", line=3, says="timed out"))),
    Format(name="tcpdump", kind=OUTPUT, example=TCPDUMP, source="tcpdump manual", rows={f"packet/{n}": n for n in range(1, 10)},
           must=(Must(what="a connection without an answer", kind="connection", line=1, says="asked 3 times"), Must(what="a refused connection", kind="connection", line=5, says="refuses"), Must(what="an unreachable host", kind="connection", line=6),
                 Must(what="segments sent again", kind="connection", line=8, says="sent again"))),
    Format(name="iptables -L -v -n", kind=OUTPUT, example=IPTABLES, source="iptables manual", rows={"chain/input": 1, "rule/input:3": 3, "rule/input:4": 4, "chain/output": 6},
           must=(Must(what="what is dropped", kind="setting", line=1, says="41200"), Must(what="what is rejected", kind="setting", line=4, says="5432"))),
    Format(name="nft list ruleset", kind=OUTPUT, example=NFT, source="nftables manual", rows={"chain/input": 2, "rule/input:4": 4, "rule/input:5": 5}, must=(Must(what="what is dropped", kind="setting", line=5, says="5432"),)),
)  # fmt: skip
