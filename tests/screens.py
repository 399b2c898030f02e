"""Twenty screenshots of terminals, drawn: what people really paste, in several fonts, sizes and themes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from importlib.metadata import files
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

DISTRIBUTIONS = {
    "roboto": ("fontpkg-roboto-mono", "RobotoMono[wght].ttf"),
    "jetbrains": ("fontpkg-jetbrains-mono", "JetBrainsMono[wght].ttf"),
    "source": ("fontpkg-source-code-pro", "SourceCodePro[wght].ttf"),
    "plex": ("fontpkg-ibm-plex-mono", "IBMPlexMono-Regular.ttf"),
}
TEXTS = {
    "pods": """\
$ kubectl get pods -n shop -o wide
NAME                         READY   STATUS             RESTARTS       AGE     IP            NODE      NOMINATED NODE   READINESS GATES
cart-7c9d8b6f5d-x2k4q        1/1     Running            0              3d4h    10.42.1.17    node-a1   <none>           <none>
checkout-5f6b7c8d9f-9wzl7    0/1     CrashLoopBackOff   12 (2m ago)    41m     10.42.2.103   node-b2   <none>           <none>
frontend-66d4f9c7b8-jv8tn    1/1     Running            1 (26h ago)    3d4h    10.42.1.21    node-a1   <none>           <none>
payment-84b5c6d7e9-qq5rs     0/1     ImagePullBackOff   0              8m12s   10.42.3.9     node-c3   <none>           <none>
redis-0                      1/1     Running            0              12d     10.42.2.8     node-b2   <none>           <none>
""",
    "describe": """\
Name:             checkout-5f6b7c8d9f-9wzl7
Namespace:        shop
Node:             node-b2/192.168.14.52
Start Time:       Mon, 04 May 2026 10:14:09 +0000
Status:           Running
IP:               10.42.2.103
Containers:
  checkout:
    Image:          registry.example.org/shop/checkout:2.14.3
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Mon, 04 May 2026 10:51:40 +0000
      Finished:     Mon, 04 May 2026 10:52:03 +0000
    Ready:          False
    Restart Count:  12
    Limits:
      memory:  256Mi
""",
    "events": """\
LAST SEEN   TYPE      REASON              OBJECT                           MESSAGE
2m14s       Warning   BackOff             pod/checkout-5f6b7c8d9f-9wzl7    Back-off restarting failed container
3m50s       Normal    Pulled              pod/checkout-5f6b7c8d9f-9wzl7    Container image already present on machine
8m          Warning   Failed              pod/payment-84b5c6d7e9-qq5rs     Error: ErrImagePull
9m31s       Warning   FailedScheduling    pod/search-6c5d7f8b9-abcde       0/3 nodes are available: 3 Insufficient memory.
41m         Normal    ScalingReplicaSet   deployment/checkout              Scaled up replica set checkout-5f6b7c8d9f to 3
""",
    "log": """\
2026-05-04 10:51:40.218 INFO  [main] o.s.b.w.embedded.tomcat.TomcatWebServer - Tomcat started on port(s): 8080 (http)
2026-05-04 10:51:44.907 WARN  [pool-2-thread-7] c.z.h.p.PoolBase - HikariPool-1 - Failed to validate connection
2026-05-04 10:51:45.113 ERROR [nio-8080-exec-3] c.s.c.OrderController - order 88213 failed after 30004 ms
2026-05-04 10:51:45.114 ERROR [nio-8080-exec-3] c.s.c.OrderController - cause: connection to 10.0.3.17:5432 refused
2026-05-04 10:51:47.002 WARN  [scheduling-1] c.s.c.Outbox - 412 messages wait, oldest 00:03:12
2026-05-04 10:51:52.664 ERROR [nio-8080-exec-9] c.s.c.OrderController - order 88219 failed after 30001 ms
""",
    "java": """\
Exception in thread "main" java.lang.IllegalStateException: cannot open ledger
        at com.example.ledger.Book.open(Book.java:118)
        at com.example.ledger.Book.<init>(Book.java:41)
        at com.example.Main.main(Main.java:27)
Caused by: java.net.SocketTimeoutException: connect timed out
        at java.base/java.net.PlainSocketImpl.socketConnect(Native Method)
        at java.base/java.net.Socket.connect(Socket.java:633)
        at com.example.ledger.Store.dial(Store.java:77)
        ... 2 more
""",
    "python": """\
Traceback (most recent call last):
  File "/srv/app/worker.py", line 212, in <module>
    main()
  File "/srv/app/worker.py", line 187, in main
    consume(queue, timeout=30)
  File "/srv/app/queueing.py", line 64, in consume
    return json.loads(body)["payload"]["items"]
KeyError: 'items'
""",
    "df": """\
