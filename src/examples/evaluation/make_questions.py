"""make_questions.py: questions.jsonl from questions.txt. Answers and flags are those of the table. The log-probabilities are made up: a word's surprisal is
drawn, from a fixed seed, with a mean that the letter of the question says, half as much again where the answer is wrong."""
import json
import pathlib
import random

HERE = pathlib.Path(__file__).parent
MEAN = {"s": 0.1, "m": 0.35, "u": 0.9}  # nats a word

draw = random.Random(1)
with open(HERE / "questions.jsonl", "w", encoding="utf-8") as out:
    for line in (HERE / "questions.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        letter, question, *answers = [part.strip() for part in line.split("|")]
        right = [answer.startswith("*") for answer in answers]
        texts = [answer.lstrip("*") for answer in answers]
        logprobs = [[round(-draw.expovariate(1 / (MEAN[letter] * (1 if flag else 1.5))), 3) for _ in text.split()]
                    for text, flag in zip(texts, right)]
        print(json.dumps({"question": question, "answers": texts, "logprobs": logprobs, "correct": right[0]}), file=out)
