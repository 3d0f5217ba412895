package clients;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The JDK's own client: a row as JSON, many rows as bytes with a packed answer, and what a wrong
 * call is told. Run it with {@code java EntropyClient.java http://localhost:8080}.
 */
public final class EntropyClient {
  private static final String BYTES = "application/octet-stream";

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI service;

  public EntropyClient(URI service) {
    this.service = service;
  }

  /** A request as text in JSON; a problem comes back as text too, with its status. */
  public HttpResponse<String> post(String path, String json)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(service.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build(),
        BodyHandlers.ofString());
  }

  /** Entropies of whole rows, in nats. */
  public float[] entropies(float[][] logits) throws IOException, InterruptedException {
    int vocab = logits[0].length;
    ByteBuffer rows =
        ByteBuffer.allocate(Float.BYTES * logits.length * vocab).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : logits) {
      rows.asFloatBuffer().put(row);
      rows.position(rows.position() + Float.BYTES * vocab);
    }
    HttpResponse<byte[]> response =
        http.send(
            HttpRequest.newBuilder(
                    service.resolve("/v1/entropy?dtype=f32&shape=" + logits.length + "," + vocab))
                .header("Content-Type", BYTES)
                .header("Accept", BYTES)
                .POST(BodyPublishers.ofByteArray(rows.array()))
                .build(),
            BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) {
      throw new IOException(new String(response.body(), java.nio.charset.StandardCharsets.UTF_8));
    }
    var entropies = new float[logits.length];
    ByteBuffer.wrap(response.body()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(entropies);
    return entropies;
  }

  /** Makes each kind of call once. */
  public static void run(URI service, PrintStream out) throws IOException, InterruptedException {
    var client = new EntropyClient(service);
    out.println(
        client.post("/v1/entropy", "{\"logits\": [[0, 0, 0, 0]], \"unit\": \"bit\"}").body());
    float[][] rows = {new float[32_000], new float[32_000]};
    rows[1][7] = 100;
    float[] found = client.entropies(rows);
    out.printf("a flat row of 32000: %.4f nat, a certain one: %.4f%n", found[0], found[1]);
    HttpResponse<String> refused = client.post("/v1/entropy", "{\"logit\": [[1, 2]]}");
    out.println(refused.statusCode() + " " + refused.body());
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    run(URI.create(args.length > 0 ? args[0] : "http://localhost:8080"), System.out);
  }
}
