package pictures;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ngram.Corpus;
import ngram.KneserNey;
import ngram.WalkVerses;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Draws the pictures of the docs from what a running service answers.
 *
 * <pre>
 * mvn -q test-compile exec:exec@run -Drun.class=pictures.Pictures -Drun.args="http://localhost:8080 src/docs"
 * </pre>
 */
public final class Pictures {
  private final URI service;
  private final HttpClient http;

  private Pictures(URI service, HttpClient http) {
    this.service = service;
    this.http = http;
  }

  public static void main(String[] args) throws Exception {
    draw(URI.create(args[0]), Path.of(args[1]));
  }

  /** Writes all of them into a folder. */
  public static void draw(URI service, Path folder) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var pictures = new Pictures(service, http);
      double[] row = wordAfterTheKing();
      Files.writeString(folder.resolve("entropy.svg"), pictures.entropy(row));
      Files.writeString(folder.resolve("samplers.svg"), pictures.samplers(row));
      Files.writeString(folder.resolve("labels.svg"), pictures.labels());
      Files.writeString(folder.resolve("inv-entropy.svg"), pictures.invEntropy());
      Files.writeString(folder.resolve("conformal.svg"), pictures.conformal());
    }
  }

  /** What a word model expects after "and the king", a row of 12,565 probabilities. */
  private static double[] wordAfterTheKing() throws IOException {
    Corpus corpus = Corpus.kingJames();
    KneserNey model = KneserNey.train(5, corpus.size(), corpus.training());
    int[] before =
        Stream.of("and", "the", "king")
            .mapToInt(
                word ->
                    IntStream.range(0, corpus.size())
                        .filter(id -> corpus.word(id).equals(word))
                        .findFirst()
                        .orElseThrow())
            .toArray();
    return model.next(before, before.length);
  }

  private JsonNode ask(String path, String body) throws IOException, InterruptedException {
    return WalkVerses.post(http, service, path, body).get("data");
  }

  private static String list(double[] values) {
    return Arrays.toString(values);
  }

  /** The entropy's interval of one row, by how many of its tokens are listed. */
  private String entropy(double[] row) throws IOException, InterruptedException {
    double[] best = Arrays.stream(row).map(p -> -p).sorted().map(p -> Math.log(-p)).toArray();
    int[] listed = {1, 2, 3, 4, 5, 7, 10, 14, 20, 30, 50, 70, 100};
    double[] ks = Arrays.stream(listed).asDoubleStream().toArray();
    double[] low = new double[ks.length];
    double[] high = new double[ks.length];
    double[] renormalized = new double[ks.length];
    for (int i = 0; i < ks.length; i++) {
      String body =
          "{\"top_logprobs\":[%s],\"vocab_size\":%d,\"estimate\":\"renormalized\"}"
              .formatted(list(Arrays.copyOf(best, listed[i])), row.length);
      JsonNode found = ask("/v1/entropy", body).get(0);
      low[i] = found.get("entropy_low").asDouble();
      high[i] = found.get("entropy_high").asDouble();
      renormalized[i] = found.get("entropy").asDouble();
    }
    double whole =
        ask("/v1/entropy", "{\"probs\":[" + list(row) + "]}").get(0).get("entropy").asDouble();
    return new Plot(
            "The range of an entropy, by how many tokens are listed",
            Plot.Axis.logarithmic("tokens listed, of 12,565", 1, 2, 5, 10, 20, 50, 100),
            Plot.Axis.linear("entropy, nat", 0, 1, 2, 3, 4, 5, 6, 7))
        .band(ks, low, high)
        .curve("c0", "at most", ks, high, -18)
        .curve("c0", "at least", ks, low, 11)
        .curve("c1", "renormalised", ks, renormalized, 22)
        .level("the whole row", whole, -2)
        .svg();
  }

  /** The best 30 tokens of a row, and where four rules cut. */
  private String samplers(double[] row) throws IOException, InterruptedException {
    double[] best = Arrays.stream(row).map(p -> -p).sorted().map(p -> -p).toArray();
    var plot =
        new Plot(
            "The best 30 tokens of a row, and where four rules cut",
            Plot.Axis.linear("rank of the token", 0, 5, 10, 15, 20, 25, 30),
            Plot.Axis.linear("probability", 0, 0.1, 0.2, 0.3, 0.4));
    for (int i = 0; i < 30; i++) {
      plot.bar(i + 0.5, 0.7, best[i]);
    }
    List<String> rules = List.of("min_p=0.1", "top_h=0.6", "top_n_sigma=2", "top_p=0.9");
    for (int i = 0; i < rules.size(); i++) {
      String[] rule = rules.get(i).split("=", 2);
      String body = "{\"probs\":[%s],\"%s\":%s}".formatted(list(row), rule[0], rule[1]);
      int kept = ask("/v1/truncation", body).get(0).get("kept_count").asInt();
      plot.cut("c" + i, rule[0] + " " + rule[1] + ": " + kept, kept, 0.36 - 0.05 * i);
    }
    return plot.svg();
  }

  /** How probable "yes" is, of a real response, by how many alternatives it lists. */
  private String labels() throws IOException, InterruptedException {
    JsonNode response =
        JsonMapper.shared().readTree(Files.readString(Path.of("src/examples/judge/josiah.json")));
    JsonNode token = response.at("/choices/0/logprobs/content/0/top_logprobs");
    double[] ks = IntStream.rangeClosed(1, token.size()).asDoubleStream().toArray();
    double[] low = new double[ks.length];
    double[] high = new double[ks.length];
    double[] listed = new double[ks.length];
    for (int k = 1; k <= ks.length; k++) {
      String some =
          token.valueStream().limit(k).map(JsonNode::toString).collect(Collectors.joining(","));
      String body =
          """
          {"top_logprobs":[[%s]],"vocab_size":2048,"mass_error":2e-5,"labels":[
           {"name":"good","tokens":[" right"," good"]},{"name":"evil","tokens":[" evil"]}],"variants":"%s"}
          """;
      JsonNode any = ask("/v1/labels", body.formatted(some, "any")).at("/0/labels/0");
      JsonNode only = ask("/v1/labels", body.formatted(some, "listed")).at("/0/labels/0");
      low[k - 1] = any.get("prob_low").asDouble();
      high[k - 1] = any.get("prob_high").asDouble();
      listed[k - 1] = only.get("prob").asDouble();
    }
    return new Plot(
            "How probable an answer is, by how many alternatives are listed",
            Plot.Axis.linear("alternatives listed", 1, 5, 10, 15, 20),
            Plot.Axis.linear("probability of \"good\"", 0, 0.2, 0.4, 0.6, 0.8, 1))
        .band(ks, low, high)
        .curve("c0", "at most", ks, high, 0)
        .curve("c0", "at least", ks, low, 12)
        .curve("c2", "its spellings known", ks, listed, -4)
        .svg();
  }

  /** The score of five prompts that are alike but for eps, by how far their answers scatter. */
  private String invEntropy() throws IOException, InterruptedException {
    double[] scatter = IntStream.rangeClosed(0, 20).mapToDouble(i -> i / 20.0).toArray();
    var plot =
        new Plot(
            "Inv-Entropy of five prompts, by how far the answers scatter",
            Plot.Axis.linear("how far the answers are apart", 0, 0.2, 0.4, 0.6, 0.8, 1),
            Plot.Axis.linear("Inv-Entropy, nat", 1.55, 1.6, 1.65, 1.7, 1.75, 1.8, 1.85));
    double[] prompts = {0.1, 0.3, 0.5};
    for (int i = 0; i < prompts.length; i++) {
      double[] scores = new double[scatter.length];
      for (int j = 0; j < scatter.length; j++) {
        String body = "{\"sim_x\":%s,\"sim_y\":%s}".formatted(alike(prompts[i]), alike(scatter[j]));
        scores[j] = ask("/v1/inv-entropy", body).get(0).get("inv_entropy").asDouble();
      }
      plot.curve("c" + i, "prompts " + prompts[i] + " apart", scatter, scores, 0);
    }
    return plot.level("ln 5", Math.log(5), 0).svg();
  }

  /** Five things that are all {@code apart} from each other. */
  private static String alike(double apart) {
    return IntStream.range(0, 5)
        .mapToObj(
            i ->
                IntStream.range(0, 5)
                    .mapToObj(j -> String.format(Locale.ROOT, "%.2f", i == j ? 1 : 1 - apart))
                    .collect(Collectors.joining(",", "[", "]")))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** How often a set holds the right label, by the rate that was asked for. */
  private String conformal() throws IOException, InterruptedException {
    var random = new Random(3);
    List<Row> known = rows(random, 400, 1);
    List<Row> fresh = rows(random, 2000, 1);
    List<Row> changed = rows(random, 2000, 0.4);
    double[] rates = IntStream.rangeClosed(10, 19).mapToDouble(i -> i / 20.0).toArray();
    return new Plot(
            "How often a set holds the right label, by the rate that was asked for",
            Plot.Axis.linear("rate asked for", 0.5, 0.6, 0.7, 0.8, 0.9, 1),
            Plot.Axis.linear("sets with the right label", 0.2, 0.4, 0.6, 0.8, 1))
        .curve("n", "as asked", new double[] {0.5, 1}, new double[] {0.5, 1}, 0)
        .curve("c0", "lac", rates, covered(rates, "lac", known, fresh), 12)
        .curve("c2", "aps", rates, covered(rates, "aps", known, fresh), -8)
        .curve("c1", "lac, the model changed", rates, covered(rates, "lac", known, changed), 12)
        .svg();
  }

  /** Five logits, and the label that is right. */
  private record Row(double[] logits, int label) {}

  /** Rows whose labels come from softmax(sharpness x logits): at 1 the model means what it says. */
  private static List<Row> rows(Random random, int count, double sharpness) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              double[] logits = random.doubles(5, -3, 3).toArray();
              double[] weights = Arrays.stream(logits).map(z -> Math.exp(sharpness * z)).toArray();
              double left = random.nextDouble() * Arrays.stream(weights).sum();
              int label = 0;
              while (label < 4 && left > weights[label]) {
                left -= weights[label++];
              }
              return new Row(logits, label);
            })
        .toList();
  }

  private double[] covered(double[] rates, String score, List<Row> known, List<Row> fresh)
      throws IOException, InterruptedException {
    String calibration =
        known.stream()
            .map(r -> "{\"logits\":%s,\"label\":%d}".formatted(list(r.logits()), r.label()))
            .collect(Collectors.joining(","));
    String rows =
        fresh.stream()
            .map(r -> "{\"logits\":%s}".formatted(list(r.logits())))
            .collect(Collectors.joining(","));
    double[] covered = new double[rates.length];
    for (int i = 0; i < rates.length; i++) {
      String asked = "{\"alpha\":%.2f,\"score\":\"%s\",\"rows\":[%s]}";
      JsonNode profile =
          ask(
                  "/v1/conformal/calibrate",
                  String.format(Locale.ROOT, asked, 1 - rates[i], score, calibration))
              .get(0);
      JsonNode sets =
          ask(
              "/v1/conformal/predict",
              "{\"profile\":%s,\"rows\":[%s],\"allow_empty\":true}".formatted(profile, rows));
      for (int j = 0; j < fresh.size(); j++) {
        int label = fresh.get(j).label();
        if (sets.get(j).get("labels").valueStream().anyMatch(l -> l.asInt() == label)) {
          covered[i] += 1.0 / fresh.size();
        }
      }
    }
    return covered;
  }
}
