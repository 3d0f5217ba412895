#!/usr/bin/env python3
"""Two real llama.cpp servers on loopback ports, with the small and the large model of src/test/resources/models. Needs the packages of
src/ci/llamacpp-requirements.txt. As a program it serves on two ports until it is ended:
  src/ci/llamacpp_pair.py [--port 18095] [--slots 1]
For a test: with Pair(18095) as pair: status, body = pair.small.post("/completion", {"prompt": "And God", "n_probs": 5})"""
import argparse, http.client, json, os, signal, subprocess, sys, tempfile, time

MODELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "resources", "models")
VOCABULARY = 2048
CONTEXT = 128  # tokens; the models know no more


class Server:
    """One model in a process of its own; `slots` is how many requests it works on at a time. With one, equal requests that say
    `cache_prompt: false` have equal answers, to the last bit."""

    def __init__(self, model, port, slots=1):
        self.model, self.port = model, port
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen([sys.executable, os.path.abspath(__file__), "--serve", model, "--port", str(port),
                                         "--slots", str(slots)], stdout=self.log, stderr=self.log)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def wait(self, seconds=60):
        """Until the model is loaded."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                self.log.seek(0)
                sys.exit(f"the server of the {self.model} model ended:\n{self.log.read().decode(errors='replace')}")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        sys.exit(f"the server of the {self.model} model does not answer after {seconds} s")

    def post(self, path, body):
        """Status and bytes of the answer; those of a stream as they came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.read()

    def end(self):
        self.process.terminate()
        self.process.wait()


class Pair:
    """The small model on a port, the large one on the next."""

    def __init__(self, port, slots=1):
        self.small, self.large = Server("small", port, slots), Server("large", port + 1, slots)

    def __enter__(self):
        self.small.wait()
        self.large.wait()
        return self

    def __exit__(self, *error):
        self.small.end()
        self.large.end()


def serve(model, host, port, slots):
    """Serves until the process that asked for it is gone."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = os.path.join(MODELS, f"{model}-f16.gguf")
    parameters.model_alias = {model}
    parameters.hostnames = [host]
    parameters.port = port
    parameters.n_parallel = slots
    parameters.n_ctx = CONTEXT * slots
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.verbosity = 1  # errors alone
    server = xllamacpp.Server(parameters)
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(0.5)
    del server


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--serve", choices=["small", "large"])
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=18095)
    options.add_argument("--slots", type=int, default=1)
    options = options.parse_args()
    if options.serve:
        serve(options.serve, options.host, options.port, options.slots)
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Pair(options.port, options.slots) as pair:
        print(f"small: {pair.small.url}, large: {pair.large.url}", flush=True)
        try:
            pair.small.process.wait()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
