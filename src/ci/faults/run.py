#!/usr/bin/env python3
"""Breaks the packaged service in every way that is promised to be survived, and prints what came of it as one table.

src/ci/faults/run.py          about eight minutes
src/ci/faults/run.py --long   60 s of overload, half an hour of soak, and half an hour of all attacks at once
src/ci/faults/run.py NAME...  only these parts: same overload slow memory outside wire framing rolling kill unread slow_reader dear matrices soak siege

--connections=N and --seed=N are for framing: 20,000 and 1 if they are not given.

Needs target/tokentropy-*.jar, and as root on Debian slowhttptest and haproxy (installed if missing). It exits with 1 if a promise is
broken. Everything is on loopback.
"""
import asyncio, concurrent.futures, functools, glob, http.client, json, os, random, re, shutil, signal, socket, struct, subprocess, sys, tempfile, threading, time

import held, outside, siege, wire

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
WORK = tempfile.mkdtemp()
CORES = len(os.sched_getaffinity(0))
LONG = "--long" in sys.argv
ONLY = [a for a in sys.argv[1:] if not a.startswith("-")]
rows, broken = [], []


def note(part, measured, promise, kept, timed=False):
    """What is timed breaks the long run only: the short one may share its cores with anything."""
    rows.append((part, measured, promise, "yes" if kept else "**no**"))
    print(f"{part}: {measured} ({promise}): {'kept' if kept else 'BROKEN'}", flush=True)
    if not kept and (LONG or not timed):
        broken.append(part)


