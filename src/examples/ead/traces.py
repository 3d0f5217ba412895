"""Standard library only: what two llama.cpp servers say of every token of verses, as SwitchPair reads it.

Both models are asked for the whole next-token distribution after every prefix of a verse (n_probs is the size of the vocabulary),
with the verse itself as the text, whatever the model would have written. Kept of each token: the entropy before it and -ln p, in nats.
  python3 traces.py held.json pair.json.gz http://localhost:8081 http://localhost:8082
held.json has the verses by chapter under "calibration" and "test"; both models share one tokenizer.
"""
import gzip
import json
import math
import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

VOCABULARY = 2048
VERSES_A_CHAPTER = 4


class Server:
    """One connection that stays open."""

    def __init__(self, base):
        self.connection = HTTPConnection(urlsplit(base).netloc, timeout=60)

    def post(self, path, body):
        self.connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        return json.load(self.connection.getresponse())

    def tokens(self, verse):
        return self.post("/tokenize", {"content": verse + "\n", "add_special": True})["tokens"]

    def next_row(self, prefix):
        """ln p of every token after a prefix."""
        call = {"prompt": prefix, "n_predict": 1, "n_probs": VOCABULARY, "temperature": 0, "cache_prompt": True}
        listed = self.post("/completion", call)["completion_probabilities"][0]["top_logprobs"]
        return {entry["id"]: entry["logprob"] for entry in listed}

    def trace(self, tokens):
        entropies, surprisals = [], []
        for i in range(1, len(tokens)):
            row = self.next_row(tokens[:i])
            entropies.append(round(-sum(math.exp(lp) * lp for lp in row.values() if lp > -1000), 4))
            surprisals.append(round(-row[tokens[i]], 4))
        return {"entropy": entropies, "surprisal": surprisals}


def traces(base, chapters):
    server = Server(base)
    verses = [verse for chapter in chapters for verse in chapter["verses"][:VERSES_A_CHAPTER]]
    return [server.trace(server.tokens(verse)) for verse in verses]


def main(held, out, small, large):
    with open(held, encoding="utf-8") as file:
        chapters = json.load(file)
    parts = {}
    with ThreadPoolExecutor(2) as pool:
        for part in ("calibration", "test"):
            both = pool.map(traces, (small, large), (chapters[part], chapters[part]))
            parts[part] = [{"small": s, "large": l} for s, l in zip(*both)]
    with gzip.GzipFile(out, "wb", mtime=0) as file:
        file.write(json.dumps(parts, separators=(",", ":")).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
