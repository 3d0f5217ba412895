"""Attacks on connections: half bodies, heads and answers that take for ever, pipelines, and framing as no client should do it."""
import http.client, json, os, re, resource, socket, subprocess, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
KEY = "foo"
DEADLINE = 2  # seconds, of a body, of a head, and of a reader that does not read
SETTINGS = {
    "TOKENTROPY_AUTH_MODE": "api-key", "TOKENTROPY_AUTH_API_KEYS": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    "TOKENTROPY_COMPRESSED_BODIES": "true", "TOKENTROPY_ADMISSION_BODY_DEADLINE": f"{DEADLINE}s", "SERVER_TOMCAT_CONNECTION_TIMEOUT": f"{DEADLINE}s"}
GAUGES = ("tokentropy_bytes_in_flight", "tokentropy_in_flight", "tokentropy_queue_depth")

HOST = b" HTTP/1.1\r\nHost: x\r\n"
WITH_KEY = HOST + b"Content-Type: application/json\r\nAuthorization: Bearer " + KEY.encode() + b"\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
ATTACKS = [  # name, on the management port, what is sent, how often at once, on how many connections
    ("half a body to a probe", False, b"GET /livez" + HOST + b"Content-Length: 100\r\n\r\nx", 1, 420),
    ("half a chunk's size to a probe", False, b"GET /livez" + HOST + CHUNKED + b"1;a", 1, 420),
    ("half a chunk's size without a key", False, b"POST /v1/entropy" + HOST + CHUNKED + b"1;a", 1, 420),
    ("half a body without a key", False, b"POST /v1/entropy" + HOST + b"Content-Length: 100\r\n\r\nx", 1, 420),
    ("half a chunk's size to the management port", True, b"POST /actuator/health" + HOST + CHUNKED + b"1;a", 1, 420),
    ("half a body to the scrape of the management port", True, b"GET /actuator/prometheus" + HOST + b"Content-Length: 100\r\n\r\nx", 1, 420),
    ("a chunk's extension that goes on", False, b"POST /v1/entropy" + WITH_KEY + CHUNKED + b"1;a", 1, 420),
    ("a trailer that goes on", False, b"POST /v1/entropy" + WITH_KEY + CHUNKED + b"2\r\n{}\r\n0\r\nA: ", 1, 420),
    ("a comment of gzip that goes on", False, b"POST /v1/entropy" + WITH_KEY + b"Content-Encoding: gzip\r\nContent-Length: 99999\r\n\r\n"
     b"\x1f\x8b\x08\x10\0\0\0\0\0\0a", 1, 420),
    ("a head that goes on", False, b"GET /livez" + HOST + b"X: ", 1, 3000),
    ("2,000 probes in a row, answers unread", False, b"GET /livez" + HOST + b"\r\n", 2000, 420),
    ("2,000 calls in a row without a key, answers unread", False, b"POST /v1/entropy" + HOST + b"Content-Length: 0\r\n\r\n", 2000, 420),
    ("200 large pages in a row, unread", False, b"GET /swagger-ui/swagger-ui-bundle.js" + HOST + b"\r\n", 200, 420),
    ("2,000 scrapes of the management port, unread", True, b"GET /actuator/prometheus" + HOST + b"\r\n", 2000, 420)]


