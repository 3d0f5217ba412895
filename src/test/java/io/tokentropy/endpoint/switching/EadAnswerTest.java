package io.tokentropy.endpoint.switching;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokentropy.distribution.Interval;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.json.Answer;
import io.tokentropy.switching.EadState;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.switching.Model;
import io.tokentropy.switching.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EadAnswerTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static EadStateForm form(String config) {
    return EadStateForm.of(Texts.config(config), EntropyUnit.NAT, OptionalInt.empty());
  }

  private static JsonNode json(Answer answer) {
    return JSON.readTree(answer.toBytes());
  }

  /** Five seeds of eight sequences: wherever the calls are cut, the steps are those of one call. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aSequenceMayBeCutAnywhere(long seed) {
    var random = new SplittableRandom(seed);
    for (int sequence = 0; sequence < 8; sequence++) {
      ObjectNode config = JSON.createObjectNode();
      double threshold = random.nextDouble(0.3, 1.5);
      config.put("threshold", threshold);
      config.put("window", random.nextInt(1, 12));
      config.put("hysteresis", threshold * random.nextDouble());
      config.put("smoothing", random.nextBoolean() ? "mean" : "ewma");
      config.put("fill", random.nextBoolean() ? "full" : "partial");
      config.put("reset_on_switch", random.nextBoolean());
      config.put("cooldown", random.nextInt(4));
      config.put("max_large_fraction", random.nextDouble(0.2, 1));
      config.put("on_escalate", random.nextBoolean() ? "next" : "redo");
      EadStateForm form = form(config.toString());
      List<Observation> seen = new ArrayList<>();
      for (int i = random.nextInt(5, 40); i > 0; i--) {
        double lower = 2 * random.nextDouble();
        double width = random.nextInt(4) == 0 ? 0.2 * random.nextDouble() : 0;
        seen.add(new Observation(new Interval(lower, lower + width), null));
      }
      JsonNode whole = run(form, seen, null);
      List<JsonNode> steps = new ArrayList<>();
      JsonNode part = null;
      for (int from = 0; from < seen.size(); ) {
        int to = Math.min(seen.size(), from + random.nextInt(1, 8));
        part = run(form, seen.subList(from, to), part == null ? null : part.get("state"));
        part.get("steps").forEach(steps::add);
        from = to;
      }
      assertThat(steps).isEqualTo(whole.get("steps").valueStream().toList());
      assertThat(part.get("state")).isEqualTo(whole.get("state"));
      assertThat(part.get("summary")).isEqualTo(whole.get("summary"));
    }
  }

  private static JsonNode run(EadStateForm form, List<Observation> seen, JsonNode state) {
    EadState start =
        state == null ? EadState.initial(form.config()) : form.read(Texts.value(state.toString()));
    return json(EadAnswer.of(form, start, seen, new EadAnswer.Wanted(true, false), decision -> {}));
  }

  /** Small, small, large: at a quarter of the price, of 3 tokens 0.5 + 1 were paid. */
  @Test
  void costsAreCountedWithWhatAModelHasToRead() {
    EadStateForm form = form("{\"threshold\":1,\"window\":1,\"cost_ratio\":0.25}");
    List<Observation> seen =
        List.of(
            new Observation(Interval.exactly(0.5), null),
            new Observation(Interval.exactly(2), null),
            new Observation(Interval.exactly(2), null));
    JsonNode summary =
        json(EadAnswer.of(
                form, EadState.initial(form.config()), seen, EadAnswer.NEXT, decision -> {}))
            .get("summary");
    assertThat(summary.get("relative_cost").asDouble()).isEqualTo(0.5);
    assertThat(summary.get("cost_reduction").asDouble()).isEqualTo(0.5);
    assertThat(summary.get("catchup_large").asInt()).isEqualTo(2);
    assertThat(summary.get("relative_compute").asDouble()).isEqualTo(3.5 / 3);
  }

  @Test
  void everyDecisionIsTold() {
    EadStateForm form = form("{\"threshold\":1,\"window\":1}");
    var told = new ArrayList<EadSwitch.Decision>();
    var seen = new Observation(Interval.exactly(2), null);
    EadAnswer.of(
        form, EadState.initial(form.config()), List.of(seen, seen), EadAnswer.NEXT, told::add);
    assertThat(told.stream().map(EadSwitch.Decision::model))
        .containsExactly(Model.SMALL, Model.LARGE);
  }
}
