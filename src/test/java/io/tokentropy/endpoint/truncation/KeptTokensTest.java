package io.tokentropy.endpoint.truncation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.endpoint.Limit;
import io.tokentropy.json.Fields;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.History;
import io.tokentropy.truncation.Sampler;
import io.tokentropy.truncation.Truncation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What calls keep of rows that can be worked out by hand. */
class KeptTokensTest {
  private static final Reader JSON = new Reader(new JsonLimits(64, 512, 256));
  private static final Limit LIMIT = new Limit("max_steps", 32);
  private static final Proof PROOF = new Proof(true, OptionalInt.empty());
  private static final ChainReader READER = new ChainReader(LIMIT, new Situation(PROOF, null));

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
        "{'repetition_penalty':1}",
        "{'presence_penalty':0}",
        "{'frequency_penalty':0}",
        "{'logit_bias':{}}",
        "{'steps':[{'sampler':'top_k','k':0},{'sampler':'dry','multiplier':0}]}",
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
    double[] logits = Arrays.stream(numbers(weights)).map(Math::log).toArray();
    Chain chain = READER.one(fields("{\"rule\":" + rule + "}").require("rule"));
    assertThat(kept(chain, Distribution.ofLogits(logits, 1))).isEqualTo(ids);
  }

  /**
   * Logits 2, 1, 0, −1 after a prompt of token 0 and an output of 1, 1, 3; what becomes of them, up
   * to an offset that all share.
   */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"sampler":"repetition_penalty","penalty":2}                               | 1 0.5 0 -2
          {"sampler":"repetition_penalty","penalty":2,"over":"output"}               | 2 0.5 0 -2
          {"sampler":"repetition_penalty","penalty":2,"last_n":1}                    | 2 1 0 -2
          {"sampler":"repetition_penalty","penalty":2,"last_n":0}                    | 2 1 0 -1
          {"sampler":"repetition_penalty","penalty":2,"last_n":99}                   | 1 0.5 0 -2
          {"sampler":"presence_penalty","penalty":0.5}                               | 2 0.5 0 -1.5
          {"sampler":"presence_penalty","penalty":0.5,"over":"all"}                  | 1.5 0.5 0 -1.5
          {"sampler":"presence_penalty","penalty":-1}                                | 2 2 0 0
          {"sampler":"frequency_penalty","penalty":0.5}                              | 2 0 0 -1.5
          {"sampler":"frequency_penalty","penalty":0.5,"last_n":2}                   | 2 0.5 0 -1.5
          {"sampler":"logit_bias","bias":{"2":3}}                                    | 2 1 3 -1
          {"sampler":"logit_bias","bias":[[0,-1],[3,1]]}                             | 1 1 0 0
          {"sampler":"temperature","temperature":0.5},{"sampler":"presence_penalty","penalty":0.5} | 4 1.5 0 -2.5
          {"sampler":"presence_penalty","penalty":0.5},{"sampler":"temperature","temperature":0.5} | 4 1 0 -3
          {"sampler":"repetition_penalty","penalty":2},{"sampler":"presence_penalty","penalty":1}  | 1 -0.5 0 -3
          {"sampler":"top_k","k":-1},{"sampler":"logit_bias","bias":[[2,5]]}         | 2 1 5 -1
          {"sampler":"logit_bias","bias":[[0,-900],[1,-900],[3,-900]]},{"sampler":"logit_bias","bias":[[2,-900]]} | 2 1 0 -1
          """)
  void theseLogitsAreLeft(String steps, String left) {
    var past = new History(List.of(0), List.of(1, 1, 3));
    Distribution row = Distribution.ofLogits(new double[] {2, 1, 0, -1}, 1);
    Distribution expected = Distribution.ofLogits(numbers(left), 1);
    Truncation found = after(past, steps).of(row);
    int[] ids = found.keptIds(4);
    for (int rank = 0; rank < 4; rank++) {
      assertThat(found.probs(4)[rank]).isCloseTo(expected.prob(ids[rank]), within(1e-13));
    }
    assertThat(found.keptMass()).isEqualTo(1);
    assertThat(found.entropyIn()).isEqualTo(row.entropy().low());
  }

  private static Chain after(History past, String steps) {
    return new ChainReader(LIMIT, new Situation(PROOF, past))
        .chain(fields("{\"steps\":[" + steps + "]}"));
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  /** How much DRY with a base of 2 takes from token 2, where it takes something from no other. */
  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          0 1 2 3 0 1     | "allowed_length":2                   | 1
          0 1 2 3 0 1     | "allowed_length":1                   | 2
          0 1 2 3 0 1     | "allowed_length":3                   | 0
          3 0 1 2 3 0 1   | "allowed_length":2                   | 2
          0 1 2 3 0 1     | "breaker_ids":[0]                    | 0
          0 1 2 3 0 1     | "breaker_ids":[0],"allowed_length":1 | 1
          0 1 2 3 0 1     | "breaker_ids":[1],"allowed_length":1 | 0
          0 1 2 3 0 1     | "breaker_ids":[2],"allowed_length":1 | 0
          0 1 2 3 0 1     | "last_n":6                           | 1
          0 1 2 3 0 1     | "last_n":5                           | 0
          0 1 2 3 0 1     | "last_n":0                           | 0
          0 1 2 1 2 0 1   | "allowed_length":1                   | 2
          2 2 2 2         | "allowed_length":2                   | 2
          2               | "allowed_length":1                   | 0
          """)
  void dryTakesThisFromARepetition(String text, String parameters, double taken) {
    var past =
        new History(List.of(), Arrays.stream(text.split(" ", -1)).map(Integer::valueOf).toList());
    Truncation found =
        after(past, "{\"sampler\":\"dry\",\"multiplier\":1,\"base\":2," + parameters + "}")
            .of(Distribution.ofLogits(new double[4], 1));
    double[] left = found.lnProbs(4);
    assertThat(left[0] - left[3]).isCloseTo(taken, within(1e-12));
    assertThat(left[0]).isCloseTo(left[2], within(1e-12));
    assertThat(found.keptIds(4)[3]).isEqualTo(taken == 0 ? 3 : 2);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{'sampler':'top_k','k':3},{'sampler':'presence_penalty','penalty':1}",
        "{'sampler':'quadratic','smoothing_factor':3},{'sampler':'logit_bias','bias':{'0':1}}",
        "{'sampler':'temperature','temperature':0},{'sampler':'dry','multiplier':1}"
      })
  void logitsAreGoneAfterACut(String steps) {
    Chain chain = after(History.NONE, steps.replace('\'', '"'));
    assertThatThrownBy(() -> chain.of(Distribution.ofLogits(new double[4], 1)))
        .isInstanceOfSatisfying(
            InvalidInput.ConflictingInputs.class,
            e -> assertThat(e.pointer()).isEqualTo("/steps/1"));
  }

  private static final List<String> RULES =
      List.of(
          "\"top_h\":%s",
          "\"top_p\":%s",
          "\"min_p\":%s",
          "\"top_a\":%s",
          "\"typical_p\":%s",
          "\"epsilon_cutoff\":%s",
          "\"eta_cutoff\":%s",
          "\"tail_free\":%s",
          "\"top_n_sigma\":%s",
          "\"min_k\":%s");

  /**
   * Rows of 1 to 60 tokens, a fifth of them masked: what the rule keeps, and no more than asked.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void asManyAreKeptAsTheRuleKeepsOrTheMinimumIs(long seed) {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < 300; i++) {
      int n = random.nextInt(1, 61);
      int most = random.nextInt(n);
      double[] logits =
          IntStream.range(0, n)
              .mapToDouble(
                  id ->
                      id != most && random.nextInt(5) == 0
                          ? Double.NEGATIVE_INFINITY
                          : 3 * random.nextGaussian())
              .toArray();
      int live = (int) Arrays.stream(logits).filter(Double::isFinite).count();
      int least = random.nextInt(1, 20);
      String rule =
          RULES.get(random.nextInt(RULES.size())).formatted(random.nextDouble(0.01, 0.99));
      Distribution row = Distribution.ofLogits(logits, 1);
      Truncation alone = READER.chain(fields("{" + rule + "}")).of(row);
      Truncation guarded =
          READER.chain(fields("{" + rule + ",\"min_tokens_to_keep\":" + least + "}")).of(row);
      assertThat(guarded.keptCount())
          .as("%s of %s, at least %d", rule, Arrays.toString(logits), least)
          .isEqualTo(Math.max(alone.keptCount(), Math.min(least, live)));
      assertThat(guarded.keptIds(n)).contains(alone.keptIds(n));
    }
  }
}
