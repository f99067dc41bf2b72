package io.landshift.model.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleSignatureTest {
  @TempDir private Path folder;

  private Path signed() throws IOException {
    Path bundle = BundleFixture.folder(BundleFixture.files(), folder.resolve("bundle"));
    BundleSignature.sign(bundle, TestKeys.OURS.privatePem(folder));
    return bundle;
  }

  private static Bundle load(Path bundle) {
    return Bundle.load(bundle, null, BundleLimits.DEFAULT, TestKeys.OURS.key());
  }

  @Test
  void aSignedBundleIsTakenAsFolderAndAsZipAndHasTheDigestItHad() throws Exception {
    // given
    Path bundle = BundleFixture.folder(BundleFixture.files(), folder.resolve("bundle"));
    String before = Bundle.load(bundle).digest();

    // when
    String stated = BundleSignature.sign(bundle, TestKeys.OURS.privatePem(folder));
    Map<String, byte[]> all = new TreeMap<>(BundleFixture.files());
    all.put("SHA256SUMS.sig", Files.readAllBytes(bundle.resolve("SHA256SUMS.sig")));
    Path zip = BundleFixture.zip(all, folder.resolve("bundle.zip"));

    // then
    assertThat(stated).isEqualTo(before);
    assertThat(bundle.resolve("SHA256SUMS.sig")).hasSize(64);
    assertThat(load(bundle).digest()).isEqualTo(before);
    assertThat(load(zip).digest()).isEqualTo(before);
    assertThat(load(bundle).paths()).isEqualTo(BundleFixture.files().keySet());
    assertThat(Bundle.load(bundle).digest()).as("without a key").isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    // RFC 8032, section 7.1, TEST 1 and TEST 3
    "OURS, '',"
        + " e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "OTHERS, af82,"
        + " 6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
  })
  void signaturesAreThoseOfTheStandard(TestKeys keys, String message, String signature)
      throws Exception {
    // given
    byte[] bytes = HexFormat.of().parseHex(message);
    byte[] expected = HexFormat.of().parseHex(signature);

    // when
    byte[] made = BundleSignature.sign(bytes, PemFile.privateKey(keys.privatePem(folder)));

    // then
    assertThat(made).isEqualTo(expected);
    assertThat(keys.key().verifies(bytes, expected)).isTrue();
    assertThat(ModelKey.read(keys.publicPem(folder))).isEqualTo(keys.key());
  }

  /**
   * Made once in a shell: {@code find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >
   * list; openssl pkeyutl -sign -inkey OURS-private.pem -rawin -in list}.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatOpensslSignsIsTaken(boolean withList) throws Exception {
    // given
    Map<String, byte[]> files = new TreeMap<>();
    Map.of("B.txt", "one\n", "a-b.txt", "two\n", "a.txt", "three\n", "a/b.txt", "four\n")
        .forEach((path, text) -> files.put(path, text.getBytes(StandardCharsets.US_ASCII)));
    files.put("empty", new byte[0]);
    if (withList) {
      String list =
          """
          2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806  B.txt
          27dd8ed44a83ff94d557f9fd0412ed5a8cbca69ea04922d88c01184a07300a5a  a-b.txt
          f6936912184481f5edd4c304ce27c5a1a827804fc7f329f43d273b8621870776  a.txt
          ab929fcd5594037960792ea0b98caf5fdaf6b60645e4ef248c28db74260f393e  a/b.txt
          e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  empty
          """;
      files.put("SHA256SUMS", list.getBytes(StandardCharsets.US_ASCII));
    }
    Path bundle = BundleFixture.folder(files, folder.resolve("bundle"));
    String signature =
        "f51603284d6c0cfc06e88ec970f5c5d930e38c87be2e0a74ec752a89890b2369"
            + "74491ca2186ec6b86108685d2dbd941e87044edfe5367756e9066982a71fef0d";
    Files.write(bundle.resolve("SHA256SUMS.sig"), HexFormat.of().parseHex(signature));

    // when
    Map<String, byte[]> read = BundleFiles.read(bundle, BundleLimits.DEFAULT, TestKeys.OURS.key());

    // then
    assertThat(read.keySet()).isEqualTo(files.keySet());
  }

  @Test
  void aBundleWithoutSignatureIsRefusedIfAKeyIsConfigured() throws Exception {
    // given
    Path bundle = BundleFixture.folder(BundleFixture.files(), folder.resolve("bundle"));

    // when, then
    refused("has no SHA256SUMS.sig", () -> load(bundle));
    refused("landshift models sign", () -> MaskBundle.load(bundle, null, TestKeys.OURS.key()));
    refused("has no", () -> MaskBundle.loadAlone(bundle, TestKeys.OURS.key()));
  }

  @Test
  void aSignatureByAnotherKeyIsRefusedUntilOursReplacesIt() throws Exception {
    // given
    Path bundle = BundleFixture.folder(BundleFixture.files(), folder.resolve("bundle"));

    // when
    BundleSignature.sign(bundle, TestKeys.OTHERS.privatePem(folder));

    // then
    refused("another key signed it", () -> load(bundle));
    BundleSignature.sign(bundle, TestKeys.OURS.privatePem(folder));
    assertThat(load(bundle).digest()).isEqualTo(Bundles.spectralBaseline().digest());
  }

  static Iterable<String> files() {
    return Bundles.spectralBaseline().paths();
  }

  @ParameterizedTest
  @MethodSource("files")
  void oneChangedBitInAnyFileIsRefused(String path) throws Exception {
    // given
    Path bundle = signed();
    byte[] bytes = Files.readAllBytes(bundle.resolve(path));
    bytes[bytes.length / 2] ^= 1;

    // when
    Files.write(bundle.resolve(path), bytes);

    // then
    refused("a file was changed since", () -> load(bundle));
  }

  @Test
  void aFileThatCameOrWentOrMovedIsRefused() throws Exception {
    // given
    Path bundle = signed();
    Path card = bundle.resolve("card.md");

    // when, then
    Files.writeString(card, "new");
    refused("a file was changed since", () -> load(bundle));
    Files.delete(card);
    assertThat(load(bundle).digest()).isNotEmpty();
    Files.move(bundle.resolve("change.onnx"), bundle.resolve("changed.onnx"));
    refused("a file was changed since", () -> load(bundle));
    Files.delete(bundle.resolve("changed.onnx"));
    refused("a file was changed since", () -> load(bundle));
  }

  @Test
  void aBundleThatIsSoundInItselfButNotTheSignedOneIsRefused() throws Exception {
    // given: one threshold is another, and every digest fits
    Path bundle = signed();

    // when
    BundleWriter.write(BundleFixture.withManifestText("\"low\" : 2.5", "\"low\" : 3.5"), bundle);

    // then
    assertThat(Bundle.load(bundle).manifest().scores().getFirst().low()).isEqualTo(3.5);
    refused("a file was changed since", () -> load(bundle));
  }

  @Test
  void theListOfDigestsIsTheOneThatIsSigned() throws Exception {
    // given
    Map<String, byte[]> files = BundleWriter.listed(BundleFixture.files());
    byte[] list = files.get("SHA256SUMS");
    Path bundle = BundleFixture.folder(files, folder.resolve("bundle"));
    assertThat(BundleWriter.listed(files).get("SHA256SUMS")).isEqualTo(list);
    Path key = TestKeys.OURS.privatePem(folder);
    BundleSignature.sign(bundle, key);
    assertThat(load(bundle).paths()).contains("SHA256SUMS");

    // when: a list that is true, and shorter
    int line = new String(list, StandardCharsets.UTF_8).indexOf('\n') + 1;
    Files.write(bundle.resolve("SHA256SUMS"), Arrays.copyOfRange(list, line, list.length));

    // then
    assertThat(Bundle.load(bundle).paths()).contains("SHA256SUMS");
    refused("not the list of its files", () -> load(bundle));
    refused("not the list of its files", () -> BundleSignature.sign(bundle, key));
  }

  @Test
  void aSignatureWithAnyChangedBitIsRefused() throws Exception {
    // given
    Path bundle = signed();
    Map<String, byte[]> files = BundleFixture.files();
    byte[] signature = Files.readAllBytes(bundle.resolve("SHA256SUMS.sig"));
    BundleSignature.require(bundle, files, signature, ours());

    for (int bit = 0; bit < 8 * signature.length; bit++) {
      // when
      byte[] changed = signature.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);

      // then
      refused("another key", () -> BundleSignature.require(bundle, files, changed, ours()));
    }
  }

  private static ModelKey ours() {
    return TestKeys.OURS.key();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 65, 88, 1024})
  void aSignatureOfAnotherLengthIsRefused(int bytes) throws Exception {
    // given
    Path bundle = signed();

    // when
    Files.write(bundle.resolve("SHA256SUMS.sig"), new byte[bytes]);

    // then
    refused("has " + bytes + " bytes", () -> load(bundle));
    assertThat(Bundle.load(bundle).manifest().name()).isEqualTo("spectral-baseline");
  }

  @Test
  void aHugeSignatureIsNotReadEvenIfNobodyAsksForOne() throws Exception {
    // given
    Path bundle = signed();
    Files.write(bundle.resolve("SHA256SUMS.sig"), new byte[1025]);

    // when, then
    failsWith(FailureReason.LIMIT_EXCEEDED, "SHA256SUMS.sig", () -> Bundle.load(bundle));
  }

  @Test
  void aSignatureElsewhereIsAFileLikeAnyOther() throws Exception {
    // given
    Path bundle = signed();
    Path below = Files.createDirectory(bundle.resolve("below")).resolve("SHA256SUMS.sig");

    // when
    Files.copy(bundle.resolve("SHA256SUMS.sig"), below);

    // then
    failsWith(FailureReason.MODEL_INVALID, "below/SHA256SUMS.sig", () -> Bundle.load(bundle));
  }

  @Test
  void whatIsNoSoundBundleIsNotSigned() throws Exception {
    // given
    Map<String, byte[]> files = BundleFixture.files();
    Path zip = BundleFixture.zip(files, folder.resolve("bundle.zip"));
    files.get("change.onnx")[100] ^= 1;
    Path damaged = BundleFixture.folder(files, folder.resolve("damaged"));
    Path key = TestKeys.OURS.privatePem(folder);

    // when, then
    failsWith(FailureReason.MODEL_INVALID, "is no folder", () -> BundleSignature.sign(zip, key));
    failsWith(
        FailureReason.MODEL_DIGEST_MISMATCH,
        "change.onnx",
        () -> BundleSignature.sign(damaged, key));
    assertThat(damaged.resolve("SHA256SUMS.sig")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "PRIVATE KEY, MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
    "PUBLIC KEY, ''",
    "PUBLIC KEY, not base64!",
    "PUBLIC KEY, MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPc=",
    // X25519, and P-256
    "PUBLIC KEY, MCowBQYDK2VuAyEA2i08eUn2BNl/5kEMlVGQnK3jvh3B48q4COuOvvGhISU=",
    "PUBLIC KEY, MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEOKRVzf1VuLbu5va8aLEqZonKmADX"
        + "/VNkPdpnzCWEUOlpPtLdoxP/5VI2AllAHP/GNuAejWlbS0QYC6iBMe2uWA==",
    // y = 2, which is no point of the curve
    "PUBLIC KEY, MCowBQYDK2VwAyEAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "CERTIFICATE, MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
  })
  void whatIsNoPublicKeyIsRefused(String label, String base64) throws Exception {
    // given
    Path pem = Files.writeString(folder.resolve("key.pem"), TestKeys.pem(label, base64));

    // when, then
    refused("Ed25519", () -> ModelKey.read(pem));
  }

  @Test
  void aFileThatIsNoKeyIsRefusedAndNothingOfAPrivateKeyIsTold() throws Exception {
    // given
    Path bundle = signed();
    Path absent = folder.resolve("absent.pem");
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    Path cut = Files.writeString(folder.resolve("cut.pem"), "-----BEGIN PRIVATE KEY-----");
    Path huge = Files.write(folder.resolve("huge.pem"), new byte[(1 << 14) + 1]);
    String secret = TestKeys.OURS.privateBase64;
    Path damaged = Files.writeString(folder.resolve("damaged.pem"), "x" + secret);
    Path broken =
        Files.writeString(
            folder.resolve("broken.pem"), TestKeys.pem("PRIVATE KEY", secret.replace("J1", "J!")));

    // when, then
    failsWith(FailureReason.ASSET_MISSING, "absent.pem", () -> ModelKey.read(absent));
    failsWith(FailureReason.LIMIT_EXCEEDED, "huge.pem", () -> ModelKey.read(huge));
    refused("empty.pem", () -> ModelKey.read(empty));
    for (Path file : new Path[] {empty, cut, damaged, broken, TestKeys.OURS.publicPem(folder)}) {
      assertThatThrownBy(() -> BundleSignature.sign(bundle, file))
          .hasMessageContaining("no Ed25519 private key")
          .hasMessageNotContaining(secret.substring(30))
          .hasNoCause();
    }
    assertThat(load(bundle).digest()).as("the earlier signature stays").isNotEmpty();
  }

  @Test
  void aKeyTravelsAndIsNamedAsOpensslNamesIt() throws Exception {
    // given: openssl pkey -pubin -in OURS-public.pem -outform DER | sha256sum
    String expected = "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    // when
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(ours());
    }
    Object there;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      there = in.readObject();
    }

    // then
    assertThat(there).isEqualTo(ours());
    assertThat(ours().fingerprint()).isEqualTo(expected);
    assertThat(Base64.getDecoder().decode(ours().encoded())).hasSize(44);
  }

  private static void refused(String message, ThrowingCallable action) {
    failsWith(FailureReason.MODEL_SIGNATURE_INVALID, message, action);
  }

  private static void failsWith(FailureReason reason, String message, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            LandshiftException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }
}
