package io.tokentropy.binary;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tokentropy.distribution.InvalidInput;
import io.tokentropy.fuzz.Allocation;
import org.junit.jupiter.api.Tag;

/** Any bytes as an npy file: rows that are all there, or a refusal. */
@Tag("fuzz")
class BinaryFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void npy(byte[] body) {
    Allocation.within(
        body.length,
        () -> {
          try {
            Npy.Header header = Npy.header(body, body.length);
            long data = (long) body.length - header.dataAt();
            RowBlock rows = RowBlock.of(header.shape(), body, header.dataAt(), data, "");
            for (int i = 0; i < rows.rows(); i++) {
              assertThat(rows.doubles(i)).hasSize(rows.columns());
            }
          } catch (InvalidInput e) {
            assertThat(e.detail()).isNotBlank();
          }
        });
  }
}
