#!/usr/bin/env python3
"""Ten questions, asked and scored, within a budget: of the scripted model, whose certainty is known (its entropy and the score are compared by
rank), or of another, such as a llama.cpp server that knows the King James Bible.
  ask.py http://localhost:8080 scripted [--plot ask.svg]
  ask.py http://localhost:8080 large"""
import argparse, http.client, json, sys, time, urllib.parse

import scripted_model

OPENINGS = ["And", "Then", "Now", "But", "For", "Behold,", "So", "Yea,", "Moreover", "And so"]
VERSES = ["God said unto", "the LORD spake unto Moses,", "it came to pass in those", "the children of Israel did evil in the", "the word of the LORD came unto",
          "he went", "they said,", "the king", "in that day shall", "blessed are"]


def questions(upstream):
    """Each with the part of the request that asks it, and the entropy of its answer where that is known."""
    if upstream == "scripted":
        for province in range(10):
            yield f"province {province}", {"question": scripted_model.QUESTION.format(province)}, scripted_model.entropy(province)
    else:
        for verse in VERSES:
            texts = [f"{opening} {verse}" for opening in OPENINGS]
            yield verse, {"question": texts[0], "perturbations": {"method": "caller", "texts": texts[1:]}}, None


class Service:
    def __init__(self, url):
        self.host = urllib.parse.urlsplit(url).netloc

    def post(self, path, body):
        """The answer as it came; ends the program where it is a problem."""
        connection = http.client.HTTPConnection(self.host, timeout=300)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read().decode()
        if response.status != 200:
            sys.exit(f"{path}: {response.status} {text}")
        return text


def ranks(values):
    """From 0; equal values share the mean of theirs."""
    ordered = sorted(values)
    return [ordered.index(value) + (ordered.count(value) - 1) / 2 for value in values]


def spearman(x, y):
    x, y = ranks(x), ranks(y)
    mean = sum(x) / len(x)
    covariance = sum((a - mean) * (b - mean) for a, b in zip(x, y))
    return covariance / (sum((a - mean) ** 2 for a in x) * sum((b - mean) ** 2 for b in y)) ** 0.5


def plot(points):
    """Score against entropy, as SVG."""
    width, height, left, top = 560, 300, 60, 20
    most = max(score for _, score in points) * 1.05
    x = lambda nats: left + width * nats / 2.4
    y = lambda score: top + height * (1 - score / most)
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 20} {top + height + 50}" role="img">',
             "<title>Inv-Entropy against the entropy of the answers that the model was made with</title>",
             "<style>text{font:13px sans-serif;fill:#555}path{stroke:#ccc}circle{fill:#27c}"
             "@media(prefers-color-scheme:dark){text{fill:#ccc}path{stroke:#444}circle{fill:#7af}}</style>"]
    for step in range(6):
        score = most / 1.05 * step / 5
        lines.append(f'<path d="M{left} {y(score):.1f}H{left + width}"/><text x="{left - 8}" y="{y(score) + 4:.1f}" text-anchor="end">{score:.2f}</text>')
    for step in range(6):
        nats = 2.4 * step / 5
        lines.append(f'<text x="{x(nats):.1f}" y="{top + height + 20}" text-anchor="middle">{nats:.2f}</text>')
    lines.append(f'<text x="{left + width / 2}" y="{top + height + 42}" text-anchor="middle">entropy of the answer by construction, nats; the score (scaled, 0 to 1) upwards</text>')
    lines += [f'<circle cx="{x(nats):.1f}" cy="{y(score):.1f}" r="5"/>' for nats, score in points]
    return "\n".join(lines + ["</svg>\n"])


def main():
    options = argparse.ArgumentParser()
    options.add_argument("service")
    options.add_argument("upstream")
    options.add_argument("--plot")
    options = options.parse_args()
    service = Service(options.service)
    entropies, scores, scaled, surprisals = [], [], [], []
    calls = seconds = 0
    print("question                                excess   scaled  calls  tokens  seconds")
    for name, asked, entropy in questions(options.upstream):
        request = {**asked, "upstream": options.upstream, "answers_per_prompt": 5, "mapping": "clipped", "logprobs": options.upstream != "scripted",
                   "sampling": {"temperature": 0.7, "max_tokens": 16, "seed": 1}, "budget": {"max_calls": 60, "max_tokens": 20000}}
        plan = json.loads(service.post("/v1/inv-entropy/ask", {**request, "dry_run": True}))["plan"]
        start = time.monotonic()
        text = service.post("/v1/inv-entropy/ask", request)
        took = time.monotonic() - start
        answer = json.loads(text)
        again = service.post("/v1/inv-entropy", answer["request"])
        usage, item = answer["usage"], answer["data"][0]
        if not text.startswith(again[:again.index(',"embedding_model"')] + ","):
            sys.exit(f"{name}: the score is not that of its request")
        if usage["calls"] > 60 or usage["charged_tokens"] > min(20000, plan["max_tokens"]) or (answer["complete"] and not usage["failed"] and usage["calls"] != plan["calls"]):
            sys.exit(f"{name}: planned {plan}, used {usage}")
        if item["n"] != 10:
            sys.exit(f"{name}: {item['n']} of 10 prompts count: {answer.get('warnings')}")
        print(f"{name:38} {item['excess']:7.4f} {item['scaled']:8.4f} {usage['calls']:6} {usage['charged_tokens']:7} {took:8.2f}")
        entropies.append(entropy)
        scores.append(item["inv_entropy"])
        scaled.append(item["scaled"])
        means = [each["mean_logprob"] for prompt in answer["evidence"]["prompts"] for each in prompt["answers"] if "mean_logprob" in each]
        surprisals.append(-sum(means) / len(means) if means else None)
        calls += usage["calls"]
        seconds += took
    print(f"10 questions, {calls} calls, {seconds / 10:.2f} s a question; every score is that of its request")
    if options.upstream == "scripted":
        rank = spearman(entropies, scores)
        print(f"Spearman of the score and the entropy by construction: {rank:.3f} (of its scaled form: {spearman(entropies, scaled):.3f})")
        if options.plot:
            with open(options.plot, "w") as file:
                file.write(plot(list(zip(entropies, scaled))))
        if rank < 0.8:
            sys.exit("the score does not order the questions")
    elif None not in surprisals:
        print(f"Spearman of the score and the mean surprisal of the tokens: {spearman(surprisals, scores):.3f}")


if __name__ == "__main__":
    main()
