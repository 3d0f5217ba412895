#!/usr/bin/env python3
"""A running service and a pair of real llama.cpp servers, between which it switches: what clients read is what the servers alone would have
written, and goes on when one of them is gone. src/ci/gateway-switch starts the service with the settings that SETTINGS prints:
  src/ci/gateway_switch.py --settings 18101      prints the settings of a service whose servers are on ports 18101 and 18102
  src/ci/gateway_switch.py http://127.0.0.1:18100 18101"""
import http.client, json, os, random, re, signal, socket, subprocess, sys, time

from llamacpp_pair import Pair, Server

PAIR = "kjv"
PROMPTS = ["And it came to pass", "In the beginning God", "The LORD said unto Moses", "Blessed are they that", "Then Jesus answered",
           "And the sons of", "Behold, I will", "Thou shalt not", "Woe unto you", "For the kingdom of", "And David said to", "Hear, O Israel",
           "The word of the", "And when he had", "I am the", "Praise ye the LORD", "Let us go up", "And Pharaoh called", "Now the king of",
           "They that trust in"]
LENGTH = 32
checks = 0


def settings(port):
    own = {"TOKENTROPY_GATEWAY_ENABLED": "true"}
    for name, at in (("SMALL", port), ("LARGE", port + 1)):
        own |= {f"TOKENTROPY_UPSTREAMS_{name}_URL": f"http://127.0.0.1:{at}", f"TOKENTROPY_UPSTREAMS_{name}_KIND": "llamacpp",
                f"TOKENTROPY_UPSTREAMS_{name}_MODEL": name.lower(), f"TOKENTROPY_UPSTREAMS_{name}_VOCAB_SIZE": "2048"}
    pair = f"TOKENTROPY_GATEWAY_PAIRS_{PAIR.upper()}"
    return own | {f"{pair}_SMALL": "small", f"{pair}_LARGE": "large", f"{pair}_MODE": "switch", f"{pair}_EAD_PROFILE": "ead-paper",
                  f"{pair}_EAD_THRESHOLD": "3", f"{pair}_EAD_WINDOW": "1", f"{pair}_EAD_COST_RATIO": "0.2"}


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        sys.exit(f"not so: {what}")


class Service:
    def __init__(self, url):
        self.host = url.removeprefix("http://")

    def connection(self):
        return http.client.HTTPConnection(self.host, timeout=120)

    def post(self, path, body):
        """Status, headers and body of an answer."""
        connection = self.connection()
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.headers, response.read()

    def complete(self, prompt, **more):
        status, headers, body = self.post("/v1/completions", {"model": PAIR, "prompt": prompt, "max_tokens": LENGTH, "temperature": 0} | more)
        check(status == 200, f"{status} {body[:300]} for {prompt}")
        return json.loads(body), headers

    def events(self, prompt, **more):
        """The events of a stream, which ends in good order."""
        status, headers, body = self.post("/v1/completions", {"model": PAIR, "prompt": prompt, "max_tokens": LENGTH, "temperature": 0,
                                                              "stream": True, "stream_options": {"include_usage": True}} | more)
        check(status == 200 and headers["Content-Type"].startswith("text/event-stream"), f"a stream, but {status} {body[:300]}")
        lines = [line for line in body.decode().split("\n\n") if line and not line.startswith(":")]
        check(lines[-1] == "data: [DONE]", "a stream ends with [DONE]")
        return [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]

    def metric(self, name):
        connection = self.connection()
        connection.request("GET", "/actuator/prometheus")
        text = connection.getresponse().read().decode()
        found = re.findall(rf"^{name}(?:{{[^}}]*}})? ([0-9.eE+]+)$", text, re.M)
        return sum(map(float, found))


def alone(server, prompt):
    """What a server writes without anybody in front of it, and how many tokens."""
    status, body = server.post("/completion", {"prompt": prompt, "n_predict": LENGTH, "temperature": 0})
    answer = json.loads(body)
    return answer["content"], answer["tokens_predicted"]


