package io.tokentropy.binary;

import io.tokentropy.kernel.FloatRow;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How numbers are written, little-endian. */
public enum NumberType {
  F32(4, FloatRow.Type.F32),
  F16(2, FloatRow.Type.F16),
  BF16(2, FloatRow.Type.BF16),
  F64(8, null);

  final int bytes;
  final FloatRow.@Nullable Type floats;

  NumberType(int bytes, FloatRow.@Nullable Type floats) {
    this.bytes = bytes;
    this.floats = floats;
  }

  /** {@code f32}, {@code f16}, {@code bf16} or {@code f64}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** NumPy's names of it. */
  private List<String> aliases() {
    return switch (this) {
      case F32 -> List.of("float32", "<f4");
      case F16 -> List.of("float16", "<f2");
      case BF16 -> List.of("bfloat16");
      case F64 -> List.of("float64", "<f8");
    };
  }

  /** The names of all, for lists. */
  public static List<String> names() {
    return Arrays.stream(values()).map(NumberType::wire).toList();
  }

  /**
   * The type of a name, ours or NumPy's.
   *
   * @throws InvalidInput.ParameterOutOfRange if there is none
   */
  public static NumberType named(String name, String pointer) {
    for (NumberType type : values()) {
      if (type.wire().equals(name) || type.aliases().contains(name)) {
        return type;
      }
    }
    throw new InvalidInput.ParameterOutOfRange(
            pointer, name, "one of " + String.join(", ", names()))
        .withHint(
            name.startsWith(">")
                ? "Raw numbers are little-endian: a.astype(\"<f4\").tobytes(), or send an .npy"
                    + " file."
                : "Integers and 8-bit floats are no scores: convert them, a.astype(\"float32\").");
  }
}
