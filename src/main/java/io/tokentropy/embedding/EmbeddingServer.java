package io.tokentropy.embedding;

import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.refusal.Wanted;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A server with OpenAI's {@code /v1/embeddings}. Its address comes from the configuration, never
 * from a request; redirects are not followed, and neither time nor size of an answer is unbounded.
 */
public final class EmbeddingServer implements Embedder {
  /** What the strictest of the usual servers take at once. */
  private static final int BATCH = 32;

  private final HttpClient http;
  private final Reader reader;
  private final URI url;
  private final String model;
  private final @Nullable String key;
  private final Duration timeout;
  private final int maxAnswerBytes;

  /**
   * Nothing is sent yet.
   *
   * @param url of {@code .../v1/embeddings}, https unless it is on this machine
   * @param timeout for one call, the whole answer included
   * @param maxAnswerBytes of one answer; its values may take twice as much memory
   * @throws IllegalArgumentException if the address is neither https nor on this machine, or no
   *     header can hold the key
   */
  public EmbeddingServer(
      URI url, String model, @Nullable String key, Duration timeout, int maxAnswerBytes) {
    String host = url.getHost();
    boolean local = host != null && List.of("localhost", "127.0.0.1", "[::1]").contains(host);
    boolean plain = "http".equals(url.getScheme());
    if (!"https".equals(url.getScheme()) && !(plain && local)) {
      throw new IllegalArgumentException(
          "the embedding server is " + url + ", expected https, or http on localhost");
    }
    if (key != null && !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "the key of the embedding server holds what no header can, such as a line end or a"
              + " blank");
    }
    // Over plain TCP the client would ask for HTTP/2, and some servers then lose the body.
    this.http =
        HttpClient.newBuilder()
            .version(plain ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.reader = new Reader(new JsonLimits(8, 64, 256, 2L * maxAnswerBytes));
    this.url = url;
    this.model = model;
    this.key = key;
    this.timeout = timeout;
    this.maxAnswerBytes = maxAnswerBytes;
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public boolean countsPieces() {
    return false;
  }

  @Override
  public boolean waits() {
    return true;
  }

  @Override
  public Embeddings embed(List<String> texts, LongTexts longTexts) {
    if (longTexts != LongTexts.REFUSE) {
      throw new IllegalArgumentException("only the server knows which texts are long to it");
    }
    var vectors = new ArrayList<double[]>(texts.size());
    for (int from = 0; from < texts.size(); from += BATCH) {
      Wanted.orStop();
      List<String> batch = texts.subList(from, Math.min(texts.size(), from + BATCH));
      vectors.addAll(vectors(ask(batch), batch.size()));
    }
    int dimensions = vectors.getFirst().length;
    if (vectors.stream().anyMatch(vector -> vector.length != dimensions)) {
      throw notOneEach();
    }
    return new Embeddings(vectors, List.of());
  }

  private byte[] ask(List<String> texts) {
    var request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    new Answer()
                        .put("model", model)
                        .put("input", texts)
                        .put("encoding_format", "float")
                        .toBytes()));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    var call =
        http.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxAnswerBytes));
    try {
      HttpResponse<byte[]> answer = call.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (answer.statusCode() != 200) {
        throw new EmbeddingUnavailable(refusal(answer.statusCode()), null);
      }
      return answer.body();
    } catch (TimeoutException e) {
      call.cancel(true);
      throw new EmbeddingUnavailable(
          "the embedding server took longer than " + timeout.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      boolean cut = e.getCause() instanceof IOException io && isTooLong(io);
      throw new EmbeddingUnavailable(
          cut
              ? "the embedding server's answer is longer than " + maxAnswerBytes + " bytes"
              : "the embedding server cannot be reached",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddingUnavailable("interrupted while waiting for the embedding server", e);
    }
  }

  private static boolean isTooLong(IOException e) {
    String message = e.getMessage();
    return message != null && message.contains("body exceeds");
  }

  private static String refusal(int status) {
    boolean callers = status == 400 || status == 413 || status == 422;
    return "the embedding server answered with status "
        + status
        + (callers ? "; a text may be too long for its model" : "");
  }

  private List<double[]> vectors(byte[] answer, int expected) {
    try {
      Fields fields = reader.read(answer, answer.length);
      var vectors = new double[expected][];
      for (Value item : fields.require("data").asList()) {
        Fields entry = item.asFields();
        int index = entry.require("index").asInt();
        if (index >= 0 && index < expected) {
          vectors[index] = entry.require("embedding").asNumbers();
        }
      }
      if (!Arrays.stream(vectors).allMatch(EmbeddingServer::saysSomething)) {
        throw notOneEach();
      }
      return List.of(vectors);
    } catch (InvalidInput e) {
      throw new EmbeddingUnavailable("the embedding server's answer cannot be read", e);
    }
  }

  /** Whether there is a vector, finite and not zero. */
  private static boolean saysSomething(double @Nullable [] vector) {
    return vector != null
        && Arrays.stream(vector).allMatch(Double::isFinite)
        && Arrays.stream(vector).anyMatch(x -> x != 0);
  }

  private static EmbeddingUnavailable notOneEach() {
    return new EmbeddingUnavailable(
        "the embedding server did not answer with one vector for each text", null);
  }
}
