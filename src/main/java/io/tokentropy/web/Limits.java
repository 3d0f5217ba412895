package io.tokentropy.web;

import io.tokentropy.distribution.InvalidInput;
import io.tokentropy.json.JsonLimits;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What one request may ask for. Each limit is the property {@code tokentropy.<name>} and the
 * environment variable of the same name ({@link #setting}), and is listed with both at {@code
 * /v1/limits}.
 */
@ConfigurationProperties("tokentropy")
record Limits(
    @DefaultValue("67108864") int maxBodyBytes,
    @DefaultValue("4096") int maxRows,
    @DefaultValue("1048576") int maxVocab,
    @DefaultValue("64") int maxJsonDepth,
    @DefaultValue("512") int maxJsonNumberLength,
    @DefaultValue("256") int maxJsonNameLength,
    @DefaultValue("1024") int maxInvEntropyN,
    @DefaultValue("256") int maxInvEntropyMatrix,
    @DefaultValue("2048") int maxInvEntropyAnswers,
    @DefaultValue("1000") int maxBootstrapDraws,
    @DefaultValue("8192") int maxTextLength,
    @DefaultValue("8388608") int maxLineBytes) {

  Limits {
    byName(
            maxBodyBytes,
            maxRows,
            maxVocab,
            maxJsonDepth,
            maxJsonNumberLength,
            maxJsonNameLength,
            maxInvEntropyN,
            maxInvEntropyMatrix,
            maxInvEntropyAnswers,
            maxBootstrapDraws,
            maxTextLength,
            maxLineBytes)
        .forEach(
            (name, value) -> {
              if (value < 1) {
                throw new IllegalArgumentException(
                    setting(name) + " is " + value + ", expected at least 1");
              }
            });
  }

  /** Every limit under the name that problems and {@code /v1/limits} give it. */
  Map<String, Integer> byName() {
    return byName(
        maxBodyBytes,
        maxRows,
        maxVocab,
        maxJsonDepth,
        maxJsonNumberLength,
        maxJsonNameLength,
        maxInvEntropyN,
        maxInvEntropyMatrix,
        maxInvEntropyAnswers,
        maxBootstrapDraws,
        maxTextLength,
        maxLineBytes);
  }

  private static Map<String, Integer> byName(int... values) {
    var all = new LinkedHashMap<String, Integer>();
    for (int i = 0; i < values.length; i++) {
      String component = Limits.class.getRecordComponents()[i].getName();
      all.put(component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT), values[i]);
    }
    return all;
  }

  /** {@code max_rows} is set by {@code TOKENTROPY_MAX_ROWS}. */
  static String setting(String limit) {
    return "TOKENTROPY_" + limit.toUpperCase(Locale.ROOT);
  }

  /**
   * Refuses more than a limit allows.
   *
   * @throws InvalidInput.LimitExceeded naming the limit, its value and its setting
   */
  static void require(String pointer, String limit, long found, long value) {
    if (found > value) {
      throw new InvalidInput.LimitExceeded(pointer, limit, found, value, setting(limit));
    }
  }

  JsonLimits json() {
    return new JsonLimits(maxJsonDepth, maxJsonNumberLength, maxJsonNameLength);
  }
}