def quick(port, path):
    """The status of a call on a connection of its own, and how long it took."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Authorization": "Bearer " + KEY})
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - start
    except OSError as e:
        return type(e).__name__, time.perf_counter() - start
    finally:
        connection.close()


def threads(pid, jcmd):
    """The stacks of a JVM. A jcmd of its own takes half a second of a core, so only the first time one opens the door."""
    door = f"/tmp/.java_pid{pid}"
    if not os.path.exists(door):
        subprocess.run([jcmd, str(pid), "VM.version"], capture_output=True)
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(door)
        s.sendall(b"1\0jcmd\0Thread.print\0\0\0")
        found = []
        while part := s.recv(65536):
            found.append(part)
    return b"".join(found).decode(errors="replace")


class Watch:
    """Asks both ports whether the service lives, and a call of somebody else, and looks who waits at a connection, until it is told to stop.

    To look stops the service: with 700 threads every half second would be felt, so that a long watch looks less often.
    """

    def __init__(self, service, management, jcmd, looks=.5):
        self.service, self.management, self.jcmd = service, management, jcmd
        self.slowest, self.asked, self.dead, self.others, self.since, self.longest, self.most, self.over = 0, 0, [], {}, {}, 0, 0, False
        self.threads = [threading.Thread(target=self.until_over, args=(f, pause)) for f, pause in ((self.probe, .1), (self.call, .3), (self.look, looks))]
        [t.start() for t in self.threads]

    def until_over(self, step, pause):
        while not self.over:
            step()
            time.sleep(pause)

    def probe(self):
        for port, path in ((self.service.port, "/livez"), (self.management, "/actuator/health/liveness")):
            status, took = quick(port, path)
            self.asked, self.slowest = self.asked + 1, max(self.slowest, took)
            if status != 200:
                self.dead.append(status)

    def call(self):
        status, _ = quick(self.service.port, "/v1/entropy?probs=1")
        self.others[str(status)] = self.others.get(str(status), 0) + 1

    def look(self):
        dump = threads(self.service.process.pid, self.jcmd)
        now = time.time()
        waiting = {t.split('"', 2)[1] for t in dump.split("\n\n")
                   if "java.lang.Object.wait" in t and re.search(r"web\.wire\.Connection\.(read|doWrite)\(", t)}
        self.most = max(self.most, len(waiting))
        self.since = {name: self.since.get(name, now) for name in waiting}
        self.longest = max([self.longest] + [now - since for since in self.since.values()])

    def stop(self):
        self.over = True
        [t.join() for t in self.threads]

    def note(self, note, name, what):
        note(name, f"{what}; others {dict(sorted(self.others.items()))}", "it lives; others get 200, 429 or 503",
             self.service.alive() and not self.dead and set(self.others) <= {"200", "429", "503"})
        note(name + ": liveness", f"{self.asked} probes on both ports, slowest {1000 * self.slowest:.0f} ms", "below 250 ms", self.slowest < .25, timed=True)
        note(name + ": longest wait of a thread at a connection", f"{self.longest:.1f} s between the first look and the last that saw it, {self.most} waited at once",
             f"{DEADLINE} s to read and as much to write", self.longest < 2 * DEADLINE + 2)


def gauges(service):
    """Waits until the gauges are back to 0; what they are, if they do not come there."""
    for _ in range(100):
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
        connection.request("GET", "/metrics", headers={"Authorization": "Bearer " + KEY})
        scrape = connection.getresponse().read().decode()
        connection.close()
        found = {g: float(re.search(rf"^{g}(?:{{[^}}]*}})? ([0-9.E+]+)$", scrape, re.M).group(1)) for g in GAUGES}
        if not any(found.values()):
            return found
        time.sleep(0.2)
    return found


def started(make, free_port):
    management = free_port()
    return make("-Xmx256m", MANAGEMENT_SERVER_PORT=str(management), **SETTINGS), management


def attack(port, head, times, connections, seconds):
    """Opens as many connections, sends to each, and a byte now and then as long as somebody takes it; nothing is read."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    sockets, payload = [], head * times
    for _ in range(connections):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.connect(("127.0.0.1", port))
        s.setblocking(False)
        sockets.append(s)
    until = time.time() + seconds
    while time.time() < until:
        for s in sockets:
            try:
                s.send(payload)
            except OSError:
                pass
        payload = payload if times > 1 else b"a"
        time.sleep(0.2)
    [s.close() for s in sockets]


def attacks(make, note, free_port, jcmd):
    service, management = started(make, free_port)
    for _ in range(300):
        quick(service.port, "/livez"), quick(management, "/actuator/health/liveness"), quick(service.port, "/v1/entropy?probs=1")
    for name, on_management, head, times, connections in ATTACKS:
        watch = Watch(service, management, jcmd)
        attack(management if on_management else service.port, head, times, connections, 2 * DEADLINE + 1)
        watch.stop()
        watch.note(note, name, f"{connections:,} connections")
    found = gauges(service)
    note("gauges after the attacks on connections", str(found), "0", not any(found.values()))
    service.end()


def framing(make, note, free_port, jcmd, java, seed, count):
    service, management = started(make, free_port)
    limit = 1000 * (4 * DEADLINE + 6)
    watch = Watch(service, management, jcmd)
    fuzz = subprocess.run([java, HERE + "/framing/Framing.java", str(service.port), str(management), KEY, str(seed), "0", str(count), str(limit)],
                          capture_output=True, text=True)
    watch.stop()
    if fuzz.returncode:
        raise SystemExit("the clients failed: " + fuzz.stderr[-3000:])
    found = json.loads(fuzz.stdout.strip().splitlines()[-1])
    seen = found["seen"]
    name = f"framing, {count:,} connections"
    codes = {c: n for c, n in seen.items() if re.fullmatch("[1-5]..", c)}
    ends = {c: n for c, n in seen.items() if "closed" in c or "reset" in c}
    watch.note(note, name, f"seed {seed}, {found['seconds']} s: {codes}, {ends}")
    # 501 is HTTP's own word for a transfer coding that nobody knows
    bad = {c: n for c, n in seen.items() if "got 5" in c and not c.endswith(("501", "503"))}
    note(name + ": failures", f"{bad or 'none'}, not connected {found['failed'] or 'none'}", "no 5xx but 503, and 501 to an unknown transfer coding",
         not bad and not found["failed"])
    note(name + ": held open", f"{found['held'] or 'none'}", f"closed at the latest {limit / 1000:.0f} s after the last byte, however they drip", not found["held"])
    left = gauges(service)
    note(name + ": gauges afterwards", str(left), "0", not any(left.values()))
    service.end()
