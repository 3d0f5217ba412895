#!/usr/bin/env python3
"""A million lines through /v1/batch of the packaged service at 256 MB of heap: order, answers, counts and digest are checked to the byte,
memory must stay flat; then connections are cut half-way, and the service must go on as before. Needs target/tokentropy-*.jar and python3.
  src/ci/batch.py [--lines 1000000] [--port 18089] [--cuts 20]"""
import argparse, hashlib, http.client, json, math, os, re, signal, socket, struct, subprocess, sys, tempfile, threading, time

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
options = argparse.ArgumentParser()
options.add_argument("--lines", type=int, default=1_000_000)
options.add_argument("--port", type=int, default=18089)
options.add_argument("--cuts", type=int, default=20)
options = options.parse_args()

KINDS = [json.dumps({"url": "/v1/entropy", "body": {"logits": [[0.5 * i for i in range(n)]]}}) for n in range(1, 12)]
KINDS.append(json.dumps({"url": "/v1/truncation", "body": {"logits": [[3, 2, 1, 0]], "top_h": 0.4}}))
KINDS.append(json.dumps({"url": "/v1/entropy", "body": {"logits": [[1, "x"]]}}))  # refused, and only this line
GOLDEN = ("/v1/entropy", json.dumps({"probs": [[0.5, 0.25, 0.25]], "unit": "bit"}))


def post(path, body, kind="application/json"):
    connection = http.client.HTTPConnection("127.0.0.1", options.port, timeout=20)
    connection.request("POST", path, body, {"Content-Type": kind})
    return connection.getresponse().read()


def line(i):
    return b'{"custom_id":"%d",%s\n' % (i, KINDS[i % len(KINDS)][1:].encode())


def expected():
    """What stands between the number of a line and its end, by kind, as a small batch answers it."""
    answers = post("/v1/batch", b"".join(line(i) for i in range(len(KINDS))), "application/x-ndjson").split(b"\n")
    return [answers[i].split(b'"custom_id":"%d",' % i)[1] for i in range(len(KINDS))]


def start_batch():
    connection = http.client.HTTPConnection("127.0.0.1", options.port, timeout=60)
    connection.putrequest("POST", "/v1/batch")
    connection.putheader("Content-Type", "application/x-ndjson")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    return connection


def send(connection, first, last):
    for start in range(first, last, 500):
        block = b"".join(map(line, range(start, min(last, start + 500))))
        connection.send(b"%x\r\n%s\r\n" % (len(block), block))


def million(answers, watch):
    """Writes and reads at once, as a client must: what it does not read, it cannot go on writing."""
    connection = start_batch()

    def write():
        send(connection, 0, options.lines)
        connection.send(b"0\r\n\r\n")

    writer = threading.Thread(target=write)
    writer.start()
    response = connection.getresponse()
    digest, rest, number = hashlib.sha256(), b"", 0
    while block := response.read1(1 << 18):
        lines = (rest + block).split(b"\n")
        rest = lines.pop()
        for found in lines:
            if number == options.lines:
                end = json.loads(found)
                break
            wanted = b'{"line":%d,"custom_id":"%d",%s' % (number, number, answers[number % len(KINDS)])
            if found != wanted:
                sys.exit(f"line {number}: found {found}, expected {wanted}")
            digest.update(found + b"\n")
            number += 1
        watch(number)
    writer.join()
    failed = len(range(len(KINDS) - 1, options.lines, len(KINDS)))
    assert end == {"object": "batch.end", "lines": options.lines, "ok": options.lines - failed, "failed": failed,
                   "digest": "sha256:" + digest.hexdigest()}, end
    return end


def cut(lines):
    """Reads half of the answers and goes away with a reset, while it still writes."""
    connection = start_batch()

    def write():
        try:
            send(connection, 0, lines)
        except OSError:
            pass

    writer = threading.Thread(target=write)
    writer.start()
    response, read = connection.getresponse(), 0
    while read < lines // 2:
        read += response.read1(1 << 14).count(b"\n")
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.sock.shutdown(socket.SHUT_RD)
    connection.sock.close()
    writer.join()


def gauge(name):
    connection = http.client.HTTPConnection("127.0.0.1", options.port, timeout=20)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    return sum(map(float, re.findall(rf"^{name}(?:{{[^}}]*}})? ([0-9.eE+-]+)$", text, re.M)))


work = tempfile.mkdtemp()
log = os.path.join(work, "gc.log")
service = subprocess.Popen(
    ["src/bin/tokentropy"], stdout=open(os.path.join(work, "service.log"), "w"), stderr=subprocess.STDOUT,
    env=dict(os.environ, SERVER_PORT=str(options.port), JAVA_OPTS=f"-Xmx256m -Xlog:gc:file={log}"))
try:
    for _ in range(200):
        try:
            if http.client.HTTPConnection("127.0.0.1", options.port).connect() is None and post(*GOLDEN):
                break
        except OSError:
            time.sleep(0.3)
    golden, answers = post(*GOLDEN), expected()
    assert json.loads(golden)["data"][0]["entropy"] == 1.5

    samples, began = [], time.monotonic()

    def watch(number):
        if number * 10 // options.lines > len(samples):
            rss = int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{service.pid}/status").read()).group(1)) / 1024
            after = [int(m) for m in re.findall(r"->(\d+)M\(", open(log).read())]
            samples.append((number, rss, max(after[-20:])))
            print(f"{number:>9} lines, {number / (time.monotonic() - began):>7.0f} a second, "
                  f"RSS {rss:.0f} MB, heap after the last collections at most {samples[-1][2]} MB", flush=True)

    end = million(answers, watch)
    print(f"{options.lines} lines in {time.monotonic() - began:.1f} s: in order, every answer as expected, {json.dumps(end)}")
    early, late = samples[len(samples) // 2 - 1], samples[-1]
    assert late[2] <= 1.2 * early[2] + 8 and late[1] <= 1.2 * early[1], "memory grows"

    threads = gauge("jvm_threads_live_threads")
    for i in range(options.cuts):
        cut(1000 * (i + 1))
    deadline = time.monotonic() + 15
    while gauge("tokentropy_bytes_in_flight") > 0 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert gauge("tokentropy_bytes_in_flight") == 0, "a cut connection still holds memory"
    assert post(*GOLDEN) == golden and expected() == answers
    print(f"{options.cuts} connections cut half-way: no bytes held, golden calls answered as before, "
          f"{threads:.0f} threads before and {gauge('jvm_threads_live_threads'):.0f} after")
finally:
    service.send_signal(signal.SIGTERM)
    service.wait(40)
