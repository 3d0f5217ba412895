package io.tokentropy.binary;

import io.tokentropy.kernel.FloatRow;
import io.tokentropy.refusal.InvalidInput;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How numbers are written, little-endian. */
public enum NumberType {
  F32(4, FloatRow.Type.F32, "float32", "<f4"),
  F16(2, FloatRow.Type.F16, "float16", "<f2"),
  BF16(2, FloatRow.Type.BF16, "bfloat16"),
  F64(8, null, "float64", "<f8");

  final int bytes;
  final FloatRow.@Nullable Type floats;

  /** NumPy's names for it. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> aliases;

  NumberType(int bytes, FloatRow.@Nullable Type floats, String... aliases) {
    this.bytes = bytes;
    this.floats = floats;
    this.aliases = List.of(aliases);
  }

  /** {@code f32}, {@code f16}, {@code bf16} or {@code f64}. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
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
      if (type.wire().equals(name) || type.aliases.contains(name)) {
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