def option(name, default):
    return next((int(a.split("=")[1].replace(",", "")) for a in sys.argv if a.startswith(f"--{name}=")), default)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Service:
    """The packaged service in a process of its own."""

    def __init__(self, options="-Xmx512m", port=None, **settings):
        self.port = port or free_port()
        self.options, self.settings, self.headers = options, settings, {}
        self.start()

    def start(self):
        env = dict(os.environ, SERVER_PORT=str(self.port), JAVA_OPTS=self.options, **self.settings)
        self.log = open(os.path.join(WORK, f"{self.port}.log"), "ab")
        self.process = subprocess.Popen([ROOT + "/src/bin/tokentropy"], env=env, stdout=self.log, stderr=self.log)
        until = time.time() + 90
        while time.time() < until:
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        raise SystemExit("the service did not start: " + open(self.log.name).read()[-2000:])

    def ask(self, method, path, body=None, kind="application/json", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, ({"Content-Type": kind} if body else {}) | self.headers | (headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def alive(self):
        return self.process.poll() is None

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(60)


def load(url, rate, seconds, body=None, **more):
    command = [sys.executable, HERE + "/load.py", url, "--rate", str(rate), "--seconds", str(seconds)]
    if body:
        command += ["--body", body]
    for name, value in more.items():
        command += ["--" + name, str(value)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def result(process):
    return json.loads(process.communicate()[0])


def work_body():
    """A small request that keeps a core busy for some milliseconds: the client must not be the bottleneck."""
    vectors = lambda n: [[round(1 + (i * 7) % 11 / 11, 2), round((i * 5) % 13 / 13, 2)] for i in range(n)]
    path = os.path.join(WORK, "work.json")
    with open(path, "w") as f:
        json.dump({"embeddings_x": vectors(64), "embeddings_y": vectors(128), "answers_per_prompt": 2,
                   "bootstrap": {"draws": 1000, "seed": 1}}, f)
    return path


def closed_loop(service, body, connections, seconds):
    """Answers a second and their 99th percentile, each connection asking again as soon as it was answered."""
    data, times, until = open(body, "rb").read(), [], time.time() + seconds

    def run():
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
        while time.time() < until:
            start = time.perf_counter()
            connection.request("POST", "/v1/inv-entropy", data, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            if answer.status == 200:
                times.append(time.perf_counter() - start)

    threads = [threading.Thread(target=run) for _ in range(connections)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    times.sort()
    return len(times) / seconds, times[int(0.99 * len(times))] if times else 9


def golden(service):
    """The golden vectors of truncation, over HTTP: how many, and how many are wrong."""
    cases = json.load(open(ROOT + "/src/test/resources/golden/truncation.json"))["cases"]
    asked = wrong = 0
    for case in cases:
        given, expected = case["input"], case["expected"]
        if "generator" in given:
            continue
        kind = "probs" if "probs" in given else "logits"
        row = given[kind]
        if kind == "probs" and "error" not in expected:
            total = sum(row)
            row = [p / total for p in row]
        spelt = {"-inf": "-Infinity", "+inf": "+Infinity", "nan": "NaN"}
        row = [spelt.get(x, x) if isinstance(x, str) else x for x in row]
        status, answer = service.ask("POST", "/v1/truncation", json.dumps({kind: [row], "steps": case["steps"], "max_return": 100000}))
        asked += 1
        if "error" in expected:
            wrong += status != 422
            continue
        item = json.loads(answer)["data"][0] if status == 200 else {}
        near = lambda a, b: a is not None and abs(a - b) <= 1e-9 + 1e-9 * abs(b)
        same = (item.get("kept_count") == expected["kept_count"]
                and item.get("kept_ids", [])[:64] == expected["kept_ids"][:64]
                and near(item.get("kept_mass"), expected["kept_mass"]) and near(item.get("entropy"), expected["entropy_nats"]))
        wrong += not same
    return asked, wrong


def check_golden(service, part):
    asked, wrong = golden(service)
    note(part + ": golden vectors afterwards", f"{asked} asked, {wrong} wrong", "all right", service.alive() and wrong == 0 and asked >= 60)


def overload():
    """R1."""
    service, body = Service(), work_body()
    url = f"http://127.0.0.1:{service.port}/v1/inv-entropy"
    closed_loop(service, body, 2 * CORES, 30 if LONG else 20)
    _, unloaded = closed_loop(service, body, 1, 3)
    capacity, _ = closed_loop(service, body, 2 * CORES, 8 if not LONG else 15)
    result(load(url, 4 * capacity, 6, body))  # refusals are compiled, too
    for name, deadline, seconds in (("overload", 5000, 60 if LONG else 12), ("overload, deadline of 1 s", 1000, 30 if LONG else 12)):
        found = result(load(url, 4 * capacity, seconds, body, probe="/livez", header=f"X-Request-Timeout-Ms: {deadline}"))
        codes, share = found["codes"], found["answered_per_second"] / capacity
        bound = deadline + 2000 * unloaded
        note(name, f"{found['sent']} calls in {found['seconds']} s at 4 x {capacity:.0f}/s: {codes}",
             "every call is answered 200, 429 or 503", sum(codes.get(c, 0) for c in ("200", "429", "503")) == found["sent"])
        note(name + ": goodput", f"{found['answered_per_second']}/s, {100 * share:.0f} % of capacity", "at least 80 %", share >= 0.8, timed=True)
        note(name + ": liveness", f"{found['probes']} probes, slowest {found['probe_max_ms']} ms", "below 250 ms", found["probe_max_ms"] < 250, timed=True)
        note(name + ": accepted calls", f"p50 {found['p50_ms']} ms, p99 {found['p99_ms']} ms; refused p99 {found['refused_p99_ms']} ms",
             f"p99 within the deadline + 2 x unloaded p99 = {bound:.0f} ms", found["p99_ms"] <= bound, timed=True)
    check_golden(service, "overload")
    service.end()


def same():
    """64 callers at once get the very bytes that one caller got."""
    service, seconds = Service(), 60 if LONG else 8
    draw = random.Random(5)
    logits = [draw.gauss(0, 2.4) for _ in range(131072)]
    number = lambda n: [round(draw.gauss(0, 2.4), 4) for _ in range(n)]
    ask = lambda path, body: (path, json.dumps(body), "application/json")
    calls = [
        ("/v1/entropy?dtype=f32&shape=1,131072", struct.pack("<131072f", *logits), "application/octet-stream"),
        ("/v1/truncation?dtype=f16&shape=2,65536&top_h=0.4", struct.pack("<131072e", *logits), "application/octet-stream"),
        ask("/v1/entropy", {"logits": [number(5000), number(5000)], "measures": ["varentropy", "margin"]}),
        ask("/v1/entropy", {"top_logprobs": [[-0.3, -1.9, -3.2]], "vocab_size": 128256}),
        ask("/v1/truncation", {"logits": [number(3000)], "top_p": 0.9, "temperature": 0.7}),
        ask("/v1/sample", {"logits": [number(500)], "seed": 7}),
        ask("/v1/ead", {"observations": [abs(x) for x in number(64)], "config": {"threshold": 1.5}}),
        ask("/v1/inv-entropy", {"embeddings_x": [number(8) for _ in range(12)], "embeddings_y": [number(8) for _ in range(24)], "answers_per_prompt": 2}),
    ]
    alone = [service.ask("POST", path, body, kind) for path, body, kind in calls]
    found, until = {"same": 0, "other": 0}, time.time() + seconds

    def run(i):
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
        while time.time() < until:
            path, body, kind = calls[i % len(calls)]
            connection.request("POST", path, body, {"Content-Type": kind})
            answer = connection.getresponse()
            found["same" if (answer.status, answer.read()) == alone[i % len(calls)] else "other"] += 1
            i += 1

    threads = [threading.Thread(target=run, args=(i,)) for i in range(64)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    note(f"64 callers for {seconds} s", f"{found['same']} answers the same bytes as alone, {found['other']} others", "none but the same",
         found["other"] == 0 and found["same"] >= 64 and all(status == 200 for status, _ in alone))
    service.end()


def slow():
    """R2: slow headers and bodies, while others ask."""
    service = Service()
    small = os.path.join(WORK, "small.json")
    open(small, "w").write('{"logits":[[0,1,2,3]]}')
    url = f"http://127.0.0.1:{service.port}/v1/entropy"
    result(load(url, 50, 2, small))
    for name, flags in (("300 slow headers", ["-c", "300", "-H"]), ("60 slow bodies", ["-c", "60", "-B", "-s", "8192"]),
                        ("400 slow bodies", ["-c", "400", "-B", "-s", "8192"]), ("60 slow readers", ["-c", "60", "-X", "-w", "16", "-y", "32", "-z", "8"])):
        target = url if "reader" not in name else f"http://127.0.0.1:{service.port}/openapi.yaml"
        attack = subprocess.Popen(["slowhttptest", *flags, "-i", "2", "-r", "200", "-l", "9", "-t", "GET" if "-X" in flags else "POST",
                                   "-f", "application/json", "-u", target], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(2)
        found = result(load(url, 50, 7, small, probe="/livez"))
        attack.wait()
        good = found["codes"].get("200", 0) / found["sent"]
        enough = good >= 0.99 or (name.startswith("400") and set(found["codes"]) <= {"200", "429"})
        note(name, f"{100 * good:.1f} % of {found['sent']} good calls 200 {found['codes']}, p99 {found['p99_ms']} ms",
             "429 at worst" if name.startswith("400") else "at least 99 %", enough)
        note(name + ": liveness", f"probes to {found['probe_max_ms']} ms", "below 250 ms", found["probe_max_ms"] < 250, timed=True)
    # a thread that a slow sender held would be missing here
    time.sleep(10)
    found = result(load(url, 50, 3, small))
    note("after the slow ones", str(found["codes"]), "all 200", found["codes"] == {"200": found["sent"]})
    check_golden(service, "slow")
    service.end()


def memory():
    """R2: bodies at the limit, all at once, in a heap that holds four of them."""
    service = Service("-Xmx256m")
    limit = 64 * 1024 * 1024
    kinds = {"numbers": b"0,", "objects": b"{},", "strings": b'"",', "nested": b"[[]],"}
    codes = {}

    def send(i):
        unit = list(kinds.values())[i % len(kinds)]
        part = unit * 20000
        try:
            with socket.create_connection(("127.0.0.1", service.port), 60) as s:
                s.settimeout(60)
                s.sendall(b"POST /v1/entropy HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
                          % limit)
                sent = 12
                try:
                    s.sendall(b'{"logits":[[')
                    while sent < limit:
                        n = min(len(part), limit - sent)
                        s.sendall(part[:n])
                        sent += n
                except OSError:
                    pass
                return s.recv(12)[9:12].decode() or "closed"
        except OSError as e:
            return "reset" if isinstance(e, ConnectionError) else type(e).__name__

    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        for code in pool.map(send, range(64)):
            codes[code] = codes.get(code, 0) + 1
    # an answer that comes while the body is still being sent may be lost to the sender by TCP's own rules
    note("64 bodies of 64 MiB at 256 MB", f"{codes}, alive: {service.alive()}", "alive, nothing but 413, 429, 408 or a closed connection",
         service.alive() and set(codes) <= {"413", "429", "408", "reset", "closed"})
    small = os.path.join(WORK, "small.json")
    open(small, "w").write('{"logits":[[0,1,2,3]]}')
    status, answer = service.ask("POST", "/v1/entropy", b'{"logits":[' + b"{}," * 5000000 + b"{}]}")
    note("15 MB of empty objects at 256 MB", f"{status} {json.loads(answer).get('code')}", "413 limit_exceeded", status == 413)
    check_golden(service, "memory")
    service.end()


HAPROXY = """
global
  stats socket {work}/haproxy.sock level admin
  maxconn 2000
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  retries 3
  option redispatch
  retry-on all-retryable-errors
  option http-buffer-request
frontend in
  bind 127.0.0.1:{port}
  default_backend replicas
backend replicas
  balance roundrobin
  option httpchk GET /readyz
  server a 127.0.0.1:{a} check inter 200ms fall 1 rise 1
  server b 127.0.0.1:{b} check inter 200ms fall 1 rise 1
"""


class Balancer:
    def __init__(self, a, b):
        self.port = free_port()
        config = os.path.join(WORK, "haproxy.cfg")
        open(config, "w").write(HAPROXY.format(work=WORK, port=self.port, a=a.port, b=b.port))
        self.process = subprocess.Popen(["haproxy", "-f", config, "-db"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1.5)

    def state(self, server, state):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(WORK + "/haproxy.sock")
            s.sendall(f"set server replicas/{server} state {state}\n".encode())
            s.recv(1000)


def decisions(port, failures, stop):
    """A sequence whose state goes from call to call, and the same in one call at the end."""
    state, entropies, models, i = None, [], [], 0
    while not stop.is_set():
        entropy = round(1.5 + ((i * 37) % 29 - 14) / 10, 3)
        body = {"config": {"threshold": 1.5, "window": 4, "min_large": 2}, "observations": [entropy]}
        if state:
            body["state"] = state
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("POST", "/v1/ead", json.dumps(body), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            item = json.loads(answer.read())["data"][0]
            connection.close()
        except (OSError, KeyError, ValueError, http.client.HTTPException) as e:
            failures.append(repr(e))
            continue
        state, i = item["state"], i + 1
        entropies.append(entropy)
        models.append(item["steps"][0]["model"])
        time.sleep(0.01)
    return state, entropies, models


def with_replicas(name, disturb, promise_zero):
    a, b = Service("-Xmx256m"), Service("-Xmx256m")
    balancer = Balancer(a, b)
    failures, stop, outcome = [], threading.Event(), {}
    chain = threading.Thread(target=lambda: outcome.update(chain=decisions(balancer.port, failures, stop)))
    small = os.path.join(WORK, "small.json")
    open(small, "w").write('{"logits":[[0,1,2,3]]}')
    stopped = []
    requests = load(f"http://127.0.0.1:{balancer.port}/v1/entropy", 100, 40, small)
    chain.start()
    try:
        stopped = disturb(a, b, balancer)
    finally:
        found = result(requests)
        stop.set()
        chain.join()
    state, entropies, models = outcome["chain"]
    whole = json.loads(b.ask("POST", "/v1/ead", json.dumps(
        {"config": {"threshold": 1.5, "window": 4, "min_large": 2}, "observations": entropies[:4000]}))[1])["data"][0]
    same = [s["model"] for s in whole["steps"]] == models[:4000] and (len(entropies) > 4000 or whole["state"] == state)
    bad = found["sent"] - found["codes"].get("200", 0)
    note(name, f"{found['sent']} calls, {bad} failed {found['codes']}; exit codes {stopped}", promise_zero, bad == 0)
    note(name + ": a state goes on", f"{len(entropies)} decisions across replicas, {len(failures)} failed {failures}, the same as in one call: {same}",
         "identical decisions", same and not failures)
    check_golden(b, name)
    a.end()
    b.end()
    balancer.process.terminate()


def rolling():
    """R4: one after the other is taken out, ended by SIGTERM and started again."""

    def disturb(a, b, balancer):
        codes = []
        for name, service in (("a", a), ("b", b)):
            balancer.state(name, "drain")  # what a cluster's preStop does
            time.sleep(1)
            codes.append(service.end())
            service.start()
            balancer.state(name, "ready")
            time.sleep(1)
        return codes

    with_replicas("two replicas restarted in turn", disturb, "0 failed, exit codes 143")


def kill():
    """R4: kill -9 at any time; the balancer repeats what was lost, as every call may be repeated."""

    def disturb(a, b, balancer):
        codes = []
        for service in (a, b):
            time.sleep(1)
            codes.append(service.end(signal.SIGKILL))
            service.start()
            time.sleep(1)
        return codes

    with_replicas("kill -9 of each replica", disturb, "0 failed behind a balancer that repeats")


def which_java():
    return subprocess.check_output([ROOT + "/src/bin/tokentropy", "--which-java"], text=True).strip()


def jcmd():
    return shutil.which("jcmd") or os.path.join(os.path.dirname(which_java()), "jcmd")


def resources(service):
    pid = service.process.pid
    java = jcmd()
    subprocess.run([java, str(pid), "GC.run"], stdout=subprocess.DEVNULL, check=True)
    scrape = service.ask("GET", "/metrics")[1].decode()
    total = lambda name, label="": sum(float(m) for m in re.findall(rf"^{name}{{[^}}]*{label}[^}}]*}} ([0-9.E+]+)$", scrape, re.M))
    heap = subprocess.check_output([java, str(pid), "GC.heap_info"], text=True)
    used = re.findall(r"(?:PSYoungGen|ParOldGen|garbage-first heap)\s+total.*?used (\d+)K", heap)
    return {
        "heap_mb": sum(map(int, used)) / 1024, "threads": len(os.listdir(f"/proc/{pid}/task")), "handles": len(os.listdir(f"/proc/{pid}/fd")),
        "direct_mb": total("jvm_buffer_memory_used_bytes", 'id="direct"') / 1e6,
        "rss_mb": int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1)) / 1024}


def soak():
    """R5: half an hour of mixed calls at a steady rate; nothing may grow."""
    minutes = float(os.environ.get("SOAK_MINUTES", 30))
    rate = float(os.environ.get("SOAK_RATE", 0))
    service, body = Service("-Xmx384m"), work_body()
    url = f"http://127.0.0.1:{service.port}/v1/inv-entropy"
    if not rate:
        closed_loop(service, body, 4, 8)
        rate = closed_loop(service, body, 2 * CORES, 8)[0] / 2
    small = os.path.join(WORK, "small.json")
    open(small, "w").write('{"logits":[[0,1,2,3]],"measures":["varentropy","margin"]}')
    result(load(url, rate, 30, body))
    seen, codes, until = [resources(service)], {}, time.time() + 60 * minutes
    while time.time() < until:
        slice_seconds = min(120, max(5, until - time.time()))
        for found in [result(p) for p in (load(url, rate / 2, slice_seconds, body),
                                          load(url.replace("inv-entropy", "entropy"), rate, slice_seconds, small))]:
            for code, n in found["codes"].items():
                codes[code] = codes.get(code, 0) + n
        seen.append(resources(service))
        print("soak", {k: round(v, 1) for k, v in seen[-1].items()}, flush=True)
    half = len(seen) // 2
    for name, slack in (("heap_mb", 8), ("threads", 6), ("handles", 12), ("direct_mb", 2)):
        first, last = max(s[name] for s in seen[1:half + 1]), max(s[name] for s in seen[half + 1:])
        note(f"soak: {name}", f"first half at most {first:.1f}, second {last:.1f}", f"no more than {slack} above", last <= first + slack)
    note("soak", f"{minutes:.0f} min, {rate:.0f}/s and as many small ones: {codes}, resident {seen[1]['rss_mb']:.0f} to {seen[-1]['rss_mb']:.0f} MB",
         "all 200", set(codes) == {"200"})
    check_golden(service, "soak")
    service.end()


def machine():
    cpu = re.search(r"model name\s*:\s*(.*)", open("/proc/cpuinfo").read())
    version = subprocess.run([which_java(), "-version"], capture_output=True, text=True).stderr.splitlines()[0]
    return f"{cpu.group(1) if cpu else 'unknown CPU'}, {CORES} cores, {version}"


def main():
    if not shutil.which("slowhttptest") or not shutil.which("haproxy"):
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "slowhttptest", "haproxy"], check=True)
    if not glob.glob(ROOT + "/target/tokentropy-*.jar"):
        raise SystemExit("there is no packaged service yet; make it with: mvn -DskipTests package")
    parts = {"same": same, "overload": overload, "slow": slow, "memory": memory,
             "outside": lambda: outside.outside(Service, note, WORK),
             "wire": lambda: wire.attacks(Service, note, free_port, jcmd()),
             "framing": lambda: wire.framing(Service, note, free_port, jcmd(), which_java(), option("seed", 1), option("connections", 20_000)),
             "rolling": rolling, "kill": kill}
    parts |= {name: functools.partial(part, Service, note) for name, part in held.PARTS.items()}
    if LONG or "soak" in ONLY:
        parts["soak"] = soak
    if LONG or "siege" in ONLY:
        minutes = float(os.environ.get("SIEGE_MINUTES", 30))
        parts["siege"] = lambda: siege.siege(sys.modules[__name__], minutes, option("connections", int(33_000 * minutes)))
    for name, part in parts.items():
        if not ONLY or name in ONLY:
            start = time.time()
            part()
            print(f"{name} took {time.time() - start:.0f} s", flush=True)
    print(f"\n{machine()}, `src/ci/faults/run.py {' '.join(sys.argv[1:])}`".replace(" `", " `").rstrip() + "\n")
    print("| fault | measured | promised | kept |\n|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    sys.exit(1 if broken else 0)


try:
    main()
finally:
    shutil.rmtree(WORK, ignore_errors=True)
