package ngram;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trains models on disjoint parts of the text, more and more of it, and asks a running service what
 * they are unsure of and what they disagree on, word by word of verses that none has seen.
 *
 * <pre>
 * mvn -q test-compile exec:exec@run -Drun.class=ngram.DisagreeModels -Drun.args="--verses 20 --plot ensemble.svg"
 * </pre>
 */
public final class DisagreeModels {
  private static final int SMALLEST = 46;

  private DisagreeModels() {}

  /** Means over the words of the verses, in nats, of models that each saw so many verses. */
  public record Point(int verses, double total, double aleatoric, double epistemic) {}

  public static void main(String[] args) throws Exception {
    var options =
        new HashMap<>(
            Map.of(
                "--url",
                "http://localhost:8080",
                "--verses",
                "20",
                "--order",
                "2",
                "--members",
                "5",
                "--plot",
                ""));
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (options.replace(args[i], args[i + 1]) == null) {
        throw new IllegalArgumentException(args[i] + ", expected one of " + options.keySet());
      }
    }
    List<Point> points =
        points(
            URI.create(options.get("--url")),
            Corpus.kingJames(),
            Integer.parseInt(options.get("--order")),
            Integer.parseInt(options.get("--members")),
            Integer.parseInt(options.get("--verses")),
            SMALLEST);
    print(points, System.out);
    String plot = options.get("--plot");
    if (!plot.isEmpty()) {
      Files.writeString(Path.of(plot), DisagreementPlot.of(points));
    }
  }

  /** A point for each size of text, each twice the one before, as far as the parts reach. */
  public static List<Point> points(
      URI service, Corpus corpus, int order, int members, int verses, int smallest)
      throws IOException, InterruptedException {
    var points = new ArrayList<Point>();
    List<List<int[]>> parts =
        IntStream.range(0, members).mapToObj(m -> part(corpus.training(), m, members)).toList();
    int most = parts.stream().mapToInt(List::size).min().orElse(0);
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (int seen = smallest; seen <= most; seen *= 2) {
        int size = seen;
        List<KneserNey> models =
            parts.stream()
                .map(part -> KneserNey.train(order, corpus.size(), part.subList(0, size)))
                .toList();
        points.add(point(http, service, models, corpus, size, verses));
      }
    }
    return points;
  }

  /** Every so-manieth verse, so that each part is of all books. */
  private static List<int[]> part(List<int[]> verses, int first, int every) {
    return IntStream.iterate(first, i -> i < verses.size(), i -> i + every)
        .mapToObj(verses::get)
        .toList();
  }

  private static Point point(
      HttpClient http, URI service, List<KneserNey> models, Corpus corpus, int seen, int verses)
      throws IOException, InterruptedException {
    double total = 0;
    double aleatoric = 0;
    double epistemic = 0;
    int words = 0;
    for (int[] verse : corpus.heldBack().subList(0, verses)) {
      for (int i = 0; i < verse.length; i++) {
        JsonNode found = ask(http, service, models, corpus.size(), verse, i);
        total += found.get("total").asDouble();
        aleatoric += found.get("aleatoric").asDouble();
        epistemic += found.get("epistemic").asDouble();
        words++;
      }
    }
    return new Point(seen, total / words, aleatoric / words, epistemic / words);
  }

  /** The models' rows are one body of bytes. */
  private static JsonNode ask(
      HttpClient http, URI service, List<KneserNey> models, int size, int[] verse, int position)
      throws IOException, InterruptedException {
    ByteBuffer rows =
        ByteBuffer.allocate(models.size() * size * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (KneserNey model : models) {
      for (double p : model.next(verse, position)) {
        rows.putDouble(p);
      }
    }
    URI call =
        service.resolve(
            "/v1/ensemble?kind=probs&dtype=f64&max_return=0&shape=" + models.size() + "," + size);
    var request =
        HttpRequest.newBuilder(call)
            .header("Content-Type", "application/octet-stream")
            .POST(HttpRequest.BodyPublishers.ofByteArray(rows.array()))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IllegalStateException(response.body());
    }
    return JsonMapper.shared().readTree(response.body()).at("/data/0");
  }

  private static void print(List<Point> points, PrintStream out) {
    out.println("verses each   total  aleatoric  epistemic");
    for (Point point : points) {
      out.printf(
          Locale.ROOT,
          "%11d  %6.3f  %9.3f  %9.4f%n",
          point.verses(),
          point.total(),
          point.aleatoric(),
          point.epistemic());
    }
    PowerLaw law = PowerLaw.of(points);
    out.printf(
        Locale.ROOT,
        "epistemic = %.3f x verses^%.3f, R2 %.4f; it %s%n",
        law.factor(),
        law.exponent(),
        law.share(),
        falls(points));
  }

  private static String falls(List<Point> points) {
    var rises = new ArrayList<Integer>();
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i).epistemic() >= points.get(i - 1).epistemic()) {
        rises.add(points.get(i).verses());
      }
    }
    return rises.isEmpty() ? "falls at every step" : "does not fall at " + rises + " verses";
  }

  /** A line through the logarithms by least squares: epistemic = factor · verses^exponent. */
  public record PowerLaw(double factor, double exponent, double share) {
    public static PowerLaw of(List<Point> points) {
      double x = points.stream().mapToDouble(p -> Math.log(p.verses())).average().orElseThrow();
      double y = points.stream().mapToDouble(p -> Math.log(p.epistemic())).average().orElseThrow();
      double xx = 0;
      double xy = 0;
      double yy = 0;
      for (Point point : points) {
        double dx = Math.log(point.verses()) - x;
        double dy = Math.log(point.epistemic()) - y;
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
      }
      double exponent = xy / xx;
      return new PowerLaw(Math.exp(y - exponent * x), exponent, xy * xy / (xx * yy));
    }
  }
}
