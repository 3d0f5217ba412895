package io.tokentropy.web.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokentropy.ledger.Account;
import io.tokentropy.ledger.Book;
import io.tokentropy.ledger.Ledger;
import io.tokentropy.metrics.Meters;
import io.tokentropy.metrics.MetricsSettings;
import io.tokentropy.web.admission.Admission;
import io.tokentropy.web.admission.AdmissionSettings;
import io.tokentropy.web.problem.Refused;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.info.BuildProperties;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.mock.web.MockHttpServletRequest;

/** What a body holds is what was reserved for it, whatever came before. */
class BodiesTest {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  private final AdmissionSettings settings =
      new AdmissionSettings(
          8,
          1,
          16L * MIB,
          0,
          0,
          0,
          8,
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          65_536);
  private final Meters meters =
      new Meters(
          new SimpleMeterRegistry(),
          new MetricsSettings(Set.of()),
          new BuildProperties(new Properties()));
  private final Limits limits = new Limits(new StandardEnvironment());
  private final Ledger ledger = Books.ledger(limits, settings, meters);
  private final Bodies bodies =
      new Bodies(limits, new Admission(settings, meters), settings, new BodySettings(false));

  private long reserved() {
    return ledger.held(Book.BODIES);
  }

  /** A body that says its length, or does not. */
  private static MockHttpServletRequest request(int length, boolean declared) {
    var request =
        new MockHttpServletRequest("POST", "/") {
          @Override
          public long getContentLengthLong() {
            return declared ? super.getContentLengthLong() : -1;
          }
        };
    request.setContentType("application/json");
    request.setContent(new byte[length]);
    return request;
  }

  /** Reads a body; how large its buffer was, having checked that as much was reserved. */
  private int buffer(int length, boolean declared) {
    try (Account account = ledger.open()) {
      int size =
          bodies.read(
              request(length, declared),
              account,
              System.nanoTime(),
              ignored -> {},
              (body, read) -> {
                assertThat(read).isEqualTo(length);
                assertThat(reserved()).isEqualTo(body.length);
                return body.length;
              });
      assertThat(reserved()).isZero();
      return size;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSmallBodyHoldsNoLargeBuffer(boolean declared) {
    assertThat(buffer(4 * MIB, declared)).isGreaterThanOrEqualTo(4 * MIB);
    assertThat(buffer(100, declared)).isEqualTo(64 * KIB);
    assertThat(buffer(65 * KIB, declared)).isEqualTo(128 * KIB);
    assertThat(buffer(5 * MIB, true)).isEqualTo(5 * MIB);
    assertThat(buffer(0, declared)).isEqualTo(64 * KIB);
  }

  /** While a buffer grows there are two of them: a body that could not be held so is refused. */
  @Test
  void whatDoesNotFitIsRefusedAndGivenBack() {
    assertThatThrownBy(() -> buffer(15 * MIB, false)).isInstanceOf(Refused.class);
    assertThat(reserved()).isZero();
    assertThat(buffer(14 * MIB, true)).isEqualTo(14 * MIB);
    assertThatThrownBy(() -> buffer(17 * MIB, true)).isInstanceOf(Refused.class);
    assertThat(reserved()).isZero();
  }
}
