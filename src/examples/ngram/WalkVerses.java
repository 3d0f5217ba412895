package ngram;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Walks over verses that a word model has not seen, posts its next-token rows to a running service,
 * and prints each word beside the entropy that the model had before it; with {@code --sampler},
 * writes text instead ({@link WriteVerses}).
 *
 * <pre>
 * mvn -q test-compile exec:exec@run -Drun.class=ngram.WalkVerses -Drun.args="--verses 100 --order 5 --unit bit"
 * </pre>
 */
public final class WalkVerses {
  private WalkVerses() {}

  public static void main(String[] args) throws Exception {
    var options =
        new java.util.HashMap<>(
            Map.of(
                "--url",
                "http://localhost:8080",
                "--verses",
                "100",
                "--order",
                "5",
                "--unit",
                "nat",
                "--sampler",
                "",
                "--tokens",
                "60"));
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (options.replace(args[i], args[i + 1]) == null) {
        throw new IllegalArgumentException(args[i] + ", expected one of " + options.keySet());
      }
    }
    Corpus corpus = Corpus.kingJames();
    int order = Integer.parseInt(options.get("--order"));
    URI service = URI.create(options.get("--url"));
    KneserNey model = KneserNey.train(order, corpus.size(), corpus.training());
    String rules = options.get("--sampler");
    if (rules.isEmpty()) {
      int verses = Integer.parseInt(options.get("--verses"));
      walk(service, corpus, model, verses, options.get("--unit"), System.out);
    } else {
      int tokens = Integer.parseInt(options.get("--tokens"));
      WriteVerses.write(service, corpus, model, rules.split(",", -1), tokens, System.out);
    }
  }

  /** Prints the first held-back verses; the rows of a verse are one request. */
  public static void walk(
      URI service, Corpus corpus, KneserNey model, int verses, String unit, PrintStream out)
      throws IOException, InterruptedException {
    double entropies = 0;
    double surprisal = 0;
    int tokens = 0;
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (int[] verse : corpus.heldBack().subList(0, verses)) {
        JsonNode data = entropies(http, service, model, verse, unit);
        for (int i = 0; i < verse.length; i++) {
          double entropy = data.get(i).get("entropy").asDouble();
          out.printf(Locale.ROOT, "%s\u00a0%.2f ", corpus.word(verse[i]), entropy);
          entropies += entropy;
          surprisal -= Math.log(model.next(verse, i)[verse[i]]);
          tokens++;
        }
        out.println();
      }
    }
    out.printf(
        Locale.ROOT,
        "%d verses, %d tokens, vocabulary %d: mean entropy %.4f %s, perplexity of the words %.1f%n",
        verses,
        tokens,
        corpus.size(),
        entropies / tokens,
        unit,
        Math.exp(surprisal / tokens));
  }

  private static JsonNode entropies(
      HttpClient http, URI service, KneserNey model, int[] verse, String unit)
      throws IOException, InterruptedException {
    var body = new StringBuilder("{\"unit\":\"" + unit + "\",\"model\":\"kneser-ney\",\"probs\":[");
    for (int i = 0; i < verse.length; i++) {
      body.append(i == 0 ? "" : ",").append(json(model.next(verse, i)));
    }
    return post(http, service, "/v1/entropy", body.append("]}").toString()).get("data");
  }

  /** A row as a JSON list. */
  static String json(double[] row) {
    var list = new StringBuilder("[");
    for (int id = 0; id < row.length; id++) {
      list.append(id == 0 ? "" : ",").append(row[id]);
    }
    return list.append(']').toString();
  }

  /** The answer to a body; whatever is not 200 ends the example. */
  public static JsonNode post(HttpClient http, URI service, String path, String body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(service.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (answer.statusCode() != 200) {
      throw new IOException("the service answered " + answer.statusCode() + ": " + answer.body());
    }
    return JsonMapper.shared().readTree(answer.body());
  }

  /**
   * The first next-token rows of held-back verses: realistic probabilities for tests and
   * benchmarks.
   */
  public static List<double[]> rows(Corpus corpus, KneserNey model, int count) {
    return corpus.heldBack().stream()
        .flatMap(
            verse ->
                java.util.stream.IntStream.range(0, verse.length)
                    .mapToObj(i -> model.next(verse, i)))
        .limit(count)
        .toList();
  }
}
