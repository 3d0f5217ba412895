package io.tokentropy.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much is taken on at once.
 *
 * @param maxBytesInFlight of all bodies that are held; 0 for a quarter of the heap
 * @param maxQueue calls that wait for a core, beside those that are computed
 * @param deadline of a call from its arrival to the start of its computation
 * @param bodyDeadline for the whole body to arrive
 */
@ConfigurationProperties("tokentropy.admission")
record AdmissionSettings(
    @DefaultValue("0") long maxBytesInFlight,
    @DefaultValue("128") int maxQueue,
    @DefaultValue("5s") Duration deadline,
    @DefaultValue("10s") Duration bodyDeadline) {

  AdmissionSettings {
    if (maxBytesInFlight == 0) {
      maxBytesInFlight = Runtime.getRuntime().maxMemory() / 4;
    }
    if (maxBytesInFlight < 0 || maxQueue < 0 || !deadline.isPositive()) {
      throw new IllegalArgumentException(
          "TOKENTROPY_ADMISSION_*: expected bytes and queue of at least 0, and positive times");
    }
  }
}
