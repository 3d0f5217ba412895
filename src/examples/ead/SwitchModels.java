package ead;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import ngram.Corpus;
import ngram.KneserNey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The trade-off of Entropy Adaptive Decoding on two real models: a word model that looks back one
 * word (small) and one that looks back four (large), over one vocabulary. It walks verses that
 * neither has seen; before every word the running service says, from the entropy of the active
 * model, which of them gives the next word its probability. A sweep of calibrated thresholds gives
 * the share of the large model against perplexity, beside switching at random at the same share.
 *
 * <pre>mvn -q test-compile exec:exec@run -Drun.class=ead.SwitchModels -Drun.args="--verses 120"
 * </pre>
 */
public final class SwitchModels {
  private static final double[] TARGETS = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};

  /** Words of context that a model looks up: the cost of a small token by that of a large one. */
  private static final double COST_RATIO = 0.25;

  private static final int RANDOM_RUNS = 20;

  private static final String[] COLOURS = {"#b0b0b0", "#0b57a4", "#2e8b57", "#8a3ab9"};

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI service;
  private final List<double[]> smallEntropy = new ArrayList<>();
  private final List<double[]> largeEntropy = new ArrayList<>();
  private final List<double[]> smallSurprisal = new ArrayList<>();
  private final List<double[]> largeSurprisal = new ArrayList<>();
  private final List<double[]> traces = new ArrayList<>();

  /**
   * Walks the first held-back verses with both models; the verses after them are the traces that
   * calibrate thresholds.
   */
  public SwitchModels(URI service, Corpus corpus, KneserNey small, KneserNey large, int verses)
      throws IOException, InterruptedException {
    this.service = service;
    for (int[] verse : corpus.heldBack().subList(0, verses)) {
      smallEntropy.add(entropies(small, verse));
      largeEntropy.add(entropies(large, verse));
      smallSurprisal.add(surprisals(small, verse));
      largeSurprisal.add(surprisals(large, verse));
    }
    for (int[] verse : corpus.heldBack().subList(verses, verses + Math.max(20, verses / 2))) {
      traces.add(entropies(small, verse));
    }
  }

  /**
   * A way to switch.
   *
   * @param window entropies that are averaged before each decision
   * @param onEscalate {@code next}: the large model goes on after an uncertain word; {@code redo}:
   *     it writes the uncertain word itself again
   */
  public record Variant(int window, String onEscalate) {
    static Variant parse(String text) {
      int colon = text.indexOf(':');
      return new Variant(Integer.parseInt(text.substring(0, colon)), text.substring(colon + 1));
    }

    @Override
    public String toString() {
      return "window " + window + ", " + onEscalate;
    }
  }

  /**
   * One point of the curve.
   *
   * @param share of the tokens, from the large model
   * @param perplexity of the words
   * @param random perplexity of random switching at the same share, mean of several runs
   */
  public record Point(
      double threshold,
      double share,
      double perplexity,
      double random,
      double cost,
      double compute,
      int switches) {}

  public static void main(String[] args) throws Exception {
    var options =
        new HashMap<>(
            Map.of(
                "--url",
                "http://localhost:8080",
                "--verses",
                "120",
                "--variants",
                "5:next,1:next,1:redo",
                "--svg",
                "target/ead.svg"));
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (options.replace(args[i], args[i + 1]) == null) {
        throw new IllegalArgumentException(args[i] + ", expected one of " + options.keySet());
      }
    }
    Corpus corpus = Corpus.kingJames();
    var models =
        new SwitchModels(
            URI.create(options.get("--url")),
            corpus,
            KneserNey.train(2, corpus.size(), corpus.training()),
            KneserNey.train(5, corpus.size(), corpus.training()),
            Integer.parseInt(options.get("--verses")));
    var curves = new ArrayList<Curve>();
    for (String text : options.get("--variants").split(",")) {
      Curve curve = models.curve(Variant.parse(text));
      System.out.println("\n" + curve.variant() + "\n");
      print(curve, System.out);
      curves.add(curve);
    }
    Files.writeString(Path.of(options.get("--svg")), svg(curves));
  }

  /** What a sweep of thresholds gives. */
  public record Curve(Variant variant, List<Point> points) {}

  /** A sweep of thresholds, calibrated for shares of the large model from none to all. */
  public Curve curve(Variant variant) throws IOException, InterruptedException {
    var points = new ArrayList<Point>();
    for (double target : TARGETS) {
      points.add(point(variant, threshold(variant, target)));
    }
    return new Curve(variant, points);
  }

  private static double[] surprisals(KneserNey model, int[] verse) {
    var surprisals = new double[verse.length];
    for (int i = 0; i < verse.length; i++) {
      surprisals[i] = -Math.log(model.next(verse, i)[verse[i]]);
    }
    return surprisals;
  }

  /** The entropies of a model before every word of a verse, by the service. */
  private double[] entropies(KneserNey model, int[] verse)
      throws IOException, InterruptedException {
    var body = new StringBuilder("{\"probs\":[");
    for (int i = 0; i < verse.length; i++) {
      body.append(i == 0 ? "[" : ",[");
      double[] row = model.next(verse, i);
      for (int id = 0; id < row.length; id++) {
        body.append(id == 0 ? "" : ",").append(row[id]);
      }
      body.append(']');
    }
    JsonNode data = post("/v1/entropy", body.append("]}").toString()).get("data");
    var entropies = new double[verse.length];
    for (int i = 0; i < verse.length; i++) {
      entropies[i] = data.get(i).get("entropy").asDouble();
    }
    return entropies;
  }

  private double threshold(Variant variant, double target)
      throws IOException, InterruptedException {
    return post(
            "/v1/ead/calibrate",
            "{\"target_large_fraction\":"
                + target
                + ",\"window\":"
                + variant.window()
                + ",\"fill\":\"partial\",\"traces\":"
                + JsonMapper.shared().writeValueAsString(traces)
                + "}")
        .at("/data/0/threshold")
        .asDouble();
  }

  /** Walks all verses with one threshold, a decision of the service for every word. */
  private Point point(Variant variant, double threshold) throws IOException, InterruptedException {
    String config =
        "{\"threshold\":"
            + threshold
            + ",\"window\":"
            + variant.window()
            + ",\"fill\":\"partial\",\"on_escalate\":\""
            + variant.onEscalate()
            + "\",\"cost_ratio\":"
            + COST_RATIO
            + "}";
    double surprisal = 0;
    double compute = 0;
    double cost = 0;
    int tokens = 0;
    int large = 0;
    int switches = 0;
    int longest = smallEntropy.stream().mapToInt(verse -> verse.length).max().orElseThrow();
    var states = new JsonNode[smallEntropy.size()];
    var summaries = new JsonNode[smallEntropy.size()];
    for (int i = 0; i < longest; i++) {
      var body = new StringBuilder("{\"config\":" + config + ",\"sequences\":[");
      var asked = new ArrayList<Integer>();
      for (int v = 0; v < states.length; v++) {
        if (i < smallEntropy.get(v).length) {
          boolean isLarge = states[v] != null && states[v].get("model").asString().equals("large");
          surprisal += (isLarge ? largeSurprisal : smallSurprisal).get(v)[i];
          double entropy = (isLarge ? largeEntropy : smallEntropy).get(v)[i];
          body.append(asked.isEmpty() ? "" : ",")
              .append("{\"observations\":[")
              .append(entropy)
              .append(']');
          if (states[v] != null) {
            body.append(",\"state\":").append(states[v]);
          }
          body.append('}');
          asked.add(v);
          tokens++;
          large += isLarge ? 1 : 0;
        }
      }
      JsonNode data = post("/v1/ead", body.append("]}").toString()).get("data");
      for (int j = 0; j < asked.size(); j++) {
        int v = asked.get(j);
        if (data.get(j).at("/steps/0").has("redo")) {
          surprisal += largeSurprisal.get(v)[i] - smallSurprisal.get(v)[i];
          large++;
        }
        states[v] = data.get(j).get("state");
        summaries[v] = data.get(j).get("summary");
      }
    }
    for (JsonNode summary : summaries) {
      int size = summary.get("small").asInt() + summary.get("large").asInt();
      cost += size * summary.get("relative_cost").asDouble();
      compute += size * summary.get("relative_compute").asDouble();
      switches += summary.get("switches").asInt();
    }
    double share = (double) large / tokens;
    return new Point(
        threshold,
        share,
        Math.exp(surprisal / tokens),
        random(share, tokens),
        cost / tokens,
        compute / tokens,
        switches);
  }

  /**
   * The control: each word from the large model with the same probability, whatever the entropy.
   */
  private double random(double share, int tokens) {
    var random = new SplittableRandom(11);
    double total = 0;
    for (int run = 0; run < RANDOM_RUNS; run++) {
      double surprisal = 0;
      for (int v = 0; v < smallSurprisal.size(); v++) {
        for (int i = 0; i < smallSurprisal.get(v).length; i++) {
          boolean isLarge = random.nextDouble() < share;
          surprisal += (isLarge ? largeSurprisal : smallSurprisal).get(v)[i];
        }
      }
      total += surprisal / tokens;
    }
    return Math.exp(total / RANDOM_RUNS);
  }

  private JsonNode post(String path, String body) throws IOException, InterruptedException {
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

  /** The curve as a table. */
  public static void print(Curve curve, PrintStream out) {
    out.println("| threshold, nat | large | perplexity | at random | cost | compute | switches |");
    out.println("|---|---|---|---|---|---|---|");
    for (Point p : curve.points()) {
      out.printf(
          Locale.ROOT,
          "| %.3f | %.3f | %.2f | %.2f | %.3f | %.3f | %d |%n",
          p.threshold(),
          p.share(),
          p.perplexity(),
          p.random(),
          p.cost(),
          p.compute(),
          p.switches());
    }
  }

  /** The curves as a picture: perplexity over the share of the large model. */
  public static String svg(List<Curve> curves) {
    List<Point> all = curves.stream().flatMap(curve -> curve.points().stream()).toList();
    double most = all.stream().mapToDouble(Point::perplexity).max().orElseThrow();
    double least = all.stream().mapToDouble(Point::perplexity).min().orElseThrow();
    var svg =
        new StringBuilder(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 400\""
                + " font-family=\"sans-serif\" font-size=\"13\">\n"
                + "<rect width=\"640\" height=\"400\" fill=\"#fff\"/>\n"
                + "<path d=\"M60 20V350H620\" fill=\"none\" stroke=\"#444\"/>\n");
    for (int i = 0; i <= 5; i++) {
      svg.append(text(60 + 108 * i, 370, "middle", String.format(Locale.ROOT, "%.1f", i / 5.0)));
      double perplexity = least + (most - least) * i / 5;
      svg.append(text(52, 340 - 60 * i, "end", String.format(Locale.ROOT, "%.1f", perplexity)));
    }
    svg.append(text(340, 392, "middle", "share of tokens from the large model"));
    svg.append(text(64, 14, "start", "perplexity"));
    List<double[]> random = all.stream().map(p -> new double[] {p.share(), p.random()}).toList();
    svg.append(line(random, "at random", 0, least, most));
    for (int i = 0; i < curves.size(); i++) {
      List<double[]> points =
          curves.get(i).points().stream()
              .map(p -> new double[] {p.share(), p.perplexity()})
              .toList();
      svg.append(line(points, curves.get(i).variant().toString(), i + 1, least, most));
    }
    return svg.append("</svg>\n").toString();
  }

  private static String text(double x, double y, String anchor, String text) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\">%s</text>%n",
        x,
        y,
        anchor,
        text);
  }

  private static String line(
      List<double[]> points, String name, int number, double least, double most) {
    String colour = COLOURS[number % COLOURS.length];
    var line = new StringBuilder();
    points.stream()
        .sorted(Comparator.comparingDouble(p -> p[0]))
        .forEach(
            p ->
                line.append(
                    String.format(
                        Locale.ROOT,
                        "%.1f,%.1f ",
                        60 + 540 * p[0],
                        340 - 300 * (p[1] - least) / (most - least))));
    return "<polyline points=\""
        + line.toString().strip()
        + "\" fill=\"none\" stroke=\""
        + colour
        + "\" stroke-width=\"2\"/>\n<g fill=\""
        + colour
        + "\">"
        + text(600, 40 + 18 * number, "end", name)
        + "</g>\n";
  }
}
