package io.tokentropy.endpoint.truncation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.endpoint.Limit;
import io.tokentropy.json.Fields;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.truncation.Sampler;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What calls keep of rows that can be worked out by hand. */
class KeptTokensTest {
  private static final Reader JSON = new Reader(new JsonLimits(64, 512, 256));
  private static final ChainReader READER =
      new ChainReader(new Limit("max_steps", 32), new Proof(true, OptionalInt.empty()));

  private static Fields fields(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return JSON.read(bytes, bytes.length);
  }

  private static String kept(Chain chain, Distribution row) {
    return IntStream.of(chain.of(row).keptIds(100)).boxed().toList().toString();
  }

  /** What servers send for "off", as a field and as a step: all stays, in its place. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'top_k':0}",
        "{'top_k':-1}",
        "{'top_p':1}",
        "{'min_p':0}",
        "{'typical_p':1}",
        "{'epsilon_cutoff':0}",
        "{'eta_cutoff':0}",
        "{'top_n_sigma':-1}",
        "{'top_a':0}",
        "{'tail_free':1}",
        "{'temperature':1}",
        "{'steps':[{'sampler':'top_k','k':-1}]}",
        "{'steps':[{'sampler':'top_n_sigma','n':-1,'ddof':1}]}",
        "{'steps':[{'sampler':'typical_p','mass':1,'ties':'all'}]}",
        "{'steps':[{'sampler':'quadratic','smoothing_factor':0}]}",
        "{'steps':[{'sampler':'adaptive_p','target':-1}]}",
        "{'steps':[{'sampler':'xtc','threshold':0.1,'probability':0,'u':0}]}"
      })
  void whatIsOffLeavesTheRowAsItIs(String call) {
    Chain chain = READER.chain(fields(call.replace('\'', '"')));
    double[] probs = {0.1, 0.5, 0, 0.25, 0.15};
    var found = chain.of(Distribution.ofProbs(probs.clone(), 1));
    assertThat(chain.samplers()).allMatch(Sampler::isOff);
    assertThat(found.keptIds(9)).containsExactly(1, 3, 4, 0);
    assertThat(found.probs(9))
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(.5, .25, .15, .1);
    assertThat(found.keptMass()).isEqualTo(1);
  }

  /**
   * Of (½, ¼, ⅛, ⅛), H = 1.75 bits, the surprisals 1, 2, 3, 3 bits are off by 0.75, 0.25, 1.25 and
   * 1.25; of (⅛, …, ⅛) none is off. Of (0.1, 0.6, 0.1, 0.2) XTC drops what is at least 0.15 but the
   * least of it.
   */
  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"sampler":"typical_p","mass":0.74}              | 4 2 1 1 | [0, 1]
          {"sampler":"typical_p","mass":0.76}              | 4 2 1 1 | [0, 1, 2]
          {"sampler":"typical_p","mass":0.76,"ties":"all"} | 4 2 1 1 | [0, 1, 2, 3]
          {"sampler":"typical_p","mass":0.74,"ties":"all"} | 4 2 1 1 | [0, 1]
          {"sampler":"typical_p","mass":0.2,"ties":"all"}  | 4 2 1 1 | [1]
          {"sampler":"typical_p","mass":0.3}               | 1 1 1 1 1 1 1 1 | [0, 1, 2]
          {"sampler":"typical_p","mass":0.3,"ties":"all"}  | 1 1 1 1 1 1 1 1 | [0, 1, 2, 3, 4, 5, 6, 7]
          {"sampler":"typical_p","mass":0.2,"min_tokens_to_keep":2}      | 4 2 1 1 | [0, 1]
          {"sampler":"typical_p","mass":0.2,"min_tokens_to_keep":9}      | 4 2 1 1 | [0, 1, 2, 3]
          {"sampler":"xtc","threshold":0.15,"probability":1,"u":0}       | 1 6 1 2 | [3, 0, 2]
          {"sampler":"xtc","threshold":0.15,"probability":1,"u":0,"min_tokens_to_keep":3} | 1 6 1 2 | [3, 0, 2]
          {"sampler":"xtc","threshold":0.15,"probability":1,"u":0,"min_tokens_to_keep":4} | 1 6 1 2 | [1, 3, 0, 2]
          {"top_p":0.5,"min_tokens_to_keep":1}             | 1 6 1 2 | [1]
          {"top_p":0.5,"min_tokens_to_keep":3}             | 1 6 1 2 | [1, 3, 0]
          {"top_p":0.85,"min_tokens_to_keep":2}            | 1 6 1 2 | [1, 3, 0]
          {"min_p":0.9,"min_tokens_to_keep":2}             | 1 6 1 2 | [1, 3]
          {"top_h":0.1,"min_tokens_to_keep":2}             | 1 6 1 2 | [1, 3]
          {"top_h":0.6}                                    | 1 1 1 1 1 1 1 1 | [0, 1, 2]
          {"top_h":0.6,"top_h_variant":"reference"}        | 1 1 1 1 1 1 1 1 | [0, 1, 2, 3]
          {"top_h":0.6,"top_h_variant":"hf"}               | 1 1 1 1 1 1 1 1 | [0, 1, 2, 3]
          """)
  void theseAreKept(String rule, String weights, String ids) {
    double[] logits =
        Arrays.stream(weights.split(" ", -1))
            .mapToDouble(weight -> Math.log(Double.parseDouble(weight)))
            .toArray();
    Chain chain = READER.one(fields("{\"rule\":" + rule + "}").require("rule"));
    assertThat(kept(chain, Distribution.ofLogits(logits, 1))).isEqualTo(ids);
  }
}
