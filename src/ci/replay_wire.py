"""Requests as they go over a socket, and answers as they come back: what src/ci/replay.py sends and compares."""
import socket, time

HOST = "localhost:8080"  # the same whatever the port is: pages print it
KEY = "first"  # opens the strict pair
JSON, BYTES, NPY, NDJSON = "application/json", "application/octet-stream", "application/x-npy", "application/x-ndjson"
PATIENCE = 30.0


class Request:
    """One request, or one connection's worth of bytes.

    strict: goes to the services with narrow limits and keys; solo: is sent when nothing else is under way; then: makes further requests of
    the old answer; parts: raw bytes, and pauses in seconds between them, instead of everything else; ignore: patterns of what may differ in
    the body, such as the time of the build; unordered: the order of its fields does not count; loose: the body is not compared at all."""

    def __init__(self, kind, method, target, body=b"", media=JSON, headers=(), strict=False, solo=False, then=None, parts=None, ignore=(),
                 unordered=False, loose=False, chunked=False, key=KEY):
        self.kind, self.method, self.target, self.strict, self.solo = kind, method, target, strict, solo
        self.then, self.parts, self.ignore, self.unordered, self.loose = then, parts, ignore, unordered, loose
        self.body = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
        self.headers = [("Host", HOST)] + ([("Authorization", "Bearer " + key)] if strict and key is not None else []) + list(headers)
        if method not in ("GET", "HEAD") or body:
            self.headers += [("Content-Type", media)] if media else []
            self.headers += [("Transfer-Encoding", "chunked")] if chunked else [("Content-Length", str(len(self.body)))]
        self.chunked = chunked

    def wire(self):
        head = f"{self.method} {self.target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in self.headers) + "\r\n"
        body = self.body
        if self.chunked:
            size = max(1, len(body) // 3)
            parts = [body[i:i + size] for i in range(0, len(body), size)]
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
        return head.encode("utf-8", "surrogatepass") + body

    @property
    def path(self):
        return self.target.split("?")[0]

    def show(self, most=2000):
        data = b"".join(part if isinstance(part, bytes) else b"<pause>" for part in self.parts) if self.parts else self.wire()
        text = data[:most].decode("utf-8", "backslashreplace")
        return text + (f"... ({len(data)} bytes)" if len(data) > most else "")


class Answer:
    """status line, headers in lower case, body; end says how the connection ended where it did not go on."""

    def __init__(self, line, headers, body, end):
        self.line, self.headers, self.body, self.end = line, headers, body, end
        words = line.split(" ")
        self.status = words[1] if len(words) > 1 else "none"

    def header(self, name):
        return next((value for found, value in self.headers if found == name), None)


class Connection:
    """Kept open from call to call, as long as the service does."""

    def __init__(self, port):
        self.port, self.socket, self.used = port, None, False

    def open(self):
        self.close()
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb", 1 << 16)
        self.used = False

    def close(self):
        if self.socket:
            self.file.close()
            self.socket.close()
            self.socket = None

    def send(self, request):
        if request.parts:
            self.open()
            for part in request.parts:
                self.write(part) if isinstance(part, bytes) else time.sleep(part)
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        else:
            if not self.socket:
                self.open()
            self.write(request.wire())

    def write(self, data):
        """A service may answer and close before it has read everything."""
        try:
            self.socket.sendall(data)
        except OSError:
            pass

    def receive(self, request):
        try:
            answer = self.read(request.method == "HEAD")
        except TimeoutError:
            answer = Answer("", [], b"", "no answer in time")
        except OSError:
            answer = Answer("", [], b"", "reset")
        if not answer.line and self.used and not request.parts and answer.end != "no answer in time":
            self.open()  # it had been idle for too long
            self.write(request.wire())
            return self.receive(request)
        self.used = True
        if answer.end or request.parts:
            self.close()
        return answer

    def read(self, head_only):
        line, interim = self.file.readline(), []
        while line[9:10] == b"1":
            interim.append(line.decode("latin-1").strip())
            while self.file.readline().strip():
                pass
            line = self.file.readline()
        if not line:
            return Answer("", [], b"", "closed")
        headers = []
        while field := self.file.readline().strip():
            name, _, value = field.decode("latin-1").partition(":")
            headers.append((name.lower(), value.strip()))
        answer = Answer(line.decode("latin-1").strip(), headers, b"", "")
        if interim:
            headers.append(("interim", ", ".join(interim)))
        if answer.header("connection") == "close":
            answer.end = "close"
        if head_only or answer.status in ("204", "304"):
            return answer
        length = answer.header("content-length")
        if length is not None:
            answer.body = self.file.read(int(length))
            answer.end = answer.end if len(answer.body) == int(length) else "cut off"
        elif answer.header("transfer-encoding") == "chunked":
            self.chunks(answer)
        else:
            answer.body, answer.end = self.file.read(), "close"
        return answer

    def chunks(self, answer):
        parts = []
        while True:
            size = self.file.readline().strip()
            if not size:
                answer.end = "cut off"
                break
            part = self.file.read(int(size, 16))
            self.file.readline()
            if not part:
                break
            parts.append(part)
        answer.body = b"".join(parts)
