"""Times the service over HTTP with wrk: starts it, warms it, and prints a table. Run by src/bench/run.

Rounds alternate between the cases, and the median counts.
"""

import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

PORT = int(os.environ.get("BENCH_PORT", "18080"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "4"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
JSON = "application/json"


def wrk(folder, name, port, path, body, media_type, connections, seconds):
    """Requests per second, all of which must have been answered with 2xx."""
    file = os.path.join(folder, name)
    with open(file, "wb") as out:
        out.write(body)
    script = os.path.join(folder, name + ".lua")
    with open(script, "w") as out:
        out.write(
            'wrk.method = "POST"\nwrk.headers["Content-Type"] = "%s"\n'
            'local f = io.open("%s", "rb")\nwrk.body = f:read("*a")\nf:close()\n'
            'done = function(s) io.write(string.format("\\nRATE %%f %%d\\n",'
            " s.requests / s.duration * 1e6, s.errors.status + s.errors.read"
            " + s.errors.write + s.errors.timeout + s.errors.connect)) end\n"
            % (media_type, file)
        )
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script,
         f"http://127.0.0.1:{port}{path}"],
        check=True, capture_output=True, text=True,
    ).stdout
    rate, errors = next(line for line in out.splitlines() if line.startswith("RATE")).split()[1:]
    if int(errors):
        sys.exit(f"{name}: {errors} requests failed\n{out}")
    return float(rate)


def post(path, body):
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    connection.request("POST", path, body, {"Content-Type": JSON})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        sys.exit(f"{path}: {answer.status} {text[:300]}")
    return json.loads(text)


def wait(process, port, path="/readyz"):
    for _ in range(240):
        if process.poll() is not None:
            sys.exit("the server did not start")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.25)
    sys.exit("the server is not ready")


def running_sequences():
    """1,000 sequences in the middle of their text, each with its state and one new entropy."""
    draw = random.Random(7)
    fresh = [{"observations": [2 * draw.random() for _ in range(7)]} for _ in range(1000)]
    config = {"threshold": 1.0}
    began = post("/v1/ead", json.dumps({"config": config, "sequences": fresh}))
    going = [
        {"observations": [2 * draw.random()], "state": item["state"]} for item in began["data"]
    ]
    return json.dumps({"config": config, "return": ["next"], "sequences": going}).encode()


def median(rates):
    return statistics.median(rates)


def ead(folder):
    body = running_sequences()
    rates = {1: [], 2: []}
    wrk(folder, "ead", PORT, "/v1/ead", body, JSON, 1, 15)
    for _ in range(ROUNDS):
        for connections, found in rates.items():
            found.append(wrk(folder, "ead", PORT, "/v1/ead", body, JSON, connections, SECONDS))
    print(f"\nModel switching, 1,000 sequences with their states in one request of {len(body)} bytes")
    for connections, found in rates.items():
        print(f"{connections} connection(s): {1000 * median(found):,.0f} decisions/s")


def main():
    environment = dict(os.environ, SERVER_PORT=str(PORT))
    service = subprocess.Popen(
        ["src/bin/tokentropy"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        wait(service, PORT)
        with tempfile.TemporaryDirectory() as folder:
            ead(folder)
    finally:
        service.terminate()
        service.wait()


if __name__ == "__main__":
    main()
