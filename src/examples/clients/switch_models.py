"""Standard library only: walks a trace of entropies through /v1/ead, one token at a time, as a gateway would.

The state of the sequence comes back with every answer and goes out with the next call; the service keeps nothing.
  python3 switch_models.py [http://localhost:8080]
"""
import json
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit


class Tokentropy:
    """One connection that stays open; http.client sets TCP_NODELAY by itself."""

    def __init__(self, base):
        self.connection = HTTPConnection(urlsplit(base).netloc, timeout=10)

    def post(self, path, body):
        self.connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        answer = json.load(response)
        if response.status != 200:
            raise ValueError(f"{answer['code']}: {answer['detail']} {answer.get('hint', '')}")
        return answer


def main(base="http://localhost:8080"):
    service = Tokentropy(base)
    config = {"threshold": 1.0, "window": 3, "min_large": 2}
    state, models = None, []
    for entropy in [0.1, 0.2, 0.1, 2.4, 2.8, 1.9, 0.2, 0.1, 0.1, 0.1]:
        call = {"config": config, "observations": [entropy], "unit": "bit"}
        item = service.post("/v1/ead", call | ({"state": state} if state else {}))["data"][0]
        models.append(item["next"]["model"])
        state = item["state"]
    print(" ".join(models))
    print(f"{item['summary']['large_fraction']:.2f} of the tokens by the large model, {item['summary']['switches']} switches")
    try:
        service.post("/v1/ead", {"observations": [1.0], "config": {}})
    except ValueError as problem:
        print(problem)


if __name__ == "__main__":
    main(*sys.argv[1:])
