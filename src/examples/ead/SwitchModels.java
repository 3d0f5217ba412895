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
import java.util.List;
import java.util.Locale;
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
 * <pre>mvn -q test-compile exec:exec@ead -Dead.args="--verses 120"</pre>
 */
public final class SwitchModels {
  private static final double[] TARGETS = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};
  private static final int WINDOW = 3;

  /** Words of context that a model looks up: the cost of a small token by that of a large one. */
  private static final double COST_RATIO = 0.25;

  private static final int RANDOM_RUNS = 20;

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI service;
  private final List<double[]> smallEntropy = new ArrayList<>();
  private final List<double[]> largeEntropy = new ArrayList<>();
  private final List<double[]> smallSurprisal = new ArrayList<>();
  private final List<double[]> largeSurprisal = new ArrayList<>();

  private SwitchModels(URI service) {
    this.service = service;
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
        new java.util.HashMap<>(
            java.util.Map.of(
                "--url", "http://localhost:8080", "--verses", "120", "--svg", "target/ead.svg"));
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (options.replace(args[i], args[i + 1]) == null) {
        throw new IllegalArgumentException(args[i] + ", expected one of " + options.keySet());
      }
    }
    Corpus corpus = Corpus.kingJames();
    List<Point> curve =
        curve(
            URI.create(options.get("--url")),
            corpus,
            KneserNey.train(2, corpus.size(), corpus.training()),
            KneserNey.train(5, corpus.size(), corpus.training()),
            Integer.parseInt(options.get("--verses")));
    print(curve, System.out);
    Files.writeString(Path.of(options.get("--svg")), svg(curve));
  }

  /** The curve over the first held-back verses; the verses after them calibrate. */
  public static List<Point> curve(
      URI service, Corpus corpus, KneserNey small, KneserNey large, int verses)
      throws IOException, InterruptedException {
    var run = new SwitchModels(service);
    List<int[]> walked = corpus.heldBack().subList(0, verses);
    for (int[] verse : walked) {
      run.smallEntropy.add(run.entropies(small, verse));
      run.largeEntropy.add(run.entropies(large, verse));
      run.smallSurprisal.add(surprisals(small, verse));
      run.largeSurprisal.add(surprisals(large, verse));
    }
    var traces = new ArrayList<double[]>();
    for (int[] verse : corpus.heldBack().subList(verses, verses + Math.max(20, verses / 2))) {
      traces.add(run.entropies(small, verse));
    }
    var points = new ArrayList<Point>();
    for (double target : TARGETS) {
      points.add(run.point(run.threshold(traces, target)));
    }
    run.http.close();
    return points;
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

  private double threshold(List<double[]> traces, double target)
      throws IOException, InterruptedException {
    return post(
            "/v1/ead/calibrate",
            "{\"target_large_fraction\":"
                + target
                + ",\"window\":"
                + WINDOW
                + ",\"fill\":\"partial\",\"traces\":"
                + JsonMapper.shared().writeValueAsString(traces)
                + "}")
        .at("/data/0/threshold")
        .asDouble();
  }

  /** Walks all verses with one threshold, a decision of the service for every word. */
  private Point point(double threshold) throws IOException, InterruptedException {
    String config =
        "{\"threshold\":"
            + threshold
            + ",\"window\":"
            + WINDOW
            + ",\"fill\":\"partial\",\"cost_ratio\":"
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
      var body =
          new StringBuilder("{\"return\":[\"next\"],\"config\":" + config + ",\"sequences\":[");
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
        states[asked.get(j)] = data.get(j).get("state");
        summaries[asked.get(j)] = data.get(j).get("summary");
      }
    }
    for (JsonNode summary : summaries) {
      int size = summary.get("tokens").asInt();
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
  public static void print(List<Point> curve, PrintStream out) {
    out.println("| threshold, nat | large | perplexity | at random | cost | compute | switches |");
    out.println("|---|---|---|---|---|---|---|");
    for (Point p : curve) {
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

  /** The curve as a picture: perplexity over the share of the large model. */
  public static String svg(List<Point> curve) {
    double most =
        curve.stream().mapToDouble(p -> Math.max(p.perplexity(), p.random())).max().orElse(1);
    double least =
        curve.stream().mapToDouble(p -> Math.min(p.perplexity(), p.random())).min().orElse(0);
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
    svg.append(line(curve, false, least, most, "#b04a3a", "6 4"));
    svg.append(line(curve, true, least, most, "#0b57a4", "none"));
    svg.append(text(600, 40, "end", "solid: by entropy, dashed: at random"));
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
      List<Point> curve, boolean ead, double least, double most, String colour, String dash) {
    var points = new StringBuilder();
    curve.stream()
        .sorted(java.util.Comparator.comparingDouble(Point::share))
        .forEach(
            p ->
                points.append(
                    String.format(
                        Locale.ROOT,
                        "%.1f,%.1f ",
                        60 + 540 * p.share(),
                        340
                            - 300
                                * ((ead ? p.perplexity() : p.random()) - least)
                                / (most - least))));
    return "<polyline points=\""
        + points.toString().strip()
        + "\" fill=\"none\" stroke=\""
        + colour
        + "\" stroke-width=\"2\" stroke-dasharray=\""
        + dash
        + "\"/>\n";
  }
}
