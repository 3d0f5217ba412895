package io.tokentropy.binary;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tokentropy.fuzz.Allocation;
import io.tokentropy.refusal.InvalidInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as an npy file: rows that are all there, or a refusal. */
@Tag("fuzz")
class BinaryFuzzTest {
  /** Files of each version, type and order that NumPy writes. */
  static Stream<byte[]> files() {
    return Stream.of("<f4", "<f2", "<f8", ">f4")
        .flatMap(
            type ->
                Stream.of("(2, 3)", "(6,)", "()", "(6, 99999999999)")
                    .flatMap(
                        shape ->
                            Stream.of(1, 2, 3)
                                .map(version -> file(version, type, shape, "False"))));
  }

  private static byte[] file(int version, String type, String shape, String order) {
    byte[] header =
        ("{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }\n")
            .getBytes(StandardCharsets.US_ASCII);
    int lengthBytes = version == 1 ? 2 : 4;
    ByteBuffer file =
        ByteBuffer.allocate(8 + lengthBytes + header.length + 24).order(ByteOrder.LITTLE_ENDIAN);
    file.put("\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1)).put((byte) version).put((byte) 0);
    if (version == 1) {
      file.putShort((short) header.length);
    } else {
      file.putInt(header.length);
    }
    return file.put(header).array();
  }

  @MethodSource("files")
  @FuzzTest(maxDuration = "5m")
  void npy(byte[] body) {
    Allocation.within(
        body.length,
        () -> {
          try {
            RowBlock rows = Npy.header(body, body.length).rows(body, body.length);
            for (int i = 0; i < rows.rows(); i++) {
              assertThat(rows.doubles(i)).hasSize(rows.columns());
            }
          } catch (InvalidInput e) {
            assertThat(e.detail()).isNotBlank();
          }
        });
  }
}
