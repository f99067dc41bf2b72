package io.landshift.training.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code state.pth} was written by Python's own pickle, see {@code state.py} beside it. */
class TorchFileTest {
  private static final long SEED = Long.getLong("landshift.seed", 5);

  @TempDir private Path folder;

  @Test
  void aStateDictionaryIsReadFromAmongWhatElseWasSaved() throws IOException {
    // given: parameters, views with strides and offsets, half numbers, counters, and objects of
    // classes that are not known here
    Path file = sample();

    // when
    Map<String, Values> tensors = TorchFile.read(file, "model").tensors();

    // then
    assertThat(tensors.keySet())
        .containsExactly("encoder.a.weight", "encoder.a.turned", "encoder.a.part", "half", "brain");
    assertThat(tensors.get("encoder.a.weight").shape()).containsExactly(2, 3);
    assertThat(tensors.get("encoder.a.weight").values()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(tensors.get("encoder.a.turned").shape()).containsExactly(3, 2);
    assertThat(tensors.get("encoder.a.turned").values()).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(tensors.get("encoder.a.part").values()).containsExactly(5, 6);
    assertThat(tensors.get("half").values()).containsExactly(1.5f, -2);
    assertThat(tensors.get("brain").values()).containsExactly(1.5f, -2);
  }

  @Test
  void aDictionaryThatIsNotThereIsNamed() throws IOException {
    // given
    Path file = sample();

    // when, then
    assertThatThrownBy(() -> TorchFile.read(file, "state_dict"))
        .isInstanceOf(LandshiftException.class)
        .hasMessageContaining("state_dict");
  }

  /** What a pickle calls is not called: this one would run a command in Python. */
  @Test
  void nothingIsRun() throws IOException {
    // given: {"w": os.system("touch ...")}
    Path witness = folder.resolve("witness");
    String command = "touch " + witness;
    String code = "}X\1\0\0\0wcposix\nsystem\nX%c\0\0\0%s\u0085Rs.";
    Path file = file(latin(code.formatted((char) command.length(), command)), new byte[4]);

    // when
    Map<String, Values> tensors = TorchFile.read(file, "").tensors();

    // then
    assertThat(tensors).isEmpty();
    assertThat(witness).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    // offset, rows, columns, stride of rows, elements stated, bytes in the file, what is said
    "0, 2, 3, 3, 6, 24, ",
    "1, 2, 3, 3, 6, 24, MODEL_INVALID",
    "-1, 2, 3, 3, 6, 24, MODEL_INVALID",
    "0, 2, 3, 4, 6, 24, MODEL_INVALID",
    "0, 2, 3, -3, 6, 24, MODEL_INVALID",
    "0, -2, 3, 3, 6, 24, MODEL_INVALID",
    "0, 2, 3, 3, 6, 20, MODEL_INVALID",
    "0, 2, 3, 3, 2147483647, 24, MODEL_INVALID",
    "0, 2147483647, 3, 0, 6, 24, MODEL_INVALID",
    "0, 200000000, 3, 0, 6, 24, LIMIT_EXCEEDED"
  })
  void aTensorLiesInItsStorageOrIsRefused(
      int offset, int rows, int columns, int stride, int count, int bytes, FailureReason reason)
      throws IOException {
    // given
    Path file = file(tensor(offset, rows, columns, stride, count), new byte[bytes]);

    // when, then
    if (reason == null) {
      assertThat(TorchFile.read(file, "").tensors().get("w").shape()).containsExactly(2, 3);
    } else {
      assertThatThrownBy(() -> TorchFile.read(file, ""))
          .isInstanceOfSatisfying(
              LandshiftException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "80027d, ends early",
    "7d, ends early",
    "2e, empty stack",
    "732e, no key and value",
    "742e, no mark",
    "65, no mark",
    "68052e, remembers nothing",
    "58ffffff7f61, text beyond the end",
    "58ffffffff61, text of a negative length",
    "4b01522e, calls a number",
    "4b014b02522e, arguments that are a number",
    "632e, a name without an end",
    "4b01512e, an id that is a number",
    "ff2e, an operation that does not exist",
    "4930310a2e, an operation of protocol 0",
    "5d71006800612e, a list in itself and no dictionary",
  })
  void aDamagedPickleIsRefused(String code) throws IOException {
    // given
    Path file = file(HexFormat.of().parseHex(code), new byte[4]);

    // when, then
    assertThatThrownBy(() -> TorchFile.read(file, ""))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.MODEL_INVALID));
  }

  /** Whatever a byte becomes, the answer is weights or a typed failure. */
  @Test
  void anyDamageIsATypedFailureAtMost() throws IOException {
    // given
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    byte[] whole = pickleOfSample();

    for (int trial = 0; trial < 2000; trial++) {
      byte[] code = whole.clone();
      for (int hit = 0; hit <= random.nextInt(3); hit++) {
        code[random.nextInt(code.length)] = (byte) random.nextInt(256);
      }
      // when, then
      try {
        assertThat(RestrictedPickle.read(code)).isNotNull();
      } catch (LandshiftException e) {
        assertThat(e.reason()).isEqualTo(FailureReason.MODEL_INVALID);
      }
    }
  }

  @Test
  void otherFilesAreRefusedWithWhatToDo() throws IOException {
    // given
    Path old = Files.write(folder.resolve("old.pth"), HexFormat.of().parseHex("80028a0a6cfc9c46"));
    Path compressed = folder.resolve("compressed.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(compressed))) {
      zip.putNextEntry(new ZipEntry("archive/data.pkl"));
      zip.write(new byte[1000]);
    }
    Path other = folder.resolve("other.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(other))) {
      stored(zip, "archive/readme", new byte[1]);
    }

    // when, then
    assertThatThrownBy(() -> TorchFile.read(old, "")).hasMessageContaining("1.6");
    assertThatThrownBy(() -> TorchFile.read(compressed, "")).hasMessageContaining("compressed");
    assertThatThrownBy(() -> TorchFile.read(other, "")).hasMessageContaining("data.pkl");
    assertThatThrownBy(() -> TorchFile.read(folder.resolve("absent"), ""))
        .isInstanceOfSatisfying(
            LandshiftException.class,
            e -> assertThat(e.reason()).isEqualTo(FailureReason.STORAGE_UNAVAILABLE));
  }

  /** {"w": a tensor of storage '0'}. */
  private static byte[] tensor(int offset, int rows, int columns, int stride, int count) {
    return latin(
        "}X\1\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\n"
            + "X\1\0\0\0"
            + "0X\3\0\0\0cpu"
            + integer(count)
            + "tQ"
            + integer(offset)
            + integer(rows)
            + integer(columns)
            + "\u0086"
            + integer(stride)
            + "K\1\u0086\u0089}tRs.");
  }

  private static String integer(int value) {
    StringBuilder code = new StringBuilder("J");
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      code.append((char) (value >> shift & 0xff));
    }
    return code.toString();
  }

  private static byte[] latin(String code) {
    return code.getBytes(StandardCharsets.ISO_8859_1);
  }

  private Path file(byte[] pickle, byte[] storage) throws IOException {
    Path file = folder.resolve("file.pth");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      stored(zip, "any/data.pkl", pickle);
      stored(zip, "any/data/0", storage);
    }
    return file;
  }

  private static void stored(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
  }

  private Path sample() throws IOException {
    try (InputStream in = TorchFileTest.class.getResourceAsStream("state.pth")) {
      return Files.write(folder.resolve("state.pth"), in.readAllBytes());
    }
  }

  private byte[] pickleOfSample() throws IOException {
    try (ZipFile zip = new ZipFile(sample().toFile())) {
      return zip.getInputStream(zip.getEntry("archive/data.pkl")).readAllBytes();
    }
  }
}
