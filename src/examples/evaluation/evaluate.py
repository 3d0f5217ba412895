"""Standard library only: which uncertainty finds the wrong answers, and what is it worth as a confidence?

  python3 evaluate.py http://localhost:8080 questions.jsonl verses-small.jsonl.gz verses-large.jsonl.gz [--similarity jaccard] [--svg evaluation.svg] [--all]
A line of a file is {"question", "answers": [...], "logprobs": [[...] for each answer], "correct"}; the first answer is the one that is shown, and correct says
whether it is right. Everything is asked through /v1/batch: the measures of every question, then how each of them ranks and what it is worth.
"""
import argparse
import gzip
import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

from plot import SHOWN, plot


class Service:
    def __init__(self, base):
        self.connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=300)

    def batch(self, url, bodies):
        """One answer a body, in their order; None where the service refuses, and why it did."""
        lines = b"".join(json.dumps({"url": url, "body": body}).encode() + b"\n" for body in bodies)
        self.connection.request("POST", "/v1/batch", lines, {"Content-Type": "application/x-ndjson"})
        answers = [json.loads(line) for line in self.connection.getresponse().read().splitlines()]
        end = answers.pop()
        assert end["object"] == "batch.end" and end["lines"] == len(bodies), end
        return [(answer.get("body"), answer.get("error")) for answer in answers]


def questions(file):
    opened = gzip.open(file, "rt", encoding="utf-8") if file.endswith(".gz") else open(file, encoding="utf-8")
    with opened:
        return [json.loads(line) for line in opened]


def asked(question, similarity, **fields):
    return {"texts": question["answers"], "logprobs": question["logprobs"], "answer": 0, "similarity_from": similarity, **fields}


def figures(item):
    """Each figure of an answer with its direction, by its place there."""
    for measure, found in item.items():
        if isinstance(found, dict) and "score" in found:
            yield f"{measure}.{found['score']}", (found[found["score"]], found["higher_means"])
            for name, about in found.get("about", {}).items():
                yield f"{measure}.{name}", (found[name], about["higher_means"])


def rounded(value):
    """To nine digits: what differs in the last ones alone is equal, and has no rank."""
    return float(f"{value:.9g}")


def measured(service, data, similarity):
    """The figures that every question has, each with its direction."""
    found = []
    for body, error in service.batch("/v1/uncertainty", [asked(question, similarity) for question in data]):
        assert error is None, error
        found.append(dict(figures(body["data"][0])))
    common = [name for name in found[0] if all(name in item for item in found)]
    return {name: ([rounded(item[name][0]) for item in found], found[0][name][1]) for name in common}


def judged(service, scores, correct):
    """How well each ranks, and what it is worth as a confidence; the best first."""
    def uncertainty(values, means):
        return values if means == "more_uncertain" else [-value for value in values]

    ranked = service.batch("/v1/evaluation/ranking", [{"uncertainty": uncertainty(*each), "correct": correct} for each in scores.values()])
    fitted = service.batch("/v1/calibration/fit", [{"scores": values, "correct": correct, "higher_means": means} for values, means in scores.values()])
    rows = []
    for name, (ranking, _), (fit, error) in zip(scores, ranked, fitted):
        assert fit is not None or error["code"] == "parameter_out_of_range", error
        row = {"name": name, "auroc": ranking["data"][0]["auroc"], "prr": ranking["data"][0]["prr"]}
        rows.append(row | (fit["data"][0]["after"] | {"auroc": row["auroc"]} if fit else {}))
    return sorted(rows, key=lambda row: -row["auroc"])


def confidences(service, data, scores, name, similarity):
    """A profile from every second question goes along with the others; how good its confidences are, in bins."""
    fit = {"score": {"path": "/v1/uncertainty", "field": f"data.{name}"}, "scores": scores[name][0][::2], "correct": [question["correct"] for question in data[::2]]}
    [(profile, error)] = service.batch("/v1/calibration/fit", [fit])
    assert profile, error
    others = data[1::2]
    measure, figure = name.split(".")
    bodies = [asked(question, similarity, measures=[measure], profile=profile["data"][0]) for question in others]
    found = [body["data"][0][measure]["confidence"] for body, _ in service.batch("/v1/uncertainty", bodies)]
    body = {"confidence": found, "correct": [question["correct"] for question in others], "bins": 5}
    return service.batch("/v1/evaluation/calibration", [body])[0][0]["data"][0] | {"n": len(others), "mean": sum(found) / len(found)}


def main():
    options = argparse.ArgumentParser()
    options.add_argument("service")
    options.add_argument("files", nargs="+")
    options.add_argument("--similarity", default="jaccard", choices=["jaccard", "embedding"])
    options.add_argument("--svg")
    options.add_argument("--all", action="store_true", help="every figure, not the best known of each measure alone")
    options = options.parse_args()
    service = Service(options.service)
    plots = []
    for file in options.files:
        data = questions(file)
        correct = [question["correct"] for question in data]
        share = sum(correct) / len(correct)
        scores = measured(service, data, options.similarity)
        rows = judged(service, scores, correct)
        name = Path(file).name.split(".")[0]
        print(f"{name}: {len(data)} questions, {sum(correct)} answered rightly; Brier score of saying {share:.3f} each time: {share * (1 - share):.3f}")
        print(f"{'':44}{'auroc':>7}{'prr':>8}{'brier':>8}{'ece':>8}")
        for row in [row for row in rows if options.all or row["name"] in SHOWN]:
            cells = "".join(f"{row[key]:8.3f}" if key in row else f"{'-':>8}" for key in ("prr", "brier", "ece"))
            print(f"{row['name']:44}{row['auroc']:7.3f}{cells}")
        best = next(row["name"] for row in rows if "brier" in row and row["name"] in SHOWN)
        found = confidences(service, data, scores, best, options.similarity)
        print(f"confidence by {best}, fitted on every second question, on the other {found['n']}: mean {found['mean']:.3f},"
              f" Brier score {found['brier']:.3f}, ECE {found['ece']:.3f}\n")
        plots.append((name, rows, best, found["bins"]))
    if options.svg:
        Path(options.svg).write_text(plot(plots), encoding="utf-8")


if __name__ == "__main__":
    main()
