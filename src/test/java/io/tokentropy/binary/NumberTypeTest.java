package io.tokentropy.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokentropy.refusal.InvalidInput;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberTypeTest {
  @ParameterizedTest
  @CsvSource({
    "f32, F32", "float32, F32", "<f4, F32",
    "f16, F16", "float16, F16", "<f2, F16",
    "f64, F64", "float64, F64", "<f8, F64",
    "bf16, BF16", "bfloat16, BF16",
  })
  void aTypeHasOurNameAndNumPys(String name, NumberType type) {
    assertThat(NumberType.named(name, "/dtype")).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({">f4, little-endian", "int8, convert them", "float8_e4m3fn, convert them"})
  void anotherTypeIsRefusedWithAdvice(String name, String advice) {
    assertThatThrownBy(() -> NumberType.named(name, "/dtype"))
        .isInstanceOfSatisfying(
            InvalidInput.ParameterOutOfRange.class, e -> assertThat(e.hint()).contains(advice));
  }
}
