package io.tokentropy.endpoint.truncation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.distribution.Distribution;
import io.tokentropy.endpoint.Limit;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.json.Fields;
import io.tokentropy.json.JsonLimits;
import io.tokentropy.json.Reader;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.truncation.AtLeast;
import io.tokentropy.truncation.Sampler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Samplers from a call and back into an answer, without a server. */
class ChainReaderTest {
  private static final Reader JSON = new Reader(new JsonLimits(64, 512, 256));
  private static final ChainReader READER =
      new ChainReader(new Limit("max_steps", 32), new Proof(true, OptionalInt.empty()));

  /**
   * Each sampler as a call has to write it at least, and what it reports of p = (0.5, 0.3, 0.2).
   */
  private static final String STEPS =
      """
      {"sampler":"temperature","temperature":2}                       | {}
      {"sampler":"top_h","alpha":0.5}                                 | {"budget":
      {"sampler":"top_k","k":2}                                       | {}
      {"sampler":"top_p","p":0.6}                                     | {}
      {"sampler":"min_p","min_p":0.5}                                 | {"extra":{"threshold":0.25}}
      {"sampler":"typical_p","mass":0.6}                              | {}
      {"sampler":"epsilon_cutoff","epsilon":0.25}                     | {"extra":{"threshold":0.25}}
      {"sampler":"eta_cutoff","epsilon":0.01}                         | {"extra":{"threshold":0.01}}
      {"sampler":"top_n_sigma","n":1}                                 | {"extra":{"sigma":
      {"sampler":"top_a","a":0.5}                                     | {"extra":{"threshold":0.125}}
      {"sampler":"tail_free","z":0.9}                                 | {}
      {"sampler":"xtc","probability":0.5,"u":0.25}                    | {"extra":{"active":true}}
      {"sampler":"p_less"}                                            | {"extra":{"threshold":0.38
      {"sampler":"min_k"}                                             | {"extra":{"k":3}}
      {"sampler":"mirostat_v1","sampled_id":0}                        | {"extra":{"k":3,"s_hat":
      {"sampler":"mirostat_v2","mu":2,"sampled_id":0}                 | {"extra":{"observed_surprise_bits":0.67807
      {"sampler":"dynamic_temperature","min_temp":1,"max_temp":1}     | {"extra":{"temperature":1.0}}
      {"sampler":"quadratic","smoothing_factor":0.5}                  | {}
      {"sampler":"adaptive_p","target":0.25,"decay":0.5,"sampled_id":0} | {"extra":{"adapted_target":0.25,"weighted_sum_next":0.75,"total_weight_next":2.0}}
      """;

  private static Fields fields(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return JSON.read(bytes, bytes.length);
  }

  private static Chain chain(String json) {
    return READER.chain(fields(json));
  }

  private static String text(Answer answer) {
    return new String(answer.toBytes(), StandardCharsets.UTF_8);
  }

