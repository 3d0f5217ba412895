package io.tokentropy.web.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AdmissionSettings settings =
      new AdmissionSettings(8, 1, 16L * MIB, 8, Duration.ofSeconds(5), Duration.ofSeconds(10));
  private final Admission admission =
      new Admission(
          settings,
          new Meters(
              registry, new MetricsSettings(Set.of()), new BuildProperties(new Properties())));
  private final Bodies bodies =
      new Bodies(new Limits(new StandardEnvironment()), admission, settings, false);

  private double reserved() {
    return registry.get("tokentropy.bytes.in.flight").gauge().value();
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
    int size =
        bodies.read(
            request(length, declared),
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
    assertThat(buffer(15 * MIB, true)).isEqualTo(15 * MIB);
    assertThatThrownBy(() -> buffer(17 * MIB, true)).isInstanceOf(Refused.class);
    assertThat(reserved()).isZero();
  }
}
