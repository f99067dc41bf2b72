package io.landshift.training.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTensorsTest {
  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsReadBackToTheBit() {
    // given
    Map<String, Values> tensors = new LinkedHashMap<>();
    tensors.put("z.weight", new Values(List.of(2, 3), new float[] {1, -0f, 3e-45f, 4, 5, 6}));
    tensors.put("a \"quoted\" ü", new Values(List.of(), new float[] {Float.MAX_VALUE}));
    tensors.put("empty", new Values(List.of(0, 4), new float[0]));
    Path file = folder.resolve("w.safetensors");

    // when
    SafeTensors.write(file, new Weights(tensors));
    Weights read = SafeTensors.read(file);

    // then
    assertThat(read.tensors().keySet()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
    tensors.forEach((name, tensor) -> {
      assertThat(read.tensors().get(name).shape()).isEqualTo(tensor.shape());
      assertThat(read.tensors().get(name).values()).isEqualTo(tensor.values());
    });
    assertThat(folder).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void theFileIsAsTheFormatSaysIt() throws IOException {
    // given
    Path file = folder.resolve("w.safetensors");

    // when
    SafeTensors.write(
        file, new Weights(Map.of("x", new Values(List.of(2), new float[] {1.5f, -2}))));

    // then
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    byte[] header = new byte[length];
    bytes.get(header);
    assertThat(length % 8).isZero();
    assertThat(new String(header, StandardCharsets.UTF_8).strip())
        .isEqualTo("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}");
    assertThat(bytes.getFloat()).isEqualTo(1.5f);
    assertThat(bytes.getFloat()).isEqualTo(-2);
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Test
  void halfNumbersOfBothKindsAndForeignMetadataAreRead() throws IOException {
    // given: 1.5 as IEEE half (0x3e00) and as bfloat16 (0x3fc0)
    String header =
        """
        {"__metadata__": {"format": "pt"},
         "half": {"dtype": "F16", "shape": [1], "data_offsets": [0, 2]},
         "brain": {"dtype": "BF16", "shape": [1], "data_offsets": [2, 4]}}\
        """;

    // when
    Weights read = SafeTensors.read(file(header, new byte[] {0, 0x3e, (byte) 0xc0, 0x3f}));

    // then
    assertThat(read.tensors().get("half").values()).containsExactly(1.5f);
    assertThat(read.tensors().get("brain").values()).containsExactly(1.5f);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // no object, no JSON, more than one value
        "[]",
        "nonsense",
        "{} {}",
        // the same name twice, in the file and in an entry
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[2],\"data_offsets\":[0,8]}}",
        // overlap, gap, beyond the end, before the start, wrong way round, not all used
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{}",
        // more or fewer bytes than shape and type say
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        // fields of a wrong kind or absent
        "{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":\"2\",\"data_offsets\":[0,8]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,1e400]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-9223372036854775808,8]}}",
        "{\"a\":[]}"
      })
  void aHeaderThatBreaksTheFormatIsRefused(String header) throws IOException {
    // given
    Path file = file(header, new byte[8]);

    // when, then
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.MODEL_INVALID));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[2147483647]", "[65536, 65536, 0]", "[2147483647, 2147483647]"})
  void aTensorLargerThanAnyNetworkIsRefusedBeforeMemoryIsTaken(String shape) throws IOException {
    // given
    String entry = "{\"a\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[0,8]}}";
    Path file = file(entry.formatted(shape), new byte[8]);

    // when, then
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.LIMIT_EXCEEDED));
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 100, MODEL_INVALID",
    "0, 100, MODEL_INVALID",
    "93, 100, MODEL_INVALID",
    "9223372036854775807, 100, MODEL_INVALID",
    "16777217, 16777400, LIMIT_EXCEEDED"
  })
  void aLengthOfTheHeaderThatCannotBeIsRefused(long length, int fileSize, FailureReason reason)
      throws IOException {
    // given
    ByteBuffer bytes = ByteBuffer.allocate(fileSize).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(length);
    Path file = Files.write(folder.resolve("h"), bytes.array());

    // when, then
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOfSatisfying(
            LandshiftException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void aFileThatIsNoneIsNamed() throws IOException {
    // given
    Path empty = Files.write(folder.resolve("empty"), new byte[7]);

    // when, then
    assertThatThrownBy(() -> SafeTensors.read(empty))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.MODEL_INVALID));
    assertThatThrownBy(() -> SafeTensors.read(folder.resolve("absent")))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.STORAGE_UNAVAILABLE))
        .hasMessageContaining("absent");
  }

  private Path file(String header, byte[] data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text).put(data);
    return Files.write(folder.resolve("file"), bytes.array());
  }
}
