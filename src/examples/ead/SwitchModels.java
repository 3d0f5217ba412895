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
import ngram.Corpus;
import ngram.KneserNey;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The trade-off of Entropy Adaptive Decoding on real models: two word models, or two language
 * models behind llama.cpp's server. It walks verses that neither has seen; before every token the
 * running service says, from the entropy of the active model, which of them gives the token its
 * probability. A sweep of thresholds, calibrated on other verses, gives the share of the large
 * model against perplexity, beside a coin of the same share and one of the same cost.
 *
 * <pre>mvn -q test-compile exec:exec@run -Drun.class=ead.SwitchModels -Drun.args="--models pair"
 * </pre>
 */
public final class SwitchModels {
  private static final double[] TARGETS = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};

  private static final String[] COLOURS = {"#b0b0b0", "#0b57a4", "#2e8b57", "#8a3ab9"};

  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI service;
  private final Traces traces;

  /** Walks the traces with the decisions of a service. */
  public SwitchModels(URI service, Traces traces) {
    this.service = service;
    this.traces = traces;
  }

  /**
   * A way to switch.
   *
   * @param window entropies that are averaged before each decision
   * @param onEscalate {@code next}: the large model goes on after an uncertain token; {@code redo}:
   *     it writes the uncertain token itself again
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
   * @param asked the share that the threshold was calibrated for
   * @param share of the tokens, from the large model
   * @param perplexity of the tokens
   * @param sameShare perplexity of a coin of the same share
   * @param sameCost perplexity of a coin whose cost is the same
   * @param cost the paper's, dropped tokens included, by that of the large model alone
   * @param compute the same with what each model reads of the other's
   */
  public record Point(
      double asked,
      double threshold,
      double share,
      double perplexity,
      double sameShare,
      double sameCost,
      double cost,
      double compute,
      long switches) {}

  public static void main(String[] args) throws Exception {
    var options =
        new HashMap<>(
            Map.of(
                "--url",
                "http://localhost:8080",
                "--models",
                "words",
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
    Traces traces =
        options.get("--models").equals("pair")
            ? Traces.ofPair(Path.of("src/examples/ead/pair.json.gz"))
            : words(Integer.parseInt(options.get("--verses")));
    System.out.printf(
        Locale.ROOT,
        "%d tokens: small alone %.2f, large alone %.2f, the better of both at every token %.2f%n",
        traces.tokens(),
        traces.coin(0),
        traces.coin(1),
        traces.best());
    var models = new SwitchModels(URI.create(options.get("--url")), traces);
    var curves = new ArrayList<Curve>();
    for (String text : options.get("--variants").split(",")) {
      Curve curve = models.curve(Variant.parse(text));
      System.out.println("\n" + curve.variant() + "\n");
      print(curve, System.out);
      curves.add(curve);
    }
    Files.writeString(Path.of(options.get("--svg")), svg(curves));
  }

  private static Traces words(int verses) throws IOException {
    Corpus corpus = Corpus.kingJames();
    return Traces.ofWords(
        corpus,
        KneserNey.train(2, corpus.size(), corpus.training()),
        KneserNey.train(5, corpus.size(), corpus.training()),
        verses);
  }

  /** What a sweep of thresholds gives. */
  public record Curve(Variant variant, List<Point> points) {}

  /** A sweep of thresholds, calibrated for shares of the large model from none to all. */
  public Curve curve(Variant variant) throws IOException, InterruptedException {
    var points = new ArrayList<Point>();
    for (double target : TARGETS) {
      points.add(point(variant, target, threshold(variant, target)));
    }
    return new Curve(variant, points);
  }

  private ObjectNode config(Variant variant) {
    return JSON.createObjectNode()
        .put("window", variant.window())
        .put("fill", "partial")
        .put("on_escalate", variant.onEscalate())
        .put("cost_ratio", traces.costRatio());
  }

  /** The threshold that gives a share on the calibration verses, walked with both models. */
  private double threshold(Variant variant, double target)
      throws IOException, InterruptedException {
    ObjectNode call = JSON.createObjectNode().put("target_large_fraction", target);
    call.set("config", config(variant));
    ArrayNode both = call.putArray("traces");
    for (Traces.Verse verse : traces.calibration()) {
      ObjectNode text = both.addObject();
      text.set("small", JSON.valueToTree(verse.small().entropy()));
      text.set("large", JSON.valueToTree(verse.large().entropy()));
    }
    return post("/v1/ead/calibrate", call).at("/data/0/threshold").asDouble();
  }

  /**
   * Walks all verses with one threshold, a decision of the service for every token. A token that is
   * to be redone is not counted; the large model writes it, and its entropy is the next
   * observation.
   */
  private Point point(Variant variant, double asked, double threshold)
      throws IOException, InterruptedException {
    List<Traces.Verse> verses = traces.test();
    ObjectNode config = config(variant).put("threshold", threshold);
    var at = new int[verses.size()];
    var items = new JsonNode[verses.size()];
    double surprisal = 0;
    while (true) {
      ObjectNode call = JSON.createObjectNode();
      call.set("config", config);
      call.putArray("return").add("next");
      ArrayNode sequences = call.putArray("sequences");
      var walked = new ArrayList<Integer>();
      for (int v = 0; v < at.length; v++) {
        if (at[v] < verses.get(v).tokens()) {
          ObjectNode sequence = sequences.addObject();
          sequence.putArray("observations").add(writer(verses.get(v), items[v]).entropy()[at[v]]);
          if (items[v] != null) {
            sequence.set("state", items[v].get("state"));
          }
          walked.add(v);
        }
      }
      if (walked.isEmpty()) {
        break;
      }
      JsonNode data = post("/v1/ead", call).get("data");
      for (int j = 0; j < walked.size(); j++) {
        int v = walked.get(j);
        if (!data.get(j).get("next").has("redo")) {
          surprisal += writer(verses.get(v), items[v]).surprisal()[at[v]];
          at[v]++;
        }
        items[v] = data.get(j);
      }
    }
    return point(asked, threshold, surprisal, items);
  }

  /** The model that writes the next token of a verse. */
  private static Traces.Trace writer(Traces.Verse verse, JsonNode item) {
    boolean isLarge = item != null && item.at("/next/model").asString().equals("large");
    return isLarge ? verse.large() : verse.small();
  }

  private Point point(double asked, double threshold, double surprisal, JsonNode[] items) {
    long large = 0;
    long switches = 0;
    double cost = 0;
    double compute = 0;
    for (JsonNode item : items) {
      JsonNode summary = item.get("summary");
      int size = summary.get("tokens").asInt();
      large += summary.get("large").asInt();
      switches += summary.get("switches").asInt();
      cost += size * summary.get("relative_cost").asDouble();
      compute += size * summary.get("relative_compute").asDouble();
    }
    int tokens = traces.tokens();
    double share = (double) large / tokens;
    double ratio = traces.costRatio();
    double payable = (cost / tokens - ratio) / (1 - ratio);
    return new Point(
        asked,
        threshold,
        share,
        Math.exp(surprisal / tokens),
        traces.coin(share),
        traces.coin(Math.clamp(payable, 0, 1)),
        cost / tokens,
        compute / tokens,
        switches);
  }

  private JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(service.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build(),
            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (answer.statusCode() != 200) {
      throw new IOException("the service answered " + answer.statusCode() + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  /** The curve as a table. */
  public static void print(Curve curve, PrintStream out) {
    out.println(
        "| asked | large | threshold, nat | perplexity | coin, same share | coin, same cost | cost"
            + " | compute | switches |");
    out.println("|---|---|---|---|---|---|---|---|---|");
    for (Point p : curve.points()) {
      out.printf(
          Locale.ROOT,
          "| %.1f | %.3f | %.3f | %.2f | %.2f | %.2f | %.3f | %.3f | %d |%n",
          p.asked(),
          p.share(),
          p.threshold(),
          p.perplexity(),
          p.sameShare(),
          p.sameCost(),
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
                + "<style>.paper{fill:#fff}@media(prefers-color-scheme:dark){.paper{fill:none}"
                + "svg{fill:#ccc}path{stroke:#aaa}polyline,g{filter:brightness(1.6)}}</style>\n"
                + "<rect class=\"paper\" width=\"640\" height=\"400\"/>\n"
                + "<path d=\"M60 20V350H620\" fill=\"none\" stroke=\"#444\"/>\n");
    for (int i = 0; i <= 5; i++) {
      svg.append(text(60 + 108 * i, 370, "middle", String.format(Locale.ROOT, "%.1f", i / 5.0)));
      double perplexity = least + (most - least) * i / 5;
      svg.append(text(52, 340 - 60 * i, "end", String.format(Locale.ROOT, "%.1f", perplexity)));
    }
    svg.append(text(340, 392, "middle", "share of tokens from the large model"));
    svg.append(text(64, 14, "start", "perplexity"));
    List<double[]> random = all.stream().map(p -> new double[] {p.share(), p.sameShare()}).toList();
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
