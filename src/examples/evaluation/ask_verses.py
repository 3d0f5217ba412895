"""Standard library only: how a model goes on with verses that it has not seen, for evaluate.py.

A question is the first half of a verse, and the answer its next word. The one that is shown is the model's most probable, and five more are drawn (temperature 1, no
other sampler). It is right if it is the verse's own.
  python3 ask_verses.py held.json.gz http://localhost:8082 verses.jsonl [--questions 240]
held.json.gz has verses, a string each; the server is llama.cpp's, and is asked one request at a time, so that another run gives the same.
"""
import argparse
import gzip
import json
import re
from http.client import HTTPConnection
from urllib.parse import urlsplit

WORDS = 1
TOKENS = 8
SAMPLES = 5


class Server:
    """One connection that stays open."""

    def __init__(self, base):
        self.connection = HTTPConnection(urlsplit(base).netloc, timeout=60)

    def answer(self, prompt, **sampling):
        """The first word of a completion, and the log-probability of each of its tokens."""
        call = {"prompt": prompt, "n_predict": TOKENS, "n_probs": 1, "cache_prompt": False, "stop": ["\n"], **sampling}
        self.connection.request("POST", "/completion", json.dumps(call), {"Content-Type": "application/json"})
        tokens = json.load(self.connection.getresponse()).get("completion_probabilities", [])
        text, logprobs = "", []
        for token in tokens:
            if len((text + token["token"]).split()) > WORDS or token["token"] == "\n":
                break
            text += token["token"]
            logprobs.append(round(min(0, token["logprob"]), 5))
        return text.strip(), logprobs


def plain(text):
    return re.sub("[^a-z ]", "", text.lower()).split()


def question(server, verse, seed):
    words = verse.split()
    half = len(words) // 2
    prompt = " ".join(words[:half])
    shown = server.answer(prompt, temperature=0)
    drawn = [server.answer(prompt, temperature=1, top_k=0, top_p=1, min_p=0, seed=100 * seed + i) for i in range(SAMPLES)]
    answers = [shown, *drawn]
    if not all(text and logprobs for text, logprobs in answers):
        return None
    return {"question": prompt, "answers": [text for text, _ in answers], "logprobs": [logprobs for _, logprobs in answers],
            "correct": plain(shown[0]) == plain(" ".join(words[half:half + WORDS])), "truth": " ".join(words[half:half + WORDS])}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("held")
    options.add_argument("server")
    options.add_argument("out")
    options.add_argument("--questions", type=int, default=345)
    options = options.parse_args()
    with gzip.open(options.held, "rt", encoding="utf-8") as file:
        verses = [verse for verse in json.load(file) if len(verse.split()) >= 10]
    server = Server(options.server)
    asked = 0
    with open(options.out, "w", encoding="utf-8") as out:
        for number, verse in enumerate(verses):
            line = question(server, verse, number)
            if line is not None:
                print(json.dumps(line), file=out)
                asked += 1
            if asked == options.questions:
                break


if __name__ == "__main__":
    main()