def busy(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/slots")
    return any(slot["is_processing"] for slot in json.loads(connection.getresponse().read()))


def ends(service, pair):
    """A threshold that is never reached is the small model; one that always is, the large one."""
    for prompt in PROMPTS:
        small, _ = service.complete(prompt, tokentropy={"ead": {"threshold": 1e9}, "explain": True})
        large, _ = service.complete(prompt, tokentropy={"ead": {"threshold": 0, "initial": "large"}, "explain": True})
        for answer, server, model in ((small, pair.small, "small"), (large, pair.large, "large")):
            text, tokens = alone(server, prompt)
            told = answer["tokentropy"]
            check(answer["choices"][0]["text"].encode() == text.encode(), f"{answer} is what {model} writes: {text!r}")
            check(told["tokens"] == told[model] == answer["usage"]["completion_tokens"], f"{told} has {model} tokens alone")
            check(told["upstream"][model]["completion_tokens"] == tokens, f"{told} counts as its server: {tokens}")
    print(f"{2 * len(PROMPTS)} answers at both ends of the threshold are those of the servers alone, byte for byte")


def forms(service):
    """A stream, a whole answer, log-probabilities and several choices say the same."""
    switches = 0
    for i, prompt in enumerate(PROMPTS):
        more = {"seed": i, "n": 3, "logprobs": 2, "tokentropy": {"explain": True}} | ({"temperature": 0.8} if i % 2 else {})
        whole, headers = service.complete(prompt, **more)
        events = service.events(prompt, **more)
        first, _ = service.complete(prompt, **(more | {"n": 1}))
        check(len({event["id"] for event in events}) == 1, "one id")
        check(headers["X-Tokentropy-Mode"] == "switch" and headers["X-Tokentropy-Pure"] == "false", "headers")
        check(int(headers["X-Tokentropy-Switches"]) == whole["tokentropy"]["switches"], "switches in the headers")
        for choice in whole["choices"]:
            parts = [part for event in events for part in event["choices"] if part["index"] == choice["index"]]
            text = "".join(part["text"] for part in parts)
            if not i % 2:
                check(text == choice["text"] == first["choices"][0]["text"], f"{prompt}: {text!r}, {choice['text']!r}")
            check("".join(choice["logprobs"]["tokens"]) == choice["text"], "tokens spell the text")
            check([part["finish_reason"] for part in parts if part["finish_reason"]], "a choice ends")
        for told, usage in ((whole["tokentropy"], whole["usage"]), (events[-1]["tokentropy"], events[-1]["usage"])):
            check(sum(stint["tokens"] for stint in told["stints"]) == usage["completion_tokens"] == told["small"] + told["large"],
                  f"nothing lost, nothing doubled: {told} {usage}")
            check(not told["notes"] or told["notes"] == ["ids_reconstructed"], f"nothing went wrong: {told['notes']}")
        switches += whole["tokentropy"]["switches"]
    check(switches > 20, f"the models take turns, but there were {switches} switches")
    print(f"streams, whole answers and several choices agree; {switches} switches")


def stops(service):
    for prompt in PROMPTS:
        text = service.complete(prompt)[0]["choices"][0]["text"]
        for at in (0, 5, len(text) // 2):
            stop = text[at:at + 6]
            expected = text[:text.index(stop)]
            more = {"stop": [stop, "@@never"]}
            check(service.complete(prompt, **more)[0]["choices"][0]["text"] == expected, f"{text!r} up to {stop!r}")
            streamed = "".join(part["text"] for event in service.events(prompt, **more) for part in event["choices"])
            check(streamed == expected, f"nothing of {stop!r} in the stream: {streamed!r}")
    print(f"{3 * len(PROMPTS)} stop strings end answers, and nothing of them is shown")


def refusals(service):
    for more, status, code in (({"best_of": 2, "tokentropy": {}}, 422, "not_switchable"), ({"nucleus": 1}, 422, "unknown_field"),
                               ({"n": 99}, 422, "parameter_out_of_range"), ({"model": "other"}, 404, "unknown_model"),
                               ({"tokentropy": {"ead": {"treshold": 1}}}, 422, "unknown_field")):
        found, _, body = service.post("/v1/completions", {"model": PAIR, "prompt": "a"} | more)
        problem = json.loads(body)
        check(found == status and problem["code"] == problem["error"]["code"] == code, f"{more}: {found} {problem}")
    status, headers, body = service.post("/v1/completions", {"model": PAIR, "prompt": "And", "max_tokens": 4, "presence_penalty": 1})
    check(status == 200 and headers["X-Tokentropy-Mode"] == "passthrough", f"{status} {headers} {body[:200]}")
    print("what cannot be done is refused or passed on")


def leaving(service, pair, times):
    """A client that leaves takes its work with it."""
    body = json.dumps({"model": PAIR, "prompt": PROMPTS[0], "max_tokens": 110, "temperature": 0, "stream": True, "n": 4}).encode()
    random.seed(1)
    slowest = 0
    for _ in range(times):
        host, port = service.host.split(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(b"POST /v1/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                           + str(len(body)).encode() + b"\r\n\r\n" + body)
            time.sleep(random.random() * 0.15)
        left = time.monotonic()
        while busy(pair.small) or busy(pair.large) or service.metric("tokentropy_gateway_streams") > 0:
            check(time.monotonic() - left < 10, "a client has gone, and its work goes on")
            time.sleep(0.01)
        slowest = max(slowest, time.monotonic() - left)
    print(f"{times} clients left at random moments; both servers idle and no stream open after {1000 * slowest:.0f} ms at most")


def gone(service, pair):
    """The large server hangs, dies in the middle of an answer, stays away, and comes back."""
    asked = {"tokentropy": {"ead": {"threshold": 0}, "explain": True}}
    pair.large.process.send_signal(signal.SIGSTOP)
    reader = subprocess.Popen(["curl", "-sN", f"http://{service.host}/v1/completions", "-H", "Content-Type: application/json", "-d",
                               json.dumps({"model": PAIR, "prompt": PROMPTS[0], "max_tokens": LENGTH, "temperature": 0, "stream": True} | asked)],
                              stdout=subprocess.PIPE)
    time.sleep(1.5)
    pair.large.process.kill()
    pair.large.process.wait()
    text = reader.communicate(timeout=60)[0].decode()
    check(text.endswith("data: [DONE]\n\n"), f"the answer ends in good order: {text[-300:]}")
    told = json.loads(text.split("\n\n")[-3].removeprefix("data: "))["tokentropy"]
    check("fallback" in told["notes"] and told["small"] == told["tokens"] == LENGTH, f"the small model went on: {told}")
    answer, _ = service.complete(PROMPTS[1], **asked)
    small, _ = alone(pair.small, PROMPTS[1])
    check(answer["choices"][0]["text"] == small and "large_unavailable" in answer["tokentropy"]["notes"], f"small alone: {answer}")
    pair.small.end()
    status, _, body = service.post("/v1/completions", {"model": PAIR, "prompt": "And"})
    check(status == 502 and json.loads(body)["error"]["code"] == "upstream_unavailable", f"both are down: {status} {body[:300]}")
    for name in ("small", "large"):
        setattr(pair, name, Server(name, getattr(pair, name).port, 4))
        getattr(pair, name).wait()
    end = time.monotonic() + 60
    while service.complete(PROMPTS[1], **asked)[0]["tokentropy"]["large"] == 0:
        check(time.monotonic() < end, "a server that came back is asked again")
        time.sleep(1)
    print("the large server died in the middle of an answer, and the small one went on; both are back")


def main():
    if sys.argv[1] == "--settings":
        print("\n".join(f"{name}={value}" for name, value in settings(int(sys.argv[2])).items()))
        return
    service = Service(sys.argv[1])
    with Pair(int(sys.argv[2]), 4) as pair:
        ends(service, pair)
        forms(service)
        stops(service)
        refusals(service)
        leaving(service, pair, 50)
        gone(service, pair)
    print(f"{checks} checks")


if __name__ == "__main__":
    main()