  private static Stream<List<String>> steps() {
    return STEPS.lines().map(line -> List.of(line.split("\\s*\\|\\s*", 2)));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void whatAnAnswerSaysOfAStepCanBeSentAgain(List<String> step) {
    Chain sent = chain("{\"steps\":[" + step.getFirst() + "]}");
    Chain again = chain("{\"steps\":[" + text(sent.answers().getFirst()) + "]}");
    assertThat(again.samplers()).isEqualTo(sent.samplers());
    assertThat(step.getFirst()).contains("\"" + sent.label() + "\"");
  }

  @ParameterizedTest
  @MethodSource("steps")
  void everySamplerLeavesAsManyTokensAsItIsTold(List<String> step) {
    String guarded = step.getFirst().strip().replaceFirst("}$", ",\"min_tokens_to_keep\":3}");
    Chain chain = chain("{\"steps\":[" + guarded + "]}");
    assertThat(chain.of(Distribution.ofProbs(new double[] {0.98, 0.015, 0.005}, 1)).keptCount())
        .isEqualTo(3);
    assertThat(chain("{\"steps\":[" + text(chain.answers().getFirst()) + "]}").samplers())
        .isEqualTo(chain.samplers());
  }

  @ParameterizedTest
  @MethodSource("steps")
  void eachSamplerReportsItsOwnNumbers(List<String> step) {
    Chain chain = chain("{\"steps\":[" + step.getFirst() + "]}");
    Answer report = new Answer();
    chain.report(
        chain.of(Distribution.ofProbs(new double[] {0.5, 0.3, 0.2}, 1)), EntropyUnit.NAT, report);
    assertThat(text(report)).startsWith(step.getLast());
  }

  @Test
  void everySamplerHasAForm() {
    Stream<Class<?>> written =
        steps()
            .map(step -> chain("{\"steps\":[" + step.getFirst() + "]}"))
            .map(chain -> chain.samplers().getFirst().getClass());
    Stream<Class<?>> samplers =
        Stream.<Class<?>>of(Sampler.class.getPermittedSubclasses())
            .filter(sampler -> sampler != AtLeast.class);
    assertThat(written).containsExactlyInAnyOrderElementsOf(samplers.toList());
  }

  /** Hugging Face's order, whatever the order in which they were written. */
  @Test
  void fieldsAreAppliedInOneOrder() {
    Chain chain =
        chain(
            """
            {"min_k":3, "p_less":true, "tail_free":0.9, "top_a":0.1, "top_n_sigma":1,
             "eta_cutoff":0.1, "epsilon_cutoff":0.1, "typical_p":0.9, "min_p":0.1, "top_p":0.9,
             "top_k":3, "top_h":0.4, "temperature":2}
            """);
    assertThat(chain.answers())
        .map(answer -> text(answer).split("\"", -1)[3])
        .containsExactly(
            "temperature",
            "top_h",
            "top_k",
            "top_p",
            "min_p",
            "typical_p",
            "epsilon_cutoff",
            "eta_cutoff",
            "top_n_sigma",
            "top_a",
            "tail_free",
            "p_less",
            "min_k");
  }

  @Test
  void aFieldThatSaysNoAsksForNothing() {
    assertThat(chain("{\"p_less\":false}").isEmpty()).isTrue();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"top_p":2}                                  | /top_p: found 2, expected between 0 and 1
          {"top_h":0}                                  | /top_h: found 0, expected above 0 and at most 1
          {"top_k":-2}                                 | /top_k: found -2, expected at least 0, or -1
          {"min_k":-1}                                 | /min_k: found -1, expected a finite number, at least 0
          {"top_h_variant":"hf"}                       | /top_h_variant: there is no top_h beside it; in steps write variant
          {"top_h":0.4,"top_h_variant":"hs"}           | /top_h_variant: found the string "hs", expected one of hf, paper, reference; did you mean "hf"?
          {"top_h":0,"top_h_variant":"hf"}             | /top_h: found 0, expected above 0 and at most 1
          {"top_n_sigma":-2}                           | /top_n_sigma: found -2, expected a finite number above 0, or -1
          {"min_tokens_to_keep":2}                     | /min_tokens_to_keep: there is no sampler's field beside it; steps have one each
          {"top_p":0.5,"min_tokens_to_keep":0}         | /min_tokens_to_keep: found 0, expected at least 1
          {"steps":[{"sampler":"top_p","p":0,"min_tokens_to_keep":-1}]} | /steps/0/min_tokens_to_keep: found -1, expected at least 1
          {"min_p":2}                                  | /min_p: found 2.0, expected between 0 and 1
          {"steps":[{"sampler":"top_p","p":2}]}        | /steps/0/p: found 2.0, expected between 0 and 1
          {"steps":[{"sampler":"top_p"}]}              | /steps/0/p: p is missing
          {"steps":[{"sampler":"mink"}]}               | /steps/0/sampler: found the string "mink", expected a sampler; did you mean "min_k"?
          {"xtc":0.5,"steps":[{"sampler":"xtc"}]}      | /steps/0/probability: probability is missing
          """)
  void aRefusalNamesThePlaceThatTheCallerWrote(String call, String detail) {
    assertThatThrownBy(() -> chain(call))
        .isInstanceOfSatisfying(InvalidInput.class, e -> assertThat(e.detail()).isEqualTo(detail));
  }
}