$ df -h
Filesystem      Size  Used Avail Use% Mounted on
udev            7.8G     0  7.8G   0% /dev
tmpfs           1.6G  2.1M  1.6G   1% /run
/dev/sda2        98G   93G  341M 100% /
/dev/sdb1       492G  201G  266G  44% /var/lib/postgresql
tmpfs           7.8G   84K  7.8G   1% /dev/shm
""",
    "free": """\
$ free -m
               total        used        free      shared  buff/cache   available
Mem:           15912       14877         211         412         823         349
Swap:           2047        2047           0
$ uptime
 14:02:51 up 17 days,  3:40,  2 users,  load average: 18.42, 16.90, 12.07
""",
    "ss": """\
State      Recv-Q Send-Q Local Address:Port   Peer Address:Port  Process
LISTEN     0      128          0.0.0.0:22          0.0.0.0:*      users:(("sshd",pid=811,fd=3))
LISTEN     129    128          0.0.0.0:8080        0.0.0.0:*      users:(("java",pid=4711,fd=52))
ESTAB      0      0         10.0.3.12:8080      10.0.7.44:51822
CLOSE-WAIT 1      0         10.0.3.12:8080      10.0.7.44:51830
SYN-SENT   0      1         10.0.3.12:40112     10.0.9.5:5432
""",
    "ping": """\
$ ping -c 4 db-1.internal
PING db-1.internal (10.0.9.5) 56(84) bytes of data.
64 bytes from 10.0.9.5: icmp_seq=1 ttl=63 time=0.412 ms
64 bytes from 10.0.9.5: icmp_seq=2 ttl=63 time=187.3 ms

--- db-1.internal ping statistics ---
4 packets transmitted, 2 received, 50% packet loss, time 3051ms
rtt min/avg/max/mdev = 0.412/93.856/187.300/93.444 ms
""",
    "psql": """\
 pid  | usename  | state               | wait_event_type | query_age       | query
------+----------+---------------------+-----------------+-----------------+----------------------------
 4128 | checkout | idle in transaction | Client          | 00:14:52.118301 | UPDATE stock SET held = 7
 4131 | checkout | active              | Lock            | 00:12:07.402119 | UPDATE stock SET held = 8
 4207 | report   | active              | IO              | 00:01:33.900412 | SELECT count(*) FROM orders
(3 rows)
""",
    "docker": """\
CONTAINER ID   IMAGE                 COMMAND                  CREATED        STATUS                       PORTS                    NAMES
3f2a9c1d77e0   nginx:1.25.3          "/docker-entrypoint.…"   2 hours ago    Up 2 hours                   0.0.0.0:443->443/tcp     edge
b81d0e64a5c2   shop/api:4.2.0        "/app/start.sh"          2 hours ago    Exited (137) 4 minutes ago                            api
77c0aa19fe31   postgres:15.6         "docker-entrypoint.s…"   3 days ago     Up 3 days (healthy)          5432/tcp                 db
""".replace("…", "..."),
    "systemctl": """\
* nginx.service - A high performance web server and a reverse proxy server
     Loaded: loaded (/lib/systemd/system/nginx.service; enabled; preset: enabled)
     Active: failed (Result: exit-code) since Mon 2026-05-04 10:58:11 UTC; 3min 4s ago
    Process: 9912 ExecStartPre=/usr/sbin/nginx -t -q (code=exited, status=1/FAILURE)
        CPU: 24ms
May 04 10:58:11 web-2 nginx[9912]: nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)
May 04 10:58:11 web-2 systemd[1]: nginx.service: Failed with result 'exit-code'.
""",
    "journal": """\
May 04 10:49:58 node-b2 kernel: Out of memory: Killed process 31337 (java) total-vm:6291456kB, anon-rss:2097152kB
May 04 10:49:58 node-b2 kernel: oom_reaper: reaped process 31337 (java), now anon-rss:0kB, file-rss:0kB
May 04 10:50:02 node-b2 kubelet[912]: E0504 10:50:02.118245     912 pod_workers.go:1294] "Error syncing pod"
May 04 10:50:13 node-b2 containerd[701]: time="2026-05-04T10:50:13Z" level=error msg="failed to pull image"
May 04 10:51:00 node-b2 sshd[40122]: Accepted publickey for deploy from 10.0.7.44 port 51884 ssh2
""",
    "access": """\
