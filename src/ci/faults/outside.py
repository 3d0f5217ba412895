"""What others do wrong on whom the service relies: the embedding server, the issuer of tokens, and whoever writes the file of keys.

A part of run.py, which hands over how a service is started and how a result is noted.
"""
import base64, concurrent.futures, contextlib, hashlib, http.server, json, os, subprocess, threading, time

TEXTS = json.dumps({"texts_x": ["a", "b", "c"], "texts_y": ["d", "e", "f"]})
ROW = '{"logits":[[0,0]]}'


class Stub(http.server.ThreadingHTTPServer):
    """A server on this machine that behaves as it was last told to."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.behaviour, self.asked, self.elsewhere = None, 0, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://localhost:{self.server_port}{path}"


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/elsewhere":
            self.server.elsewhere += 1
        self.server.asked += 1
        with contextlib.suppress(OSError):
            self.server.behaviour(self)

    do_POST = do_GET

    def log_message(self, *_):
        pass

    def begin(self, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def says(body):
    def behaviour(answer):
        answer.begin()
        answer.wfile.write(body)

    return behaviour


def trickles(answer):
    """A byte long before any limit of a read, for half a minute."""
    answer.begin()
    for _ in range(60):
        answer.wfile.write(b" ")
        answer.wfile.flush()
        time.sleep(0.5)


def moves(answer):
    answer.begin(302, Location="/elsewhere")


def swells(answer):
    """60 MB of objects that take far more memory than bytes."""
    answer.begin()
    answer.wfile.write(b'{"data":[{}')
    for _ in range(1000):
        answer.wfile.write(b",{}" * 20_000)


def lines(service, words):
    """How often they stand in the log."""
    with open(service.log.name, errors="replace") as log:
        return log.read().count(words)


def embeddings(Service, note):
    """Each fault as often as there are calls, in a heap of 256 MB, while others ask for what needs no texts."""
    server = Stub()
    service = Service("-Xmx256m", TOKENTROPY_EMBEDDINGS_BACKEND="server", TOKENTROPY_EMBEDDINGS_URL=server.url("/v1/embeddings"),
                      TOKENTROPY_EMBEDDINGS_MODEL="m", TOKENTROPY_EMBEDDINGS_API_KEY="the-embedding-key", TOKENTROPY_EMBEDDINGS_TIMEOUT="2s")
    faults = {"60 MB of {}": swells, "a byte each half second": trickles, "a redirect": moves, "garbage": says(b"<html>"),
              "NaN": says(b'{"data":[{"index":0,"embedding":[NaN]}]}'), "zeros": says(json.dumps(
                  {"data": [{"index": i, "embedding": [0, 0]} for i in range(3)]}).encode())}
    for name, behaviour in faults.items():
        server.behaviour, codes, others, slowest = behaviour, {}, set(), 0.0
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            calls = [pool.submit(service.ask, "POST", "/v1/inv-entropy", TEXTS) for _ in range(16)]
            while not all(call.done() for call in calls):
                start = time.perf_counter()
                service.ask("GET", "/livez")
                slowest = max(slowest, time.perf_counter() - start)
                others.add(service.ask("POST", "/v1/entropy", ROW)[0])
                time.sleep(0.05)
        for status, answer in (call.result() for call in calls):
            code = f"{status} {json.loads(answer)['code']}"
            codes[code] = codes.get(code, 0) + 1
        note(f"embedding server: {name}", f"{codes}; others {others}; alive: {service.alive()}",
             "alive; 503, never the caller's fault; others 200, 429 or 503",
             service.alive() and all(code[:3] in ("503", "429") for code in codes) and others <= {200, 429, 503})
        note(f"embedding server: {name}: liveness", f"to {slowest * 1000:.0f} ms", "below 250 ms", slowest < 0.25, timed=True)
    told = lines(service, "the embedding server") + lines(service, "the model did not give")
    note("embedding server: log", f"{told} lines for {16 * len(faults)} calls, the key in {lines(service, 'the-embedding-key')} of them, redirects followed: "
         f"{server.elsewhere}", "a line a minute for each reason, 0, 0", told <= 3 * len(faults) and not lines(service, "the-embedding-key") + server.elsewhere)
    service.end()


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(pem):
    """A token of RS256, good for an hour."""
    claims = {"iss": "https://issuer.example", "aud": "tokentropy", "exp": int(time.time()) + 3600}
    text = ".".join(b64(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "one"}, claims))
    return f"{text}.{b64(subprocess.run(['openssl', 'dgst', '-sha256', '-sign', pem], input=text.encode(), capture_output=True, check=True).stdout)}"


def issuer(Service, note, work):
    """Well at first; then each fault for as long as two sets of keys would be kept."""
    pem = os.path.join(work, "issuer.pem")
    subprocess.run(["openssl", "genrsa", "-out", pem, "2048"], check=True, capture_output=True)
    modulus = subprocess.check_output(["openssl", "rsa", "-in", pem, "-noout", "-modulus"], text=True).strip().split("=")[1]
    well = says(json.dumps({"keys": [{"kty": "RSA", "kid": "one", "e": "AQAB", "n": b64(bytes.fromhex(modulus))}]}).encode())
    server = Stub()
    server.behaviour = well
    service = Service("-Xmx256m", TOKENTROPY_AUTH_MODE="jwt", TOKENTROPY_AUTH_JWT_ISSUER="https://issuer.example",
                      TOKENTROPY_AUTH_JWT_AUDIENCE="tokentropy", TOKENTROPY_AUTH_JWT_JWKS_URI=server.url("/keys"), TOKENTROPY_AUTH_JWT_CACHE="1s")
    key = {"Authorization": "Bearer " + token(pem)}
    forged = {"Authorization": key["Authorization"].replace(b64(b'{"alg": "RS256", "kid": "one"}'), b64(b'{"alg": "RS256", "kid": "new"}'))}
    for name, behaviour in {"a byte each half second": trickles, "a redirect": moves, "60 MB": swells, "garbage": says(b"{")}.items():
        server.behaviour, codes, slowest, until = behaviour, {}, 0.0, time.time() + 4
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            while time.time() < until:
                start = time.perf_counter()
                asked = [pool.submit(service.ask, "POST", "/v1/entropy", ROW, headers=h) for h in 8 * [key, forged]]
                for i, call in enumerate(asked):
                    code = ("forged " if i % 2 else "good ") + str(call.result()[0])
                    codes[code] = codes.get(code, 0) + 1
                slowest = max(slowest, time.perf_counter() - start)
        note(f"issuer: {name}", f"{codes}", "good tokens 200, others 401", set(codes) == {"good 200", "forged 401"})
        note(f"issuer: {name}: time", f"16 calls at once in {slowest * 1000:.0f} ms", "no call waits for it: below 2000 ms", slowest < 2, timed=True)
    told = lines(service, "the issuer of tokens")
    note("issuer: log", f"{told} lines for {server.asked} answers, redirects followed: {server.elsewhere}", "a line a minute for each reason, 0",
         told <= 8 and server.elsewhere == 0)
    service.end()


def keys(Service, note, work):
    """The file of keys, as careless hands leave it."""
    path = os.path.join(work, "keys")
    digest = lambda name: hashlib.sha256(name.encode()).hexdigest()

    def write(text, moment=None):
        with open(path, "w") as file:
            file.write(text)
        if moment:
            os.utime(path, ns=(moment, moment))

    moment = 1_700_000_000_000_000_000
    write(digest("revoked"), moment)
    service = Service("-Xmx256m", TOKENTROPY_AUTH_MODE="api-key", TOKENTROPY_AUTH_API_KEYS=digest("other"), TOKENTROPY_AUTH_API_KEYS_FILE=path)
    status = lambda name: service.ask("POST", "/v1/entropy", ROW, headers={"Authorization": "Bearer " + name})[0]

    def closed(name, seconds):
        """Seconds until a key is refused, asked as fast as can be."""
        start = time.time()
        while time.time() < start + seconds:
            if status(name) == 401:
                return f"refused after {time.time() - start:.1f} s", True
        return f"open after {seconds} s", False

    def fault(name, change, wanted):
        write(digest("revoked"))
        deadline = time.time() + 20
        while status("revoked") != 200 and time.time() < deadline:
            time.sleep(0.1)
        os.utime(path, ns=(moment, moment))
        opened = status("revoked")
        change()
        seen, kept = closed("revoked", 15)
        note(f"file of keys: {name}", f"{opened}, then {seen}; the other key {status('other')}", wanted, kept and opened == 200 and status("other") == 200)

    fault("overwritten, with the time of before", lambda: write(digest("another"), moment), "the revoked key is refused (1 s)")
    fault("missing", lambda: os.remove(path), "the same (5 s)")
    fault("half-written", lambda: write(digest("another")[:30]), "the same (5 s)")
    fault("emptied", lambda: write(""), "the same (5 s)")
    write("\ufeff" + digest("bom") + "\r\n")
    time.sleep(1.5)
    note("file of keys: with a byte order mark", str(status("bom")), "200", status("bom") == 200)
    told = lines(service, "the file of API keys")
    note("file of keys: log", f"{told} lines", "a line a minute for each reason", 1 <= told <= 6)
    service.end()


def outside(Service, note, work):
    embeddings(Service, note)
    issuer(Service, note, work)
    keys(Service, note, work)
