package io.landshift.model.bundle;

import io.landshift.schemas.LandshiftException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A checked model bundle in memory: manifest, graphs and self-test files.
 *
 * <p>All checks that need no session are done: limits, digests, manifest, operators and shapes of
 * every graph. Immutable and free of native handles; safe for use by threads.
 */
public final class Bundle {
  /** The manifest's file. */
  public static final String MANIFEST = "bundle.json";

  private final BundleManifest manifest;
  private final String digest;
  private final Map<String, byte[]> files;
  private final Map<GraphRole, String> graphs;
  private final Map<GraphRole, GraphSignature> signatures;
  private final @Nullable MaskBundle mask;

  private Bundle(
      BundleManifest manifest,
      String digest,
      Map<String, byte[]> files,
      Map<GraphRole, String> graphs,
      Map<GraphRole, GraphSignature> signatures,
      @Nullable MaskBundle mask) {
    this.mask = mask;
    this.manifest = manifest;
    this.digest = digest;
    this.files = files;
    this.graphs = graphs;
    this.signatures = signatures;
  }

  /**
   * Reads and checks a bundle.
   *
   * @param folderOrZip a folder, or a zip with {@code bundle.json} at its root
   * @throws LandshiftException MODEL_DIGEST_MISMATCH, MODEL_INVALID, LIMIT_EXCEEDED or
   *     STORAGE_UNAVAILABLE
   */
  public static Bundle load(Path folderOrZip) {
    return load(folderOrZip, null, BundleLimits.DEFAULT);
  }

  /**
   * Reads and checks a bundle that must be a certain one.
   *
   * @param folderOrZip a folder, or a zip with {@code bundle.json} at its root
   * @param expectedDigest what a release states, hexadecimal; null accepts any
   * @param limits what may be read
   * @throws LandshiftException MODEL_DIGEST_MISMATCH, MODEL_INVALID, LIMIT_EXCEEDED or
   *     STORAGE_UNAVAILABLE
   */
  public static Bundle load(
      Path folderOrZip, @Nullable String expectedDigest, BundleLimits limits) {
    return load(folderOrZip, expectedDigest, limits, null);
  }

  /**
   * Reads and checks a bundle that must be a certain one, signed by a certain key.
   *
   * @param folderOrZip a folder, or a zip with {@code bundle.json} at its root
   * @param expectedDigest what a release states, hexadecimal; null accepts any
   * @param limits what may be read
   * @param key whose {@link BundleSignature} the bundle must have; null asks for none
   * @throws LandshiftException MODEL_SIGNATURE_INVALID, MODEL_DIGEST_MISMATCH, MODEL_INVALID,
   *     LIMIT_EXCEEDED or STORAGE_UNAVAILABLE
   */
  public static Bundle load(
      Path folderOrZip,
      @Nullable String expectedDigest,
      BundleLimits limits,
      @Nullable ModelKey key) {
    return of(BundleFiles.read(folderOrZip, limits, key), expectedDigest, limits);
  }

  /**
   * Checks a bundle whose files are in memory.
   *
   * @param files content by path; the arrays must not be changed afterwards
   * @param expectedDigest what a release states, hexadecimal; null accepts any
   * @param limits what the manifest may hold
   * @throws LandshiftException MODEL_DIGEST_MISMATCH, MODEL_INVALID or LIMIT_EXCEEDED
   */
  public static Bundle of(
      Map<String, byte[]> files, @Nullable String expectedDigest, BundleLimits limits) {
    Map<String, byte[]> sorted = Collections.unmodifiableMap(new TreeMap<>(files));
    String digest = BundleChecks.digest(sorted, expectedDigest);
    byte[] json = BundleChecks.manifest(sorted, limits);
    BundleDocument document = BundleDocument.read(json);
    BundleChecks.files(sorted, document.checksums());
    checkSelfTest(document);
    Map<GraphRole, GraphSignature> signatures = checkGraphs(sorted, document);
    MaskManifest mask = document.mask();
    MaskBundle head =
        mask == null ? null : MaskBundle.within(sorted, digest, mask, document.maskGraph());
    return new Bundle(document.manifest(), digest, sorted, document.graphs(), signatures, head);
  }

  private static void checkSelfTest(BundleDocument document) {
    for (String path : document.manifest().selfTest().files()) {
      if (!document.checksums().containsKey(path)) {
        throw Invalid.model("the self-test names " + path + ", which is no asset");
      }
    }
  }

  private static Map<GraphRole, GraphSignature> checkGraphs(
      Map<String, byte[]> files, BundleDocument document) {
    Map<GraphRole, GraphSignature> signatures = new EnumMap<>(GraphRole.class);
    for (GraphRole role : GraphRole.values()) {
      String path = document.graphs().get(role);
      byte[] onnx = path == null ? null : files.get(path);
      if (onnx == null) {
        throw Invalid.model(MANIFEST + " has no asset '" + role.key() + "'");
      }
      GraphSignature signature = inspect(role, onnx);
      GraphContract.check(role, signature, document.manifest());
      signatures.put(role, signature);
    }
    return signatures;
  }

  private static GraphSignature inspect(GraphRole role, byte[] onnx) {
    try {
      return GraphInspector.inspect(onnx);
    } catch (LandshiftException e) {
      throw Invalid.model("the graph '" + role.key() + "' is refused: " + e.getMessage(), e);
    }
  }

  /** What the bundle says about itself. */
  public BundleManifest manifest() {
    return manifest;
  }

  /**
   * SHA-256 over the digests of all files: what releases, products and alerts carry as the model's
   * identity. See {@link Digests#ofBundle}.
   */
  public String digest() {
    return digest;
  }

  /** The ONNX file that plays a part, a fresh copy. */
  public byte[] graph(GraphRole role) {
    return file(Objects.requireNonNull(graphs.get(role)));
  }

  /** What that file declares. */
  public GraphSignature signature(GraphRole role) {
    return Objects.requireNonNull(signatures.get(role));
  }

  /** The mask head that the bundle brings along, if it does. */
  public Optional<MaskBundle> mask() {
    return Optional.ofNullable(mask);
  }

  /**
   * A file of the bundle, a fresh copy.
   *
   * @throws IllegalArgumentException if there is no such file
   */
  public byte[] file(String path) {
    byte[] bytes = files.get(path);
    if (bytes == null) {
      throw new IllegalArgumentException("the bundle has no file " + path);
    }
    return bytes.clone();
  }

  /** Paths of all files, sorted. */
  public Set<String> paths() {
    return files.keySet();
  }

  @Override
  public String toString() {
    return manifest.name() + "@" + digest.substring(0, 12);
  }
}
