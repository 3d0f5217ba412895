package io.tokentropy.endpoint;

import io.tokentropy.json.JsonLimits;
import io.tokentropy.refusal.InvalidInput;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What one request may ask for. Each limit is the property {@code tokentropy.<name>} and the
 * environment variable of the same name ({@link #setting}), and is listed with both at {@code
 * /v1/limits}.
 *
 * @param maxDecodedBytes of the values of a body, which take more than the body; 0 for as much as
 *     lets every core decode at once in a quarter of the heap
 * @param maxAnswerEntries tokens and numbers that an answer lists; 0 for what the heap allows
 * @param maxSteps samplers of a chain, and as many rules beside it to compare
 * @param maxNodes branches of the exact search of all rows together
 * @param maxObservations of all sequences together
 * @param maxInvEntropyOperations multiplications of all questions together
 * @param maxTextLength characters of one text
 * @param maxTextsLength characters of all texts together
 */
@ConfigurationProperties("tokentropy")
public record Limits(
    @DefaultValue("67108864") int maxBodyBytes,
    @DefaultValue("4096") int maxRows,
    @DefaultValue("1048576") int maxVocab,
    @DefaultValue("64") int maxJsonDepth,
    @DefaultValue("512") int maxJsonNumberLength,
    @DefaultValue("256") int maxJsonNameLength,
    @DefaultValue("0") long maxDecodedBytes,
    @DefaultValue("0") int maxAnswerEntries,
    @DefaultValue("32") int maxSteps,
    @DefaultValue("10000000") int maxNodes,
    @DefaultValue("131072") int maxObservations,
    @DefaultValue("64") int maxTemperatures,
    @DefaultValue("1024") int maxInvEntropyN,
    @DefaultValue("256") int maxInvEntropyMatrix,
    @DefaultValue("2048") int maxInvEntropyAnswers,
    @DefaultValue("10000000000") long maxInvEntropyOperations,
    @DefaultValue("1000") int maxBootstrapDraws,
    @DefaultValue("8192") int maxTextLength,
    @DefaultValue("262144") int maxTextsLength,
    @DefaultValue("8388608") int maxLineBytes,
    @DefaultValue("100") int maxCompressionRatio) {

  private static final long LEAST_DECODED = 8L * 1024 * 1024;

  public Limits {
    long perCore = Runtime.getRuntime().maxMemory() / Runtime.getRuntime().availableProcessors();
    if (maxDecodedBytes == 0) {
      maxDecodedBytes = Math.max(LEAST_DECODED, perCore / 4);
    }
    if (maxAnswerEntries == 0) {
      maxAnswerEntries = Math.clamp(perCore / 1024, 65_536, 1_048_576);
    }
    byName(
            maxBodyBytes,
            maxRows,
            maxVocab,
            maxJsonDepth,
            maxJsonNumberLength,
            maxJsonNameLength,
            maxDecodedBytes,
            maxAnswerEntries,
            maxSteps,
            maxNodes,
            maxObservations,
            maxTemperatures,
            maxInvEntropyN,
            maxInvEntropyMatrix,
            maxInvEntropyAnswers,
            maxInvEntropyOperations,
            maxBootstrapDraws,
            maxTextLength,
            maxTextsLength,
            maxLineBytes,
            maxCompressionRatio)
        .forEach(
            (name, value) -> {
              if (value < 1) {
                throw new IllegalArgumentException(
                    setting(name) + " is " + value + ", expected at least 1");
              }
            });
  }

  /** Every limit under the name that problems and {@code /v1/limits} give it. */
  public Map<String, Long> byName() {
    return byName(
        maxBodyBytes,
        maxRows,
        maxVocab,
        maxJsonDepth,
        maxJsonNumberLength,
        maxJsonNameLength,
        maxDecodedBytes,
        maxAnswerEntries,
        maxSteps,
        maxNodes,
        maxObservations,
        maxTemperatures,
        maxInvEntropyN,
        maxInvEntropyMatrix,
        maxInvEntropyAnswers,
        maxInvEntropyOperations,
        maxBootstrapDraws,
        maxTextLength,
        maxTextsLength,
        maxLineBytes,
        maxCompressionRatio);
  }

  private static Map<String, Long> byName(long... values) {
    var all = new LinkedHashMap<String, Long>();
    for (int i = 0; i < values.length; i++) {
      String component = Limits.class.getRecordComponents()[i].getName();
      all.put(component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT), values[i]);
    }
    return all;
  }

  /** {@code max_rows} is set by {@code TOKENTROPY_MAX_ROWS}. */
  public static String setting(String limit) {
    return "TOKENTROPY_" + limit.toUpperCase(Locale.ROOT);
  }

  /**
   * Refuses more than a limit allows.
   *
   * @throws InvalidInput.LimitExceeded naming the limit, its value and its setting
   */
  public static void require(String pointer, String limit, long found, long value) {
    if (found > value) {
      throw new InvalidInput.LimitExceeded(pointer, limit, found, value, setting(limit));
    }
  }

  public JsonLimits json() {
    return new JsonLimits(maxJsonDepth, maxJsonNumberLength, maxJsonNameLength, maxDecodedBytes);
  }
}
