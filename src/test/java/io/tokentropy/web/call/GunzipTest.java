package io.tokentropy.web.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.endpoint.Limit;
import io.tokentropy.refusal.InvalidInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** How far a compressed body may grow. */
class GunzipTest {
  private static InputStream packed(byte[] plain, int ratio) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return Gunzip.of(
        new ByteArrayInputStream(bytes.toByteArray()), new Limit("max_compression_ratio", ratio));
  }

  @Test
  void whatGrowsWithinTheRatioIsRead() throws IOException {
    var plain = new byte[1_000_000];
    new java.util.SplittableRandom(1).nextBytes(plain);
    assertThat(packed(plain, 2).readAllBytes()).isEqualTo(plain);
    assertThat(packed(new byte[65_536], 1).readAllBytes()).hasSize(65_536);
    assertThat(packed(new byte[1_000_000], 1100).readAllBytes()).hasSize(1_000_000);
  }

  @Test
  void aBombIsNot() {
    assertThatThrownBy(() -> packed(new byte[10_000_000], 100).readAllBytes())
        .isInstanceOf(InvalidInput.LimitExceeded.class)
        .hasMessageContaining("TOKENTROPY_MAX_COMPRESSION_RATIO");
  }

  @Test
  void byteByByteItIsTheSame() throws IOException {
    byte[] plain = {1, -1, 0, 127, -128};
    InputStream in = packed(plain, 100);
    for (byte expected : plain) {
      assertThat(in.read()).isEqualTo(expected & 0xFF);
    }
    assertThat(in.read()).isEqualTo(-1);
  }
}
