package io.tokentropy.endpoint.switching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tokentropy.refusal.InvalidInput;
import io.tokentropy.switching.EadConfig;
import io.tokentropy.switching.Fill;
import io.tokentropy.switching.Model;
import io.tokentropy.switching.OnEscalate;
import io.tokentropy.switching.Profile;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EadConfigFormTest {
  @ParameterizedTest
  @EnumSource
  void whatIsAbsentIsTheProfiles(Profile profile) {
    assertThat(Texts.config("{\"threshold\":2,\"profile\":\"" + profile.wire() + "\"}"))
        .isEqualTo(profile.config(2));
  }

  @Test
  void withoutAProfileThePaperSpeaks() {
    assertThat(Texts.config("{\"threshold\":2}")).isEqualTo(Profile.EAD_PAPER.config(2));
  }

  @Test
  void everyFieldIsReadIntoItsPlace() {
    assertThat(
            Texts.config(
                """
                {"threshold": 1, "profile": "gateway", "window": 7, "hysteresis": 0.25,
                 "smoothing": "ewma", "ewma_alpha": 0.1, "fill": "partial",
                 "reset_on_switch": true, "initial": "large", "min_small": 1, "min_large": 2,
                 "cooldown": 3, "max_large_stint": 4, "max_large_fraction": 0.6,
                 "max_switches": 5, "on_escalate": "redo", "normalize": true,
                 "point": "midpoint", "cost_ratio": 0.3}\
                """))
        .isEqualTo(
            new EadConfig(
                new EadConfig.Threshold(1, 0.25),
                new EadConfig.Smoothing(
                    7,
                    EadConfig.Smoothing.Average.EWMA,
                    OptionalDouble.of(0.1),
                    Fill.PARTIAL,
                    true),
                new EadConfig.Signal(true, EadConfig.Signal.Point.MIDPOINT),
                Model.LARGE,
                new EadConfig.Dwell(1, 2, 3, 4),
                new EadConfig.Budget(0.6, 5),
                OnEscalate.REDO,
                OptionalDouble.of(0.3)));
  }

  @ParameterizedTest(name = "{1} at {2}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {}                                     | MissingInput        | EMPTY
          {"treshold":1}                         | UnknownField        | /treshold
          {"profile":"gateway"}                  | MissingInput        | EMPTY
          {"threshold":1,"profile":"paper"}      | ParameterOutOfRange | /profile
          {"threshold":-1}                       | ParameterOutOfRange | /threshold
          {"threshold":"1"}                      | WrongType           | /threshold
          {"threshold":1,"window":0}             | ParameterOutOfRange | /window
          {"threshold":1,"window":1.5}           | WrongType           | /window
          {"threshold":1,"hysteresis":2}         | ParameterOutOfRange | /hysteresis
          {"threshold":1,"hysteresis":-0.1}      | ParameterOutOfRange | /hysteresis
          {"threshold":1,"smoothing":"median"}   | ParameterOutOfRange | /smoothing
          {"threshold":1,"ewma_alpha":0}         | ParameterOutOfRange | /ewma_alpha
          {"threshold":1,"ewma_alpha":1.1}       | ParameterOutOfRange | /ewma_alpha
          {"threshold":1,"fill":"half"}          | ParameterOutOfRange | /fill
          {"threshold":1,"reset_on_switch":1}    | WrongType           | /reset_on_switch
          {"threshold":1,"initial":"big"}        | ParameterOutOfRange | /initial
          {"threshold":1,"min_small":-1}         | ParameterOutOfRange | /min_small
          {"threshold":1,"min_large":-1}         | ParameterOutOfRange | /min_large
          {"threshold":1,"cooldown":-1}          | ParameterOutOfRange | /cooldown
          {"threshold":1,"max_large_stint":-1}   | ParameterOutOfRange | /max_large_stint
          {"threshold":1,"max_large_fraction":1.5} | ParameterOutOfRange | /max_large_fraction
          {"threshold":1,"max_switches":-1}      | ParameterOutOfRange | /max_switches
          {"threshold":1,"on_escalate":"again"}  | ParameterOutOfRange | /on_escalate
          {"threshold":1,"normalize":"yes"}      | WrongType           | /normalize
          {"threshold":1,"point":"middle"}       | ParameterOutOfRange | /point
          {"threshold":1,"cost_ratio":0}         | ParameterOutOfRange | /cost_ratio
          {"threshold":1,"windw":3}              | UnknownField        | /windw
          """)
  void aBadConfigIsRefusedWithItsPlace(String config, String kind, String pointer) {
    InvalidInput refusal = refusal(config);
    assertThat(refusal.getClass().getSimpleName()).isEqualTo(kind);
    assertThat(refusal.pointer()).isEqualTo(pointer.equals("EMPTY") ? "" : pointer);
  }

  /** Wrong types come before wrong numbers, and both in one order, however the call is written. */
  @ParameterizedTest(name = "{1}: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          {"threshold":-1,"window":0}                        | /window
          {"threshold":-1,"min_small":"8"}                   | /min_small
          {"threshold":-1,"ewma_alpha":0}                    | /threshold
          {"threshold":1,"ewma_alpha":0,"hysteresis":2}      | /hysteresis
          {"threshold":1,"smoothing":"x","hysteresis":"x"}   | /hysteresis
          {"threshold":1,"hysteresis":"x","window":"x"}      | /window
          {"threshold":1,"max_switches":-1,"cooldown":-1}    | /cooldown
          {"threshold":1,"windw":1,"window":0}               | /window
          """)
  void ofTwoFaultsTheSameOneIsNamed(String config, String pointer) {
    assertThat(refusal(config).pointer()).isEqualTo(pointer);
  }

  @Test
  void aRefusalNamesThePlaceInTheRequest() {
    InvalidInput refusal =
        catchThrowableOfType(
            InvalidInput.class,
            () ->
                EadConfigForm.read(
                    Texts.value("{\"simulate\":[{\"threshold\":1,\"window\":0}]}")
                        .asFields()
                        .list("simulate")
                        .getFirst()
                        .asFields()));
    assertThat(refusal.pointer()).isEqualTo("/simulate/0/window");
  }

  private static InvalidInput refusal(String config) {
    return catchThrowableOfType(InvalidInput.class, () -> Texts.config(config));
  }

  /** {@code /v1/methods} says defaults in words: "8; gateway 16". */
  @Test
  void theMethodsTellWhatIsReadAndTheDefaultsOfTheProfiles() {
    JsonNode parameters =
        JsonMapper.shared()
            .readTree(EadMethods.LIST.getFirst().toAnswer().toBytes())
            .get("parameters");
    for (Profile profile : Profile.values()) {
      var told = JsonMapper.shared().createObjectNode();
      for (JsonNode parameter : parameters) {
        String absent = parameter.path("default").asString("");
        String own = profile == Profile.GATEWAY ? absent.replaceFirst(".*; gateway ", "") : absent;
        String text = own.replaceFirst(";.*", "");
        String name = parameter.get("name").asString();
        switch (text) {
          case "", "none" -> {}
          case "2 / (window + 1)" -> {}
          case "0.25 threshold" -> told.put(name, 0.5);
          case "true", "false" -> told.put(name, Boolean.parseBoolean(text));
          default -> {
            if (parameter.get("type").asString().equals("string")) {
              told.put(name, text);
            } else {
              told.put(name, Double.parseDouble(text));
            }
          }
        }
      }
      told.put("threshold", 2).put("profile", profile.wire());
      assertThat(told.size()).isEqualTo(parameters.size() - 2);
      assertThat(Texts.config(told.toString())).isEqualTo(profile.config(2));
    }
  }
}
