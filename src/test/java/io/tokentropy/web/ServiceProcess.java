package io.tokentropy.web;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The service in a JVM of its own, which a test may end as it likes. */
final class ServiceProcess implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final Path log;
  private final URI uri;

  private ServiceProcess(Process process, Path log, URI uri) {
    this.process = process;
    this.log = log;
    this.uri = uri;
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param folder where its log goes
   * @param flags of the JVM, beside those that it always gets
   * @param settings of the service
   */
  static ServiceProcess start(Path folder, List<String> flags, List<String> settings)
      throws IOException, InterruptedException {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    Path log = folder.resolve(port + ".log");
    var command = new ArrayList<String>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(Files.readAllLines(Path.of("src/bin/jvm.flags")));
    command.addAll(flags);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "io.tokentropy.TokentropyApplication",
            "--server.port=" + port));
    command.addAll(settings);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    var service = new ServiceProcess(process, log, URI.create("http://localhost:" + port));
    for (int i = 0; i < 600 && process.isAlive(); i++) {
      try {
        if (service.send(service.request("/ready")).statusCode() == 200) {
          return service;
        }
      } catch (IOException notYet) {
        // the port is not open yet
      }
      Thread.sleep(100);
    }
    service.close();
    throw new IOException("not ready: " + service.log());
  }

  Process process() {
    return process;
  }

  URI uri() {
    return uri;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri.resolve(path));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
