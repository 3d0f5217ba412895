"""Scores an answer of any server that speaks OpenAI's API, whole and streamed, with the openai package.

The answer goes to /v1/score as it came: nothing is picked out of it here.
  OPENAI_BASE_URL=http://localhost:8000/v1 OPENAI_API_KEY=none python3 openai_score.py [http://localhost:8080]
"""
import json
import os
import sys
from urllib.request import Request, urlopen

from openai import NotFoundError, OpenAI


def vocab_size(client, model):
    """V as the server states it: llama.cpp lists meta.n_vocab with its models. None from a server that does not say."""
    try:
        listed = list(client.models.list())
    except NotFoundError:
        return None
    stated = {entry.id: ((entry.model_extra or {}).get("meta") or {}).get("n_vocab") for entry in listed}
    return stated.get(model) or (next(iter(stated.values())) if len(stated) == 1 else None)


def score(base, answer, vocab_size=None):
    """Without vocab_size only the lower end of the mean entropy is known."""
    question = {"openai": answer, **({"vocab_size": vocab_size} if vocab_size else {})}
    body = json.dumps(question).encode()
    with urlopen(Request(base + "/v1/score", body, {"Content-Type": "application/json"}), timeout=10) as response:
        return json.load(response)


def main(base="http://localhost:8080"):
    client = OpenAI()
    ask = {"model": os.environ.get("MODEL", "m"), "messages": [{"role": "user", "content": "The capital of France?"}],
           "logprobs": True, "top_logprobs": 5}
    whole = client.chat.completions.create(**ask).model_dump(mode="json")
    chunks = [chunk.model_dump(mode="json") for chunk in client.chat.completions.create(**ask, stream=True)]
    vocabulary = vocab_size(client, ask["model"])
    for name, answer in (("whole", whole), ("streamed", chunks)):
        found = score(base, answer, vocabulary)
        sequence = found["sequence"]
        weakest = found["data"][sequence["weakest"][0]]
        upper = f"to {sequence['mean_entropy_high']:.4f} nat" if "mean_entropy_high" in sequence else "nat or more"
        print(f"{name}: {sequence['tokens']} tokens, perplexity {sequence['perplexity']:.4f}, mean entropy "
              f"{sequence['mean_entropy_low']:.4f} {upper}, least sure of {weakest['token']!r}")


if __name__ == "__main__":
    main(*sys.argv[1:])
