package io.landshift.ingest.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  private static FailureReason reasonOf(byte[] bytes) {
    try {
      Json.object(bytes, "item.json");
      throw new AssertionError("it was read");
    } catch (LandshiftException e) {
      assertThat(e).hasMessageContaining("item.json");
      return e.reason();
    }
  }

  private static FailureReason reasonOf(String text) {
    return reasonOf(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "[]",
        "1",
        "null",
        "{",
        "{\"a\": 1} {}",
        "{\"a\": 1, \"a\": 2}",
        "{a: 1}"
      })
  void takesOneObjectAndNothingElse(String text) {
    assertThat(reasonOf(text)).isEqualTo(FailureReason.METADATA_INVALID);
  }

  @Test
  void limitsDepthLengthAndSize() {
    assertThat(reasonOf("{\"a\":".repeat(100) + "1" + "}".repeat(100)))
        .isEqualTo(FailureReason.LIMIT_EXCEEDED);
    assertThat(reasonOf("{\"a\": \"" + "x".repeat(2 << 20) + "\"}"))
        .isEqualTo(FailureReason.LIMIT_EXCEEDED);
    assertThat(reasonOf("{\"a\": 1" + "0".repeat(1000) + "}"))
        .isEqualTo(FailureReason.LIMIT_EXCEEDED);
    assertThat(reasonOf(new byte[Json.MAXIMUM_BYTES + 1])).isEqualTo(FailureReason.LIMIT_EXCEEDED);
  }

  @Test
  void readsAnObject() {
    assertThat(
            Json.object("{\"a\": [1]}".getBytes(StandardCharsets.UTF_8), "x")
                .path("a")
                .get(0)
                .asInt())
        .isEqualTo(1);
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> Json.object("no".getBytes(StandardCharsets.UTF_8), "x"));
  }
}
