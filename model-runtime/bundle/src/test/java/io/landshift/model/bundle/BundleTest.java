package io.landshift.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {
  @TempDir private Path folder;

  @Test
  void aFolderAndAZipOfTheSameFilesAreTheSameBundle() throws Exception {
    // given
    Map<String, byte[]> files = BundleFixture.files();

    // when
    Bundle fromFolder = Bundle.load(BundleFixture.folder(files, folder.resolve("bundle")));
    Bundle fromZip = Bundle.load(BundleFixture.zip(files, folder.resolve("bundle.zip")));

    // then
    assertThat(fromFolder.digest()).isEqualTo(fromZip.digest()).hasSize(64);
    assertThat(fromFolder.manifest()).isEqualTo(fromZip.manifest());
    assertThat(fromFolder.paths()).isEqualTo(files.keySet());
    for (GraphRole role : GraphRole.values()) {
      assertThat(fromZip.graph(role)).isEqualTo(files.get(role.key() + ".onnx"));
    }
  }

  @Test
  void theDigestIsWhatSha256sumGives() throws Exception {
    // given
    Map<String, byte[]> files = BundleFixture.files();
    StringBuilder listing = new StringBuilder();
    for (var file : new TreeMap<>(files).entrySet()) {
      listing.append(sha256(file.getValue())).append("  ").append(file.getKey()).append('\n');
    }

    // when
    String digest = Bundle.of(files, null, BundleLimits.DEFAULT).digest();

    // then
    assertThat(digest).isEqualTo(sha256(listing.toString().getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aBundleCannotBeChangedThroughItsArrays() {
    // given
    Bundle bundle = Bundles.spectralBaseline();

    // when
    Arrays.fill(bundle.graph(GraphRole.ENCODER), (byte) 0);

    // then
    assertThat(Digests.sha256(bundle.graph(GraphRole.ENCODER)))
        .isEqualTo(Digests.sha256(BundleFixture.files().get("encoder.onnx")));
  }

  @ParameterizedTest
  @EnumSource(GraphRole.class)
  void oneChangedBitInAGraphIsADigestMismatch(GraphRole role) {
    // given
    Map<String, byte[]> files = BundleFixture.files();
    byte[] onnx = files.get(role.key() + ".onnx");
    onnx[onnx.length / 2] ^= 1;

    // when, then
    assertFails(FailureReason.MODEL_DIGEST_MISMATCH, role.key(), () -> check(files));
  }

  @Test
  void aBundleThatIsNotTheReleasedOneIsADigestMismatch() {
    // given: a bundle that is sound in itself, with one threshold changed
    Map<String, byte[]> files = BundleFixture.withManifestText("\"low\" : 2.5", "\"low\" : 3.5");
    String released = Bundles.spectralBaseline().digest();

    // when, then
    assertThat(check(files).manifest().scores().getFirst().low()).isEqualTo(3.5);
    assertThat(check(files).digest()).isNotEqualTo(released);
    assertFails(
        FailureReason.MODEL_DIGEST_MISMATCH,
        released,
        () -> Bundle.of(files, released, BundleLimits.DEFAULT));
  }

  @Test
  void theExpectedDigestMayBeInUpperCase() {
    // given
    String released = Bundles.spectralBaseline().digest().toUpperCase(Locale.ROOT);

    // when
    Bundle bundle = Bundle.of(BundleFixture.files(), released, BundleLimits.DEFAULT);

    // then
    assertThat(bundle.digest()).isEqualToIgnoringCase(released);
  }

  @Test
  void aFileThatIsNotListedIsRefused() {
    // given
    Map<String, byte[]> files = BundleFixture.files();
    files.put("libcustom.so", new byte[10]);

    // when, then
    assertFails(FailureReason.MODEL_INVALID, "libcustom.so", () -> check(files));
  }

  @ParameterizedTest
  @ValueSource(strings = {"change.onnx", "self-test/scores.f32", "bundle.json"})
  void aFileThatIsListedButNotThereIsNamed(String path) {
    // given
    Map<String, byte[]> files = BundleFixture.files();
    files.remove(path);

    // when, then
    assertFails(FailureReason.MODEL_INVALID, path, () -> check(files));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../evil.txt", "/etc/evil", "a/../../evil", "C:\\evil", "a\\b", ".hidden"})
  void aZipEntryThatLeavesTheBundleIsRefused(String name) throws Exception {
    // given
    Map<String, byte[]> files = BundleFixture.files();
    files.put(name, new byte[1]);
    Path zip = BundleFixture.zip(files, folder.resolve("bundle.zip"));

    // when, then
    assertFails(FailureReason.MODEL_INVALID, "is refused", () -> Bundle.load(zip));
  }

  @Test
  void aZipThatUnpacksToFarMoreThanItHoldsIsRefused() throws Exception {
    // given
    Map<String, byte[]> files = BundleFixture.files();
    files.put("bomb.bin", new byte[8 << 20]);
    Path zip = BundleFixture.zip(files, folder.resolve("bundle.zip"));

    // when, then
    assertFails(FailureReason.LIMIT_EXCEEDED, "bomb.bin", () -> Bundle.load(zip));
  }

  @Test
  void sizesAndCountsHaveLimits() throws Exception {
    // given
    Path bundle = BundleFixture.folder(BundleFixture.files(), folder.resolve("bundle"));
    BundleLimits fewFiles = new BundleLimits(5, 1 << 20, 1 << 20, 1 << 20, 200);
    BundleLimits smallFiles = new BundleLimits(64, 4000, 1 << 20, 1 << 20, 200);
    BundleLimits smallSum = new BundleLimits(64, 1 << 20, 20_000, 1 << 20, 200);
    BundleLimits smallManifest = new BundleLimits(64, 1 << 20, 1 << 20, 1000, 200);

    // when, then
    for (BundleLimits limits : new BundleLimits[] {fewFiles, smallFiles, smallSum, smallManifest}) {
      assertFails(FailureReason.LIMIT_EXCEEDED, "", () -> Bundle.load(bundle, null, limits));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 3000, -30})
  void aDamagedZipIsRefused(int length) throws Exception {
    // given: the first bytes only, or all but the last
    Path zip = BundleFixture.zip(BundleFixture.files(), folder.resolve("bundle.zip"));
    byte[] bytes = Files.readAllBytes(zip);
    Files.write(zip, Arrays.copyOf(bytes, length < 0 ? bytes.length + length : length));

    // when, then
    assertFails(FailureReason.MODEL_INVALID, "zip", () -> Bundle.load(zip));
  }

  @Test
  void aZipWithDamagedContentIsRefused() throws Exception {
    // given
    Path zip = BundleFixture.zip(BundleFixture.files(), folder.resolve("bundle.zip"));
    byte[] bytes = Files.readAllBytes(zip);
    for (int index = 100; index < 2000; index += 50) {
      bytes[index] ^= 0x55;
    }
    Files.write(zip, bytes);

    // when, then
    assertFails(FailureReason.MODEL_INVALID, "", () -> Bundle.load(zip));
  }

  @Test
  void aLinkOutOfTheBundleIsRefused() throws Exception {
    // given
    Path bundle = BundleFixture.folder(BundleFixture.files(), folder.resolve("bundle"));
    Path outside = Files.move(bundle.resolve("encoder.onnx"), folder.resolve("outside.onnx"));
    Files.createSymbolicLink(bundle.resolve("encoder.onnx"), outside);

    // when, then
    assertFails(FailureReason.MODEL_INVALID, "encoder.onnx", () -> Bundle.load(bundle));
  }

  @Test
  void nothingThereIsSaid() {
    assertFails(
        FailureReason.MODEL_INVALID, "no bundle at", () -> Bundle.load(folder.resolve("absent")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"landshift:contract\" : 1 | \"landshift:contract\" : 2 | contract",
        "\"landshift:window\" : 128 | \"landshift:window\" : \"128\" | landshift:window must be an integer",
        "\"landshift:overlap\" : 0 | \"landshift:overlap\" : 64 | overlap",
        "\"landshift:overlap\" : 0, | '' | landshift:overlap is missing",
        "\"landshift:opset\" : 20 | \"landshift:opset\" : 19 | opset",
        "\"need\" : \"required\" | \"need\" : \"somehow\" | must be one of",
        "\"step\" : 1.0E-4 | \"step\" : 0 | step above 0",
        "\"low\" : 2.5 | \"low\" : -1 | low",
        "\"low\" : 2.5 | \"low\" : 1e999 | must be a number",
        "\"mlm:framework\" : \"ONNX\" | \"mlm:framework\" : \"PyTorch\" | ONNX",
        "\"nir08\", | \"nir09\", | nir09",
        "./change.onnx | ../change.onnx | refused",
        "./change.onnx | ./encoder.onnx | two assets",
        "\"change\" : { | \"guess\" : { | guess",
        "\"stac_version\" | \"type\" | Duplicate",
        "\"file:checksum\" : \"1220 | \"file:checksum\" : \"1114 | file:checksum",
      })
  void aManifestThatBreaksTheContractIsRefused(String text, String replacement, String message) {
    assertFails(
        FailureReason.MODEL_INVALID,
        message,
        () -> check(BundleFixture.withManifestText(text, replacement)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "null", "{} {}", "{\"properties\": 1}"})
  void aManifestThatIsNoItemIsRefused(String json) {
    // given
    Map<String, byte[]> files = BundleFixture.files();
    files.put(Bundle.MANIFEST, json.getBytes(StandardCharsets.UTF_8));

    // when, then
    assertFails(FailureReason.MODEL_INVALID, "bundle.json", () -> check(files));
  }

  @Test
  void aManifestNestedTooDeepIsRefused() {
    // given
    Map<String, byte[]> files = BundleFixture.files();
    files.put(Bundle.MANIFEST, "[".repeat(10_000).getBytes(StandardCharsets.UTF_8));

    // when, then
    assertFails(FailureReason.MODEL_INVALID, "depth", () -> check(files));
  }

  @ParameterizedTest
  @EnumSource(GraphRole.class)
  void aGraphOfAnotherRoleIsRefused(GraphRole role) {
    // given
    GraphRole other = GraphRole.values()[(role.ordinal() + 1) % GraphRole.values().length];
    byte[] onnx = Bundles.spectralBaseline().graph(other);

    // when, then
    assertFails(
        FailureReason.MODEL_INVALID,
        "the graph '" + role.key() + "' must have the inputs",
        () -> check(BundleFixture.withGraph(role, onnx)));
  }

  private static Bundle check(Map<String, byte[]> files) {
    return Bundle.of(files, null, BundleLimits.DEFAULT);
  }

  private static void assertFails(FailureReason reason, String message, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LandshiftException.class,
            failure -> assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason))
        .hasMessageContaining(message);
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
