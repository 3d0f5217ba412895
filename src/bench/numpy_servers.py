"""What one would write with NumPy: the entropy of a body of float32, or of a list of log-probabilities in JSON.

`app` is for gunicorn with Flask; run as a script it is a bare asyncio server on the port that is its argument.
"""

import asyncio
import json
import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np


def entropy(x):
    d = x - x.max()
    e = np.exp(d)
    z = e.sum()
    return float(np.log(z) - np.dot(e, d) / z)


def binary(body):
    return json.dumps({"entropy": entropy(np.frombuffer(body, dtype="<f4"))})


def top(body):
    p = np.exp(np.array(json.loads(body)["top_logprobs"][0]))
    tail = 1 - p.sum()
    return json.dumps({"entropy": float(-(p * np.log(p)).sum() - tail * np.log(tail))})


try:
    from flask import Flask, request

    app = Flask(__name__)

    @app.post("/binary")
    def flask_binary():
        return binary(request.get_data()), 200, {"Content-Type": "application/json"}

    @app.post("/top")
    def flask_top():
        return top(request.get_data()), 200, {"Content-Type": "application/json"}

    @app.get("/ready")
    def flask_ready():
        return "ok"
except ImportError:
    pass


async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1]
            length = 0
            for line in head.split(b"\r\n"):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            body = await reader.readexactly(length)
            answer = {b"/binary": binary, b"/top": top}.get(path, lambda b: "ok")(body).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(answer), answer))
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main(port):
    server = await asyncio.start_server(serve, "127.0.0.1", port, limit=2**20)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