10.0.7.44 - - [04/May/2026:10:51:40 +0000] "GET /api/v1/orders/88213 HTTP/1.1" 502 157 "-" "curl/8.5.0" 30.004
10.0.7.45 - - [04/May/2026:10:51:41 +0000] "POST /api/v1/cart HTTP/1.1" 200 842 "-" "Mozilla/5.0" 0.031
10.0.7.44 - - [04/May/2026:10:51:45 +0000] "GET /api/v1/orders/88219 HTTP/1.1" 504 160 "-" "curl/8.5.0" 60.001
10.0.7.51 - - [04/May/2026:10:51:46 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.29" 0.001
""",
    "gitlog": """\
commit 9f1c3ab7e2d04c5588a1f0d6b7e3921c4d5e6f70
Author: Dana Fox <dana@example.org>
Date:   Mon May 4 10:12:31 2026 +0000

    Lower the memory limit of checkout to 256Mi

commit 41cf56d0a9b8c7d6e5f4030211aabbccddeeff00
Author: Kim Lee <kim@example.org>
Date:   Sun May 3 17:40:02 2026 +0000
""",
    "curl": """\
$ curl -vk https://10.0.3.12:8443/ready
*   Trying 10.0.3.12:8443...
* Connected to 10.0.3.12 (10.0.3.12) port 8443
* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384
*  expire date: May  3 23:59:59 2026 GMT
> GET /ready HTTP/2
> Host: 10.0.3.12:8443
< HTTP/2 503
< retry-after: 30
{"status":"down","db":"connection refused","queue_depth":10412}
""",
    "top": """\
top - 14:02:51 up 17 days,  3:40,  2 users,  load average: 18.42, 16.90, 12.07
Tasks: 241 total,   9 running, 231 sleeping,   0 stopped,   1 zombie
%Cpu(s): 71.3 us, 12.0 sy,  0.0 ni,  2.1 id, 13.9 wa,  0.0 hi,  0.7 si,  0.0 st
MiB Mem :  15912.4 total,    211.0 free,  14877.8 used,    823.6 buff/cache
    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND
   4711 app       20   0 6291456 2.0g    18432 R 312.0  13.2  88:12.04 java
    908 postgres  20   0  412304 98304   90112 D  41.7   0.6  12:40.55 postgres
     17 root      20   0       0     0       0 S   2.0   0.0   3:01.18 ksoftirqd/0
""",
    "yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  namespace: shop
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: checkout
          image: registry.example.org/shop/checkout:2.14.3
          resources:
            limits: {memory: 256Mi, cpu: 500m}
          env:
            - name: DB_URL
              value: postgres://db-1.internal:5432/shop
""",
    "go": """\
panic: runtime error: index out of range [5] with length 5

goroutine 1 [running]:
main.(*Ring).pick(0xc000012080, 0x5)
        /srv/src/ring/ring.go:88 +0x1d
main.route({0xc000102000, 0x3, 0x4})
        /srv/src/ring/main.go:41 +0x9c
exit status 2
""",
}
DARK = ((24, 24, 27), (220, 220, 220), ((120, 200, 120), (230, 110, 100), (110, 170, 240), (220, 190, 100)))
BLACK = ((0, 0, 0), (190, 190, 190), ((0, 205, 0), (205, 60, 60), (90, 140, 255), (205, 205, 0)))
SOLAR = ((0, 43, 54), (131, 148, 150), ((133, 153, 0), (220, 50, 47), (38, 139, 210), (181, 137, 0)))
LIGHT = ((255, 255, 255), (30, 30, 30), ((0, 110, 0), (180, 0, 0), (0, 60, 160), (140, 100, 0)))
CREAM = ((253, 246, 227), (88, 110, 117), ((100, 120, 0), (200, 40, 40), (30, 110, 170), (140, 100, 0)))
THEMES = (DARK, LIGHT, BLACK, CREAM, SOLAR)
SIZES = (13, 14, 15, 16, 18, 20, 24, 28)


@dataclass(frozen=True)
class Screen:
    name: str
    text: str
    font: str
    size: int
    theme: int
    kind: str = "PNG"


def font_file(name: str) -> Path:
    distribution, file = DISTRIBUTIONS[name]
    return next(Path(str(each.locate())) for each in files(distribution) or () if each.name == file)


def screens() -> list[Screen]:
    fonts = list(DISTRIBUTIONS)
    return [
        Screen(
            name=name,
            text=text,
            font=fonts[n % len(fonts)],
            size=SIZES[n * 3 % len(SIZES)],
            theme=n % len(THEMES),
            kind="JPEG" if n % 7 == 6 else "PNG",
        )
        for n, (name, text) in enumerate(TEXTS.items())
    ]


def _font(one: Screen) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(font_file(one.font), one.size)
    if "wght" in font_file(one.font).name:
        font.set_variation_by_axes([400])
    return font


def drawn(one: Screen) -> bytes:
    paper, ink, colours = THEMES[one.theme]
    dice = random.Random(one.name)
    font = _font(one)
    rows = one.text.rstrip("\n").split("\n")
    width, high = font.getlength("M"), round(one.size * 1.35)
    picture = Image.new("RGB", (round(width * max(map(len, rows))) + 24, high * len(rows) + 24), paper)
    pen = ImageDraw.Draw(picture)
    for n, row in enumerate(rows):
        at = 0
        for word in row.split(" "):
            colour = dice.choice(colours) if dice.random() < 0.15 else ink
            pen.text((12 + at * width, 12 + n * high), word, font=font, fill=colour)
            at += len(word) + 1
    out = BytesIO()
    picture.save(out, one.kind, **({"quality": 85} if one.kind == "JPEG" else {}))
    return out.getvalue()
