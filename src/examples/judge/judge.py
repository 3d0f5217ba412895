"""judge.py [http://localhost:8080]: was the king good? Is the day one of the first five? From responses as the server gave them."""
import json
import pathlib
import sys
from urllib.request import Request, urlopen

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
VERDICT = [{"name": "yes", "tokens": [" right", " good"]}, {"name": "no", "tokens": [" evil"]}]
RATING = [{"name": str(i), "tokens": [token], "score": i} for i, token in enumerate([" first", " second", " third", " four", " fif"], 1)]


def ask(response, labels, **fields):
    openai = json.loads(pathlib.Path(__file__).with_name(response + ".json").read_text())
    body = json.dumps({"openai": openai, "vocab_size": 2048, "mass_error": 2e-5, "labels": labels, **fields}).encode()
    return json.load(urlopen(Request(BASE + "/v1/labels", body, {"Content-Type": "application/json"})))["data"][0]


for king, fields in (("josiah", {}), ("asa", {}), ("asa", {"variants": "listed"})):
    found = ask(king, VERDICT, **fields)
    yes = found["given_labels"][0]
    print(king, found["best"], "for certain" if found["certified"] else "perhaps", "%.3f to %.3f" % (yes["prob_low"], yes["prob_high"]))
day = ask("day", RATING, variants="listed")
print("day", day["best"], "%.2f: %.2f to %.2f of 5" % (day["expected_score"], day["expected_score_low"], day["expected_score_high"]))
