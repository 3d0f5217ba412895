#!/usr/bin/env python3
"""A model server whose certainty is known by construction: asked for one of the ten places of the scripted questions, it names the right city
with a probability of its own and otherwise one of nine others. It speaks OpenAI's chat completions, with n, and words a question anew when it is
asked to. scripted_model.py [port]"""
import http.server, json, math, random, re, sys, zlib

CITIES = ["Ephesus", "Smyrna", "Pergamum", "Thyatira", "Sardis", "Philadelphia", "Laodicea", "Corinth", "Antioch", "Berea"]
CERTAINTY = [1, 0.98, 0.95, 0.9, 0.8, 0.7, 0.55, 0.4, 0.25, 0.1]  # of the province with that number
QUESTION = "In which city does the governor of province {} live?"
WORDINGS = ["Where does the governor of province {} live?", "Name the city in which the governor of province {} lives.",
            "The governor of province {} lives in which city?", "Which city is home to the governor of province {}?",
            "What is the city where the governor of province {} has his house?", "Tell me the city of the governor of province {}.",
            "In what city would I find the governor of province {}?", "Which is the city that the governor of province {} lives in?",
            "What city does the governor of province {} live in?"]


def entropy(province):
    """Of its answer, in nats: the right city, or one of nine others that are equally likely."""
    p = CERTAINTY[province]
    wrong = (1 - p) / 9
    return -sum(q * math.log(q) for q in [p] + 9 * [wrong] if q > 0)


def answer(province, draw):
    if draw.random() < CERTAINTY[province]:
        return CITIES[province]
    return draw.choice([city for city in CITIES if city != CITIES[province]])


class Model(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = asked["messages"][-1]["content"]
        province = int(re.search(r"province (\d)", prompt)[1])
        draw = random.Random(zlib.crc32(json.dumps([prompt, asked.get("seed"), asked.get("temperature")]).encode()))
        if prompt.startswith("Write "):
            texts = [json.dumps([each.format(province) for each in WORDINGS])]
        else:
            texts = [answer(province, draw) for _ in range(asked.get("n", 1))]
        body = json.dumps({
            "model": "scripted", "object": "chat.completion",
            "choices": [{"index": i, "finish_reason": "stop", "message": {"role": "assistant", "content": text}} for i, text in enumerate(texts)],
            "usage": {"prompt_tokens": len(prompt) // 4, "completion_tokens": sum(1 + len(text) // 4 for text in texts)}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *of_no_interest):
        pass


if __name__ == "__main__":
    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8001), Model).serve_forever()
