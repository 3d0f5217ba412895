package io.tokentropy.endpoint.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tokentropy.distribution.Interval;
import io.tokentropy.entropy.EntropyUnit;
import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.EadState;
import io.tokentropy.switching.EadSwitch;
import io.tokentropy.switching.Observation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EadStateFormTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final EadStateForm FORM = form("{\"threshold\":1,\"window\":2}");

  private static EadStateForm form(String config) {
    return EadStateForm.of(Texts.config(config), EntropyUnit.NAT, OptionalInt.empty());
  }

  private static String text(EadStateForm form, EadState state) {
    return new String(form.write(state).toBytes(), StandardCharsets.UTF_8);
  }

  private static EadState after(EadStateForm form, List<Interval> entropies) {
    EadState state = EadState.initial(form.config());
    for (Interval entropy : entropies) {
      state = EadSwitch.decide(form.config(), state, new Observation(entropy, null)).state();
    }
    return state;
  }

  private static ObjectNode state() {
    List<Interval> entropies = DoubleStream.of(0.1, 2, 2, 0.2).mapToObj(Interval::exactly).toList();
    return (ObjectNode) JSON.readTree(text(FORM, after(FORM, entropies)));
  }

  private static InvalidInput refusal(JsonNode state) {
    return catchThrowableOfType(InvalidInput.class, () -> FORM.read(Texts.value(state.toString())));
  }

  /** Callers keep states for as long as they like: these were handed out before this form was. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"threshold":0.8,"window":3} | NAT | | \
          {"v":1,"config":"8f7b97b984b920f52aa25927c9fc321c812d672773f2a6a2e7d7ddc98f2d6241",\
          "step":4,"model":"large","stint":1,"switches":1,"small":3,"large":1,"wasted":0,\
          "catchup_small":0,"catchup_large":3,"covered_small":3,"covered_large":4,"samples":4,\
          "window":[0.5,2.1,1.4],"uncertified":0}
          {"threshold":1.25,"profile":"gateway"} | BIT | | \
          {"v":1,"config":"2bdf981a5aef270ed3c6450398a2a62185f1de261a43ba6fb17caec271554454",\
          "step":1,"model":"small","stint":1,"switches":0,"small":1,"large":0,"wasted":0,\
          "catchup_small":0,"catchup_large":0,"covered_small":1,"covered_large":0,"samples":1,\
          "window":[1.5],"uncertified":0}
          {"threshold":1,"window":7,"hysteresis":0.25,"smoothing":"mean","ewma_alpha":0.1,\
          "fill":"partial","reset_on_switch":false,"initial":"large","min_small":1,"min_large":2,\
          "cooldown":3,"max_large_stint":4,"max_large_fraction":0.6,"max_switches":5,\
          "on_escalate":"redo","point":"midpoint","cost_ratio":0.25} | NAT | | \
          {"v":1,"config":"07a0d55bb1fda6518a1abf40c6c519013a07768ace28c54bbcd7c76acf9882de",\
          "step":5,"model":"small","stint":2,"switches":2,"small":3,"large":1,"wasted":1,\
          "catchup_small":1,"catchup_large":1,"covered_small":4,"covered_large":2,"samples":5,\
          "window":[2.0,[0.5,0.75],0.1,3.0,[0.38018154888804023,null]],"uncertified":0}
          {"threshold":0.25,"normalize":true,"smoothing":"ewma","window":1,"on_escalate":"redo",\
          "point":"upper"} | NAT | 1000 | \
          {"v":1,"config":"ebeabd00a5a18cde47c0e4f03c8a4da8316691f7ea0b782f2a737275568540ec",\
          "step":3,"model":"large","stint":1,"switches":1,"small":1,"large":1,"wasted":1,\
          "catchup_small":0,"catchup_large":1,"covered_small":1,"covered_large":2,"samples":3,\
          "window":[0.4342944819032518],"uncertified":0}
          """)
  void aStateHandedOutEarlierGoesOnAndIsWrittenAsItWas(
      String config, EntropyUnit unit, Integer vocabSize, String state) {
    OptionalInt size = vocabSize == null ? OptionalInt.empty() : OptionalInt.of(vocabSize);
    EadStateForm form = EadStateForm.of(Texts.config(config), unit, size);
    assertThat(text(form, form.read(Texts.value(state)))).isEqualTo(state);
  }

  /** Eight seeds of 50 runs: whatever led to a state, it comes back as it went. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsWrittenIsRead(long seed) {
    var random = new SplittableRandom(seed);
    for (int run = 0; run < 50; run++) {
      EadStateForm form =
          form(
              "{\"threshold\":1,\"hysteresis\":0.5,\"fill\":\"partial\",\"window\":"
                  + random.nextInt(2, 9)
                  + ",\"smoothing\":\""
                  + (random.nextBoolean() ? "mean" : "ewma")
                  + "\",\"on_escalate\":\""
                  + (random.nextBoolean() ? "next" : "redo")
                  + "\"}");
      var entropies = new ArrayList<Interval>();
      for (int i = random.nextInt(1, 30); i > 0; i--) {
        double low = 2 * random.nextDouble();
        entropies.add(
            switch (random.nextInt(4)) {
              case 0 -> new Interval(low, low + random.nextDouble());
              case 1 -> new Interval(low, Double.POSITIVE_INFINITY);
              default -> Interval.exactly(low);
            });
      }
      EadState state = after(form, entropies);
      assertThat(form.read(Texts.value(text(form, state)))).isEqualTo(state);
    }
  }

  /** Spelling and order do not matter, and neither does what no decision depends on. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"window\":2.0,\"threshold\":1.0}",
        "{\"threshold\":1,\"window\":2,\"profile\":\"ead-paper\",\"fill\":\"full\"}",
        "{\"threshold\":1,\"window\":2,\"cost_ratio\":0.25}"
      })
  void theSameConfigHasTheSameDigestHoweverItIsWritten(String config) {
    assertThat(form(config).digest()).isEqualTo(FORM.digest());
  }

  @Test
  void everythingThatADecisionDependsOnIsInTheDigest() {
    String[] others = {
      "\"threshold\":1.5",
      "\"threshold\":1,\"window\":3",
      "\"threshold\":1,\"hysteresis\":0.1",
      "\"threshold\":1,\"smoothing\":\"ewma\"",
      "\"threshold\":1,\"ewma_alpha\":0.5",
      "\"threshold\":1,\"fill\":\"partial\"",
      "\"threshold\":1,\"reset_on_switch\":true",
      "\"threshold\":1,\"initial\":\"large\"",
      "\"threshold\":1,\"min_small\":1",
      "\"threshold\":1,\"min_large\":1",
      "\"threshold\":1,\"cooldown\":1",
      "\"threshold\":1,\"max_large_stint\":1",
      "\"threshold\":1,\"max_large_fraction\":0.5",
      "\"threshold\":1,\"max_switches\":1",
      "\"threshold\":1,\"on_escalate\":\"redo\"",
      "\"threshold\":1,\"point\":\"upper\"",
      "\"threshold\":1"
    };
    assertThat(Arrays.stream(others).map(other -> form("{" + other + "}").digest()))
        .doesNotHaveDuplicates();
    var config = Texts.config("{\"threshold\":1}");
    assertThat(EadStateForm.of(config, EntropyUnit.BIT, OptionalInt.empty()).digest())
        .isNotEqualTo(EadStateForm.of(config, EntropyUnit.NAT, OptionalInt.empty()).digest());
    var relative = Texts.config("{\"threshold\":1,\"normalize\":true}");
    assertThat(EadStateForm.of(relative, EntropyUnit.NAT, OptionalInt.of(1000)).digest())
        .isNotEqualTo(EadStateForm.of(relative, EntropyUnit.NAT, OptionalInt.of(1001)).digest());
  }

  @ParameterizedTest
  @CsvSource({
    "v, 2, /v",
    "step, 9, /step",
    "stint, 9, /stint",
    "switches, 9, /switches",
    "small, 9, /step",
    "wasted, 1, /step",
    "catchup_small, 9, /catchup_small",
    "catchup_large, 9, /catchup_large",
    "covered_small, 9, /covered_small",
    "covered_large, 9, /covered_large",
    "samples, 9, /samples",
    "samples, 1, /window",
    "uncertified, 9, /uncertified",
    "large, -1, /large",
    "large, 600000000, /large"
  })
  void aTamperedStateIsRefusedByName(String field, int value, String pointer) {
    InvalidInput refusal = refusal(state().put(field, value));
    assertThat(refusal).isInstanceOf(InvalidInput.InvalidState.class);
    assertThat(refusal.pointer()).isEqualTo(pointer);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1] | /window",
        "[1, 2, 3] | /window",
        "[1, -2] | /window",
        "[1.7e308, 1.7e308] | /window",
        "[1, [1, 1e300]] | /window",
        "[1, [3, 2]] | /window",
        "[1, [1, 2, 3]] | /window/1"
      })
  void aTamperedWindowIsRefused(String window, String pointer) {
    ObjectNode state = state();
    state.set("window", JSON.readTree(window));
    InvalidInput refusal = refusal(state);
    assertThat(refusal).isInstanceOf(InvalidInput.InvalidState.class);
    assertThat(refusal.pointer()).isEqualTo(pointer);
  }

  @Test
  void droppedTokensAreRefusedWhereNoneAreDropped() {
    ObjectNode state = state().put("wasted", 1);
    state.put("step", state.get("step").asInt() + 1);
    assertThat(refusal(state).pointer()).isEqualTo("/wasted");
  }

  @Test
  void aStateOfAnotherConfigIsRefused() {
    InvalidInput refusal =
        catchThrowableOfType(
            InvalidInput.class,
            () -> form("{\"threshold\":1.5,\"window\":2}").read(Texts.value(state().toString())));
    assertThat(refusal).isInstanceOf(InvalidInput.InvalidState.class);
    assertThat(refusal.pointer()).isEqualTo("/config");
  }

  @Test
  void everyFieldMustBeThereAndNoOther() {
    for (String name : state().propertyNames()) {
      ObjectNode state = state();
      state.remove(name);
      assertThat(refusal(state)).as(name).isInstanceOf(InvalidInput.MissingInput.class);
      assertThat(refusal(state).pointer()).as("the state, which lacks it").isEmpty();
      assertThat(refusal(state).detail()).contains(name);
    }
    assertThat(refusal(state().put("more", 1))).isInstanceOf(InvalidInput.UnknownField.class);
  }

  @Test
  void aStateOfSixtyFourIntervalsStaysBelowSixKilobytes() {
    EadStateForm form = form("{\"threshold\":1,\"window\":64}");
    var random = new SplittableRandom(64);
    var entropies = new ArrayList<Interval>();
    for (int i = 0; i < 70; i++) {
      entropies.add(new Interval(random.nextDouble(), 1 + random.nextDouble()));
    }
    EadState state = after(form, entropies);
    assertThat(state.window().entropies()).hasSize(64);
    assertThat(text(form, state).length()).isLessThan(6 * 1024);
  }
}
