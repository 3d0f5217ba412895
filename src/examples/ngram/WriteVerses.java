package ngram;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/**
 * Writes text with a word model, the next word drawn from what a truncation rule leaves of the
 * model's row, and prints what the rules kept on the way.
 *
 * <pre>mvn -q test-compile exec:exec@run -Drun.class=ngram.WalkVerses \
 *     -Drun.args="--sampler top_h:0.4,top_p:0.9,min_p:0.1"</pre>
 */
public final class WriteVerses {
  private static final double[] TEMPERATURES = {0.7, 1, 2};

  private WriteVerses() {}

  /**
   * Writes one passage for each rule and temperature.
   *
   * @param rules fields of {@code /v1/truncation} with their values, such as {@code top_h:0.4}
   * @param tokens the length of a passage
   */
  public static void write(
      URI service, Corpus corpus, KneserNey model, String[] rules, int tokens, PrintStream out)
      throws IOException, InterruptedException {
    var table = new StringBuilder();
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (double temperature : TEMPERATURES) {
        for (String rule : rules) {
          String[] parts = rule.split(":", 2);
          var random = new SplittableRandom(7);
          var text = new StringBuilder();
          int[] passage = new int[tokens];
          int start = 0;
          double kept = 0;
          double entropy = 0;
          double budget = 0;
          for (int i = 0; i < tokens; i++) {
            int[] verse = Arrays.copyOfRange(passage, start, i);
            JsonNode answer =
                WalkVerses.post(
                        http,
                        service,
                        "/v1/truncation",
                        "{\"temperature\":"
                            + temperature
                            + ",\""
                            + parts[0]
                            + "\":"
                            + parts[1]
                            + ",\"max_return\":"
                            + corpus.size()
                            + ",\"probs\":["
                            + WalkVerses.json(model.next(verse, verse.length))
                            + "]}")
                    .get("data")
                    .get(0);
            passage[i] = draw(answer, random.nextDouble());
            text.append(corpus.word(passage[i])).append(' ');
            start = passage[i] == Corpus.END ? i + 1 : start;
            kept += answer.get("kept_count").asInt();
            entropy += answer.get("entropy").asDouble();
            budget += answer.path("budget").asDouble(0);
          }
          out.printf(Locale.ROOT, "%s, T = %.1f: %s%n", rule, temperature, text);
          table.append(
              String.format(
                  Locale.ROOT,
                  "%-12s %5.1f %12.1f %14.3f %10s%n",
                  rule,
                  temperature,
                  kept / tokens,
                  entropy / tokens,
                  budget == 0 ? "-" : String.format(Locale.ROOT, "%.3f", budget / tokens)));
        }
      }
    }
    out.printf(
        "%n%-12s %5s %12s %14s %10s%n", "rule", "T", "tokens kept", "their entropy", "budget");
    out.print(table);
  }

  private static int draw(JsonNode answer, double u) {
    JsonNode ids = answer.get("kept_ids");
    JsonNode probs = answer.get("probs");
    double sum = 0;
    for (int i = 0; i < ids.size(); i++) {
      sum += probs.get(i).asDouble();
      if (u < sum) {
        return ids.get(i).asInt();
      }
    }
    return ids.get(ids.size() - 1).asInt();
  }
}
