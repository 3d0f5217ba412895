#!/usr/bin/env python3
"""A gateway on a port, and two real llama.cpp servers on the next two, which this starts: what was found of them, answers and streams through the
gateway against those of the servers themselves, scores attached, clients that go away, a server that is ended and comes again."""
import argparse, http.client, json, random, re, socket, time

from llamacpp_pair import Pair, Server

GREEDY = {"temperature": 0, "seed": 7, "cache_prompt": False}
CHAT = {"messages": [{"role": "user", "content": "And God said, Let there be"}], "max_tokens": 24, **GREEDY}
TEXT = {"prompt": "In the beginning", "max_tokens": 24, "logprobs": 5, **GREEDY}


def call(port, path, body=None):
    """Status, media type and bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST" if body else "GET", path, body and json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    return response.status, response.getheader("Content-Type"), response.read()


def comparable(answer):
    """An answer without what differs from call to call: ids, times and slots."""
    return re.sub(rb'"(id|created|id_slot|[a-z_]*_ms|[a-z_]*_per_second)":("[^"]*"|[-0-9.e+]+)', rb'"\1":0', answer)


def wait(what, test, seconds=30):
    end = time.monotonic() + seconds
    while not test():
        if time.monotonic() > end:
            raise SystemExit(f"after {seconds} s: {what}")
        time.sleep(0.05)


def gateway(port):
    return json.loads(call(port, "/v1/gateway")[2])["pairs"][0]


def check(name, ok, found=""):
    if not ok:
        raise SystemExit(f"FAILED {name}: {found}")
    print(f"{name} {found}".rstrip())


def findings(port):
    wait("the servers were not checked", lambda: all(gateway(port)[model]["checks"] for model in ("small", "large")) and gateway(port)["checks"])
    pair = gateway(port)
    for place in (pair, pair["small"], pair["large"]):
        for found in place["checks"]:
            # How soon a server notices that nobody listens is a matter of time, and this machine may be busy.
            check(f"{place['name']}: {found['check']}", found["ok"] or found["check"] == "cancel", found["detail"])
    check("handover", pair["handover"] == "tokens", pair["handover"])


def passed_through(port, pair):
    for model, server in (("small", pair.small), ("large", pair.large)):
        for path, body in (("/v1/chat/completions", CHAT), ("/v1/completions", TEXT)):
            for stream in (False, True):
                asked = {"model": f"kjv:{model}", "stream": stream, **body}
                direct = server.post(path, {**asked, "model": model})[1]
                status, media, through = call(port, path, asked)
                name = f"{path} of {model}, {'stream' if stream else 'whole'}"
                check(name, status == 200 and comparable(through) == comparable(direct), f"{len(through)} bytes, {media}")


def attached(port, pair):
    """The score of an answer is that of /v1/score for what the server says by itself, and the rest is the answer."""
    options = {"exclude": ["whitespace"], "flags": {"entropy_above": 1}}
    text = {name: value for name, value in TEXT.items() if name != "logprobs"}
    for model, server in (("small", pair.small), ("large", pair.large)):
        for path, body, more in (("/v1/chat/completions", CHAT, {"logprobs": True, "top_logprobs": 20}), ("/v1/completions", text, {"logprobs": 20})):
            for stream in (False, True):
                asked = {"model": model, "stream": stream, **body}
                plain = server.post(path, asked)[1]
                full = server.post(path, {**asked, **more})[1]
                expected = json.loads(call(port, "/v1/score", {"openai": full.decode() if stream else json.loads(full), **options})[2])
                status, _, found = call(port, path, {**asked, "model": f"kjv:{model}", "tokentropy": {"mode": "attach", "score": options}})
                name = f"a score attached, {path} of {model}, {'stream' if stream else 'whole'}"
                check(name, status == 200, found[:500] if status != 200 else "")
                if stream:
                    events = found.split(b"\n\n")
                    scores = [event for event in events if b'"tokentropy"' in event]
                    check(name, len(scores) == 1 and scores[0] == events[-3], "before the last event")
                    score = json.loads(scores[0][6:])["tokentropy"]["score"]
                    rest = b"\n\n".join(event for event in events if event != scores[0])
                else:
                    score = json.loads(found)["tokentropy"]["score"]
                    rest = found[: found.index(b',"tokentropy":')] + b"}"
                check(name, score == expected and score["sequence"]["tokens"] > 0, f"{score['sequence']['tokens']} tokens")
                check(name, comparable(rest) == comparable(plain), f"{len(rest)} bytes beside it")


def clients_that_go(port, pair, times=50):
    """Each closes at a moment of its own; afterwards nothing is under way, here or there."""
    body = json.dumps({"model": "kjv", "stream": True, **{**CHAT, "max_tokens": 100}}).encode()
    chance = random.Random(9)
    for _ in range(times):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            time.sleep(chance.uniform(0, 0.05))
    end = time.monotonic()
    wait("a stream is still under way", lambda: gateway(port)["large"]["streams"] == 0)
    slots = lambda: json.loads(call(pair.large.port, "/slots")[2])
    wait("a slot is still busy", lambda: not any(slot["is_processing"] for slot in slots()))
    check(f"{times} clients that went", True, f"nothing is under way {time.monotonic() - end:.2f} s later")


def restart(port, pair):
    pair.large.end()
    status, _, body = call(port, "/v1/completions", {"model": "kjv:large", **TEXT})
    check("a server that is down", status == 502, json.loads(body)["code"])
    status, _, _ = call(port, "/v1/completions", {"model": "kjv:small", **TEXT})
    check("the other one meanwhile", status == 200)
    pair.large = Server("large", pair.large.port, 2)
    pair.large.wait()
    status, _, _ = call(port, "/v1/completions", {"model": "kjv:large", **TEXT})
    check("a server that is there again", status == 200)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    port = options.parse_args().port
    with Pair(port + 1, slots=2) as pair:
        findings(port)
        passed_through(port, pair)
        attached(port, pair)
        clients_that_go(port, pair)
        restart(port, pair)


if __name__ == "__main__":
    main()
