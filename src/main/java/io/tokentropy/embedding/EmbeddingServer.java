package io.tokentropy.embedding;

import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.json.Value;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.refusal.Wanted;
import io.tokentropy.upstream.Upstream;
import io.tokentropy.upstream.UpstreamFailed;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server with OpenAI's {@code /v1/embeddings}. Its address comes from the configuration, never
 * from a request; redirects are not followed, and neither time nor size of an answer is unbounded.
 */
public final class EmbeddingServer implements Embedder {
  /** What the strictest of the usual servers take at once. */
  private static final int BATCH = 32;

  /** What servers answer to a text that is too long for them. */
  private static final Set<Integer> TOO_LONG = Set.of(400, 413, 422);

  private final Upstream server;
  private final Reader reader;
  private final String model;
  private final @Nullable String key;

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
    if (!Upstream.isPrivate(url)) {
      throw new IllegalArgumentException(
          "the embedding server is " + url + ", expected https, or http on localhost");
    }
    if (key != null && !Upstream.isSendable(key)) {
      throw new IllegalArgumentException(
          "the key of the embedding server holds what no header can, such as a line end or a"
              + " blank");
    }
    this.server = new Upstream(url, timeout, maxAnswerBytes);
    this.reader = new Reader(new JsonLimits(8, 64, 256, 2L * maxAnswerBytes));
    this.model = model;
    this.key = key;
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
    return new Embeddings(vectors, List.of());
  }

  private byte[] ask(List<String> texts) {
    HttpRequest.Builder request =
        server
            .request()
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
    try {
      return server.send(request);
    } catch (UpstreamFailed e) {
      boolean tooLong = TOO_LONG.contains(e.status().orElse(0));
      throw new EmbeddingUnavailable(
          "the embedding server "
              + e.getMessage()
              + (tooLong ? "; a text may be too long for its model" : ""),
          e);
    }
  }

  private List<double[]> vectors(byte[] answer, int expected) {
    try {
      Fields fields = reader.read(answer, answer.length);
      var vectors = new double[expected][];
      List<Value> items = fields.require("data").asList();
      if (items.size() != expected) {
        throw notOneEach();
      }
      for (Value item : items) {
        Fields entry = item.asFields();
        int index = entry.require("index").asInt();
        if (index >= 0 && index < expected) {
          vectors[index] = entry.require("embedding").asNumbers();
        }
      }
      if (!Arrays.stream(vectors).allMatch(Objects::nonNull)) {
        throw notOneEach();
      }
      return List.of(vectors);
    } catch (InvalidInput e) {
      throw new EmbeddingUnavailable("the embedding server's answer cannot be read", e);
    }
  }

  private static EmbeddingUnavailable notOneEach() {
    return new EmbeddingUnavailable(
        "the embedding server did not answer with one vector for each text", null);
  }
}
