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
import io.tokentropy.truncation.History;
import io.tokentropy.truncation.LogitStep;
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
      new ChainReader(
          new Limit("max_steps", 32),
          new Situation(
              new Proof(true, OptionalInt.empty()), new History(List.of(2, 0), List.of(1, 2, 0))));

  /**
   * Each sampler as a call has to write it at least, and what it reports of p = (0.5, 0.3, 0.2).
   */
  private static final String STEPS =
      """
      {"sampler":"logit_bias","bias":{"1":-2,"0":0.5}}                | {}
      {"sampler":"repetition_penalty","penalty":1.5}                  | {}
      {"sampler":"frequency_penalty","penalty":0.5,"over":"all"}      | {}
      {"sampler":"presence_penalty","penalty":0.5,"last_n":1}         | {}
      {"sampler":"dry","multiplier":1,"allowed_length":1}             | {}
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
            .filter(sampler -> sampler != AtLeast.class && sampler != LogitStep.class);
    assertThat(written)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(samplers, Stream.<Class<?>>of(LogitStep.class.getPermittedSubclasses()))
                .toList());
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

  /** What an engine lacks stands behind what it has, but before a temperature that is last. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "hf,       logit_bias repetition_penalty frequency_penalty presence_penalty temperature top_h"
        + " top_k top_p min_p typical_p top_n_sigma min_k",
    "vllm,     logit_bias repetition_penalty frequency_penalty presence_penalty temperature min_p"
        + " top_k top_p top_h typical_p top_n_sigma min_k",
    "llamacpp, logit_bias repetition_penalty frequency_penalty presence_penalty top_n_sigma top_k"
        + " typical_p top_p min_p top_h min_k temperature"
  })
  void fieldsAreAppliedInTheOrderThatIsAskedFor(String order, String names) {
    Chain chain =
        chain(
            """
            {"min_k":3, "top_n_sigma":1, "typical_p":0.9, "min_p":0.1, "top_p":0.9, "top_k":3,
             "top_h":0.4, "temperature":2, "presence_penalty":1, "frequency_penalty":1,
             "repetition_penalty":2, "logit_bias":{"0":1}, "order":"%s"}
            """
                .formatted(order));
    assertThat(chain.answers())
        .map(answer -> text(answer).split("\"", -1)[3])
        .containsExactly(names.split(" ", -1));
  }

  /** llama.cpp's penalties count prompt and output, 64 tokens back. */
  @ParameterizedTest(name = "{0}: {1}, {2}")
  @CsvSource({"hf, output, -1", "vllm, output, -1", "llamacpp, all, 64"})
  void penaltiesCountAsTheirEngineDoes(String order, String over, int lastN) {
    Chain chain = chain("{\"presence_penalty\":1,\"order\":\"%s\"}".formatted(order));
    assertThat(text(chain.answers().getFirst()))
        .isEqualTo(
            "{\"sampler\":\"presence_penalty\",\"penalty\":1.0,\"over\":\"%s\",\"last_n\":%d}"
                .formatted(over, lastN));
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
          {"top_k":-2}                                 | /top_k: found -2, expected at least 0; 0 and -1 keep all
          {"min_k":-1}                                 | /min_k: found -1, expected a finite number, at least 0
          {"top_h_variant":"hf"}                       | /top_h_variant: there is no top_h beside it; in steps write variant
          {"top_h":0.4,"top_h_variant":"hs"}           | /top_h_variant: found the string "hs", expected one of hf, paper, reference; did you mean "hf"?
          {"top_h":0,"top_h_variant":"hf"}             | /top_h: found 0, expected above 0 and at most 1
          {"top_n_sigma":-2}                           | /top_n_sigma: found -2, expected a finite number above 0, or -1
          {"min_tokens_to_keep":2}                     | /min_tokens_to_keep: there is no sampler's field beside it; steps have one each
          {"top_p":0.5,"min_tokens_to_keep":0}         | /min_tokens_to_keep: found 0, expected at least 1
          {"steps":[{"sampler":"top_p","p":0,"min_tokens_to_keep":-1}]} | /steps/0/min_tokens_to_keep: found -1, expected at least 1
          {"top_p":0.5,"order":"sglang"}               | /order: found the string "sglang", expected one of hf, llamacpp, vllm; known here: hf, llamacpp, vllm
          {"order":"hf","steps":[{"sampler":"p_less"}]} | /order: steps run in the order in which they stand
          {"repetition_penalty":0}                     | /repetition_penalty: found 0, expected a finite number above 0
          {"logit_bias":{"x":1}}                       | /logit_bias/x: found "x", expected a token id
          {"logit_bias":[[1,2],[1,3]]}                 | /logit_bias/1: the token has a bias already
          {"logit_bias":[[1]]}                         | /logit_bias/0: found a list of 1, expected a token id and a number
          {"logit_bias":7}                             | /logit_bias: found 7, expected a list
          {"steps":[{"sampler":"dry","multiplier":1,"base":0.5}]} | /steps/0/base: found 0.5, expected at least 1
          {"steps":[{"sampler":"frequency_penalty","penalty":1,"last_n":-2}]} | /steps/0/last_n: found -2, expected at least 0, or -1
          {"min_p":2}                                  | /min_p: found 2.0, expected between 0 and 1
          {"steps":[{"sampler":"top_p","p":2}]}        | /steps/0/p: found 2.0, expected between 0 and 1
          {"steps":[{"sampler":"top_p"}]}              | /steps/0: p is missing
          {"steps":[{"sampler":"mink"}]}               | /steps/0/sampler: found the string "mink", expected a sampler; did you mean "min_k"?
          {"xtc":0.5,"steps":[{"sampler":"xtc"}]}      | /steps/0: probability is missing
          """)
  void aRefusalNamesThePlaceThatTheCallerWrote(String call, String detail) {
    assertThatThrownBy(() -> chain(call))
        .isInstanceOfSatisfying(InvalidInput.class, e -> assertThat(e.detail()).isEqualTo(detail));
  }
}
