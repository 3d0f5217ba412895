package io.tokentropy.web.admission;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much is taken on at once.
 *
 * @param maxCalls that are open at once, from their first byte to the last of their answer
 * @param maxBatches streams of {@code /v1/batch} among them
 * @param maxBytesInFlight of all bodies that are held; 0 for a quarter of the heap
 * @param maxValuesInFlight bytes of all that is decoded or in work; 0 for three eighths of the heap
 * @param maxAnswersInFlight bytes of all answers until they are written; 0 for an eighth of the
 *     heap
 * @param maxCostInFlight operations of all calls that take long; 0 for twice what one may take
 * @param maxQueue calls that wait for a core, beside those that are computed
 * @param deadline of a call from its arrival to the start of its computation
 * @param bodyDeadline for the whole body to arrive; of a stream, for its next line
 * @param computeDeadline of a call that takes long, from its arrival to its answer
 * @param slowestReader bytes that a caller has to take in a second
 */
@ConfigurationProperties("tokentropy.admission")
public record AdmissionSettings(
    @DefaultValue("320") int maxCalls,
    @DefaultValue("32") int maxBatches,
    @DefaultValue("0") long maxBytesInFlight,
    @DefaultValue("0") long maxValuesInFlight,
    @DefaultValue("0") long maxAnswersInFlight,
    @DefaultValue("0") long maxCostInFlight,
    @DefaultValue("128") int maxQueue,
    @DefaultValue("5s") Duration deadline,
    @DefaultValue("10s") Duration bodyDeadline,
    @DefaultValue("60s") Duration computeDeadline,
    @DefaultValue("65536") int slowestReader) {

  public AdmissionSettings {
    long heap = Runtime.getRuntime().maxMemory();
    maxBytesInFlight = maxBytesInFlight == 0 ? heap / 4 : maxBytesInFlight;
    maxValuesInFlight = maxValuesInFlight == 0 ? heap / 8 * 3 : maxValuesInFlight;
    maxAnswersInFlight = maxAnswersInFlight == 0 ? heap / 8 : maxAnswersInFlight;
    if (maxCalls < 1
        || maxBatches < 0
        || maxBytesInFlight < 0
        || maxValuesInFlight < 0
        || maxAnswersInFlight < 0
        || maxCostInFlight < 0
        || maxQueue < 0
        || slowestReader < 1) {
      throw new IllegalArgumentException(
          "TOKENTROPY_ADMISSION_*: expected at least one call, and nothing below 0");
    }
    if (!deadline.isPositive() || !bodyDeadline.isPositive() || !computeDeadline.isPositive()) {
      throw new IllegalArgumentException("TOKENTROPY_ADMISSION_*: expected positive times");
    }
  }

  /** What {@code /v1/limits} says of them; times in milliseconds. */
  public Map<String, Long> byName() {
    var all = new LinkedHashMap<String, Long>();
    all.put("max_calls", (long) maxCalls);
    all.put("max_batches", (long) maxBatches);
    all.put("max_bytes_in_flight", maxBytesInFlight);
    all.put("max_values_in_flight", maxValuesInFlight);
    all.put("max_answers_in_flight", maxAnswersInFlight);
    all.put("max_queue", (long) maxQueue);
    all.put("deadline", deadline.toMillis());
    all.put("body_deadline", bodyDeadline.toMillis());
    all.put("compute_deadline", computeDeadline.toMillis());
    all.put("slowest_reader", (long) slowestReader);
    return all;
  }

  /** {@code max_queue} is set by {@code TOKENTROPY_ADMISSION_MAX_QUEUE}. */
  public static String setting(String name) {
    return "TOKENTROPY_ADMISSION_" + name.toUpperCase(Locale.ROOT);
  }
}
