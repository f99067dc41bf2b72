package io.landshift.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPixelStoreTest {
  private static final ChunkKey KEY = new ChunkKey("MGRS-33TWL", 3, 10);

  @TempDir private Path root;
  private LocalPixelStore store;

  @BeforeEach
  void open() {
    store = new LocalPixelStore(root);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 100, 70_001, 3_000_000})
  void whatIsPutComesBack(int length) {
    // given
    byte[] zeros = new byte[length];
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);

    for (PixelKind kind : PixelKind.values()) {
      // when
      String digestOfZeros = store.put(KEY, kind, zeros);
      String digestOfNoise = store.put(KEY, kind, noise);

      // then
      assertThat(store.get(KEY, kind, digestOfZeros)).isEqualTo(zeros);
      assertThat(store.get(KEY, kind, digestOfNoise)).isEqualTo(noise);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 131_071, 131_072, 131_073, 700_001})
  void whatIsPutPieceByPieceIsWhatIsPutAtOnce(int length) throws IOException {
    // given
    Random random = new Random(length);
    byte[] noise = new byte[length];
    random.nextBytes(noise);

    // when
    String digest =
        store.put(
            KEY,
            PixelKind.STATUS,
            length,
            out -> {
              int piece = 1 + random.nextInt(200_000);
              for (int at = 0; at < length; at += piece) {
                out.write(noise, at, Math.min(piece, length - at));
              }
            });

    // then
    assertThat(digest).isEqualTo(store.put(KEY, PixelKind.STATUS, noise));
    try (InputStream in = store.open(KEY, PixelKind.STATUS, digest)) {
      int first = in.read();
      assertThat(first).isEqualTo(length == 0 ? -1 : noise[0] & 0xFF);
      assertThat(in.readAllBytes())
          .isEqualTo(Arrays.copyOfRange(noise, Math.min(1, length), length));
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 200_000})
  void aContentOfAnotherLengthThanItSaysIsRefused(int more) throws IOException {
    byte[] content = new byte[300_000 + more];

    assertThatThrownBy(() -> store.put(KEY, PixelKind.STATUS, 300_000, out -> out.write(content)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("300000");
    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "1, 5", "70001, 1", "70001, 251", "70001, 70001", "70001, 100000"})
  void wordsThatArePutComeBack(int length, int width) {
    // given
    short[] words = new short[length];
    Random random = new Random(length);
    for (int i = 0; i < length; i++) {
      words[i] = (short) random.nextInt();
    }

    // when
    String digest = store.putWords(KEY, PixelKind.FEATURES, words, width);

    // then
    assertThat(store.getWords(KEY, PixelKind.FEATURES, digest, 0, words.length)).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 5", "131071, 2", "131072, 131072", "131073, 140000", "299999, 1", "7, 0"})
  void partsOfWhatIsPutComeBack(int from, int count) {
    // given
    long seed = 11;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] bytes = new byte[300_000];
    random.nextBytes(bytes);
    short[] words = new short[300_000];
    for (int i = 0; i < words.length; i++) {
      words[i] = (short) random.nextInt(1000);
    }

    // when
    String ofBytes = store.put(KEY, PixelKind.STATUS, bytes);
    String ofWords = store.putWords(KEY, PixelKind.SCORES, words, 512);

    // then
    assertThat(store.get(KEY, PixelKind.STATUS, ofBytes, from, count))
        .isEqualTo(Arrays.copyOfRange(bytes, from, from + count));
    assertThat(store.getWords(KEY, PixelKind.SCORES, ofWords, from, count))
        .isEqualTo(Arrays.copyOfRange(words, from, from + count));
  }

  @Test
  void onlyBlocksWithWantedWordsAreUnfolded() {
    // given
    int block = 65_536;
    short[] words = new short[3 * block + 5];
    Arrays.fill(words, (short) 7);
    String digest = store.putWords(KEY, PixelKind.FEATURES, words, 512);
    List<String> asked = new ArrayList<>();

    short[] read = new short[words.length + 2];
    Arrays.fill(read, (short) -1);

    // when
    store.getWords(
        KEY,
        PixelKind.FEATURES,
        digest,
        (from, end) -> {
          asked.add(from + ".." + end);
          return from <= 70_000 && end > 70_000 || end == words.length;
        },
        read);

    // then
    short[] expected = new short[words.length + 2];
    Arrays.fill(expected, (short) -1);
    Arrays.fill(expected, block, 2 * block, (short) 7);
    Arrays.fill(expected, 3 * block, words.length, (short) 7);
    assertThat(read).isEqualTo(expected);
    assertThat(asked)
        .containsExactly("0..65536", "65536..131072", "131072..196608", "196608..196613");
  }

  @Test
  void moreThanWasPutIsNotThere() {
    String bytes = store.put(KEY, PixelKind.STATUS, new byte[300_000]);
    String words = store.putWords(KEY, PixelKind.SCORES, new short[300_000], 512);

    assertFails(
        FailureReason.STORAGE_CORRUPT, () -> store.get(KEY, PixelKind.STATUS, bytes, 299_999, 2));
    assertFails(
        FailureReason.STORAGE_CORRUPT,
        () -> store.getWords(KEY, PixelKind.SCORES, words, 0, 300_001));
    assertFails(
        FailureReason.STORAGE_CORRUPT,
        () ->
            store.getWords(KEY, PixelKind.SCORES, words, (from, end) -> true, new short[299_999]));
  }

  @Test
  void wordsAreNotReadAsBytesNorBytesAsWords() {
    // given
    String bytes = store.put(KEY, PixelKind.STATUS, new byte[8]);
    String words = store.putWords(KEY, PixelKind.STATUS, new short[4], 2);

    // then
    assertFails(
        FailureReason.STORAGE_CORRUPT, () -> store.getWords(KEY, PixelKind.STATUS, bytes, 0, 4));
    assertFails(FailureReason.STORAGE_CORRUPT, () -> store.get(KEY, PixelKind.STATUS, words));
  }

  @Test
  void aContentLiesUnderTheDigestOfItsHead() throws Exception {
    // when
    String digest = store.put(KEY, PixelKind.STATUS, new byte[] {'1'});

    // then
    byte[] head = Arrays.copyOf(Files.readAllBytes(files().getFirst()), 48 + 8);
    assertThat(digest).isEqualTo(sha256(head));
    assertThat(files())
        .containsExactly(root.resolve("MGRS-33TWL/c003-r010/status/" + digest + ".pixels"));
    assertThat(store.contains(KEY, PixelKind.STATUS, digest)).isTrue();
    assertThat(store.contains(KEY, PixelKind.SCORES, digest)).isFalse();
    assertThat(store.contains(new ChunkKey("MGRS-33TWL", 4, 10), PixelKind.STATUS, digest))
        .isFalse();
  }

  private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void puttingWhatIsThereTouchesNothing() throws IOException {
    // given
    store.put(KEY, PixelKind.STATUS, new byte[] {'1'});
    Path file = files().getFirst();
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
    Object inode = Files.getAttribute(file, "unix:ino");

    // when
    store.put(KEY, PixelKind.STATUS, new byte[] {'1'});

    // then
    assertThat(files()).containsExactly(file);
    assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(1_000_000);
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
  }

  @Test
  void runsOfEqualPixelsTakeNearlyNoRoom() throws IOException {
    store.put(KEY, PixelKind.STATUS, new byte[21 << 20]);
    assertThat(Files.size(files().getFirst())).isLessThan(20_000);
  }

  @Test
  void planesOfNumbersTakeLessRoomThanBytes() throws IOException {
    // given: neighbours that differ a little, as pixels do
    long seed = 9;
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    short[] plane = new short[512 * 512];
    for (int i = 0; i < plane.length; i++) {
      short above = i < 512 ? 1000 : plane[i - 512];
      plane[i] = (short) (above + 30 * random.nextGaussian());
    }
    ByteBuffer bytesOfPlane = ByteBuffer.allocate(2 * plane.length).order(ByteOrder.LITTLE_ENDIAN);
    bytesOfPlane.asShortBuffer().put(plane);

    // when
    store.putWords(KEY, PixelKind.FEATURES, plane, 512);
    store.put(KEY, PixelKind.STATUS, bytesOfPlane.array());

    // then
    long features = Files.size(files().get(0));
    long bytes = Files.size(files().get(1));
    assertThat(features).isLessThan(bytes * 7 / 10);
  }

  @Test
  void aContentThatIsGoneIsSaidToBeGone() {
    String digest = store.put(KEY, PixelKind.STATUS, new byte[] {'1'});
    store.delete(KEY, PixelKind.STATUS, digest);
    store.delete(KEY, PixelKind.STATUS, digest);

    assertThat(store.contains(KEY, PixelKind.STATUS, digest)).isFalse();
    assertFails(FailureReason.STORAGE_CORRUPT, () -> store.get(KEY, PixelKind.STATUS, digest))
        .hasMessageContaining("gone")
        .hasMessageContaining(digest);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyDamageIsFound(long seed) throws IOException {
    // given
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] content = new byte[500];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) random.nextInt(4);
    }
    String digest = store.put(KEY, PixelKind.FEATURES, content);
    Path file = files().getFirst();
    byte[] stored = Files.readAllBytes(file);

    // when, then
    for (int i = 0; i < stored.length; i++) {
      Files.write(file, Arrays.copyOf(stored, i));
      assertCorrupt(digest);
      byte[] damaged = stored.clone();
      damaged[i] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      assertCorrupt(digest);
    }
    Files.write(file, Arrays.copyOf(stored, stored.length + 5));
    assertCorrupt(digest);
    Files.write(file, stored);
    assertThat(store.get(KEY, PixelKind.FEATURES, digest)).isEqualTo(content);
  }

  private void assertCorrupt(String digest) {
    assertFails(FailureReason.STORAGE_CORRUPT, () -> store.get(KEY, PixelKind.FEATURES, digest));
    assertFails(
        FailureReason.STORAGE_CORRUPT,
        () -> {
          try (InputStream in = store.open(KEY, PixelKind.FEATURES, digest)) {
            in.readAllBytes();
          }
        });
  }

  @Test
  void damageIsFoundInTheBlocksThatAreRead() throws IOException {
    // given: of three blocks, the last is damaged
    short[] words = new short[3 * 65_536];
    String digest = store.putWords(KEY, PixelKind.FEATURES, words, 512);
    Path file = files().getFirst();
    byte[] stored = Files.readAllBytes(file);
    stored[stored.length - 1] ^= 1;
    Files.write(file, stored);

    // when, then
    assertThat(store.getWords(KEY, PixelKind.FEATURES, digest, 0, 2 * 65_536)).hasSize(2 * 65_536);
    assertFails(
            FailureReason.STORAGE_CORRUPT,
            () -> store.getWords(KEY, PixelKind.FEATURES, digest, 0, words.length))
        .hasMessageContaining("checksum");
  }

  @Test
  void anotherContentUnderTheNameIsFound() throws IOException {
    // given
    String one = store.put(KEY, PixelKind.FEATURES, new byte[] {'1'});
    Path file = files().getFirst();
    store.put(KEY, PixelKind.FEATURES, new byte[] {'2'});
    List<Path> both = new ArrayList<>(files());
    both.remove(file);

    // when
    Files.write(file, Files.readAllBytes(both.getFirst()));

    // then
    assertFails(FailureReason.STORAGE_CORRUPT, () -> store.get(KEY, PixelKind.FEATURES, one))
        .hasMessageContaining("digest");
  }

  @Test
  void aSmallFileThatWouldUnfoldToMuchIsNotUnfolded() throws Exception {
    // given
    LocalPixelStore small = new LocalPixelStore(root, 1000);
    byte[] bomb = Zstd.compress(new byte[50_000_000]);
    Path folder = Files.createDirectories(root.resolve("MGRS-33TWL/c003-r010/status"));

    for (long stated : new long[] {50_000_000, 1000, -1, Long.MAX_VALUE}) {
      // when
      int head = 48 + 8;
      ByteBuffer stored = ByteBuffer.allocate(head + bomb.length).order(ByteOrder.LITTLE_ENDIAN);
      CRC32C checksum = new CRC32C();
      checksum.update(bomb);
      stored.put("LSP4".getBytes()).putInt(0).putLong(stated).put(new byte[32]);
      stored.putInt(bomb.length).putInt((int) checksum.getValue()).put(bomb);
      String digest = sha256(Arrays.copyOf(stored.array(), head));
      Files.write(folder.resolve(digest + ".pixels"), stored.array());

      // then
      assertFails(FailureReason.STORAGE_CORRUPT, () -> small.get(KEY, PixelKind.STATUS, digest))
          .hasMessageContaining(stated == 1000 ? "decompressed" : "states a length");
    }
  }

  @Test
  void aContentAboveTheLimitIsNotWritten() {
    LocalPixelStore small = new LocalPixelStore(root, 1000);
    small.put(KEY, PixelKind.STATUS, new byte[1000]);
    assertFails(
        FailureReason.LIMIT_EXCEEDED, () -> small.put(KEY, PixelKind.STATUS, new byte[1001]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "../up", "a/b", "a\\b", "/etc", ".hidden", "a b", "a\u0000", "-x"})
  void aGridCodeCannotLeaveTheFolder(String code) {
    assertFails(FailureReason.METADATA_INVALID, () -> new ChunkKey(code, 0, 0));
  }

  @Test
  void onlyWhatCanBeStoredIsAKey() {
    assertThat(new ChunkKey("EPSG3035-10m-C0051R0024-P258.421", 0, 0)).isNotNull();
    assertFails(FailureReason.METADATA_INVALID, () -> new ChunkKey("a".repeat(101), 0, 0));
    assertFails(FailureReason.METADATA_INVALID, () -> new ChunkKey("a", -1, 0));
    assertFails(FailureReason.METADATA_INVALID, () -> new ChunkKey("a", 0, -1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "../../x",
        "ABC",
        "6B86B273FF34FCE19D6B804EFF5A3F5747ADA4EAA22F1D49C01E52DDB7875B4B"
      })
  void onlyADigestNamesAContent(String digest) {
    assertThatThrownBy(() -> store.get(KEY, PixelKind.STATUS, digest))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.delete(KEY, PixelKind.STATUS, digest))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manyWritersOfTheSameAndOfOtherContents() throws Exception {
    // given
    long seed = 7;
    System.out.println("seed " + seed);
    byte[][] contents = new byte[6][];
    for (int i = 0; i < contents.length; i++) {
      contents[i] = new byte[200_000];
      new Random(seed + i).nextBytes(contents[i]);
    }
    List<Callable<String>> writers = new ArrayList<>();
    for (int i = 0; i < 96; i++) {
      byte[] content = contents[i % contents.length];
      writers.add(() -> {
        String digest = store.put(KEY, PixelKind.SCORES, content);
        assertThat(store.get(KEY, PixelKind.SCORES, digest)).isEqualTo(content);
        return digest;
      });
    }

    // when
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      for (Future<String> each : pool.invokeAll(writers)) {
        each.get(60, TimeUnit.SECONDS);
      }
    }

    // then
    assertThat(files()).hasSize(contents.length).allMatch(f -> f.toString().endsWith(".pixels"));
  }

  @Test
  void anInterruptedThreadStillReadsAndWrites() {
    Thread.currentThread().interrupt();
    try {
      String digest = store.put(KEY, PixelKind.STATUS, new byte[100]);
      assertThat(store.get(KEY, PixelKind.STATUS, digest)).hasSize(100);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aFolderThatCannotBeIsUnavailable() throws IOException {
    // given
    Path file = Files.writeString(root.resolve("file"), "not a folder");
    LocalPixelStore wrong = new LocalPixelStore(file);

    // when, then
    assertFails(
        FailureReason.STORAGE_UNAVAILABLE, () -> wrong.put(KEY, PixelKind.STATUS, new byte[1]));
  }

  @Test
  void whatAKilledWriterLeftIsDeletedOnceItIsOld() throws IOException {
    // given
    String digest = store.put(KEY, PixelKind.STATUS, new byte[] {'1'});
    Path folder = files().getFirst().getParent();
    Path left = Files.writeString(folder.resolve("." + digest + ".pixels.x.unfinished"), "half");
    Path young = Files.writeString(folder.resolve("." + digest + ".pixels.y.unfinished"), "half");
    Instant hourAgo = Instant.now().minusSeconds(3600);
    Files.setLastModifiedTime(left, FileTime.from(hourAgo.minusSeconds(1)));

    // when
    int deleted = store.deleteUnfinished(hourAgo);

    // then
    assertThat(deleted).isEqualTo(1);
    assertThat(files()).hasSize(2).contains(young).doesNotContain(left);
    assertThat(new LocalPixelStore(root.resolve("none")).deleteUnfinished(hourAgo)).isZero();
  }

  @Test
  void aFullDiskIsSaidToBeFullAndLeavesNothingHalf() throws Exception {
    // given
    Path disk = Files.createDirectory(root.resolve("disk"));
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk.toString()),
        "no right to mount a small disk here");
    try {
      LocalPixelStore full = new LocalPixelStore(disk);
      byte[] noise = new byte[1_000_000];
      new Random(5).nextBytes(noise);

      // when, then
      assertFails(FailureReason.STORAGE_FULL, () -> full.put(KEY, PixelKind.FEATURES, noise))
          .hasMessageContaining("full");
      assertThat(filesUnder(disk)).isEmpty();
      String digest = full.put(KEY, PixelKind.FEATURES, new byte[1000]);
      assertThat(full.get(KEY, PixelKind.FEATURES, digest)).hasSize(1000);
    } finally {
      assertThat(succeeds("umount", disk.toString())).isTrue();
    }
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private List<Path> files() throws IOException {
    return filesUnder(root);
  }

  private static List<Path> filesUnder(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertFails(
      FailureReason reason, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOf(LandshiftException.class)
        .satisfies(e -> assertThat(((LandshiftException) e).reason()).isEqualTo(reason));
  }
}
