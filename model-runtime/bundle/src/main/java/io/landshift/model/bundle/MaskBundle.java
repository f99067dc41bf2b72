package io.landshift.model.bundle;

import io.landshift.schemas.LandshiftException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A checked mask head in memory, from a bundle of its own or from inside a bundle of several heads.
 *
 * <p>A bundle of its own is a folder or a zip with {@code bundle.json}, whose property {@code
 * landshift:mask} is a {@link MaskManifest} and whose asset {@code mask} is the graph. Immutable
 * and free of native handles; safe for use by threads.
 */
public final class MaskBundle {
  private final MaskManifest manifest;
  private final String digest;
  private final byte[] onnx;
  private final GraphSignature signature;

  private MaskBundle(MaskManifest manifest, String digest, byte[] onnx, GraphSignature signature) {
    this.manifest = manifest;
    this.digest = digest;
    this.onnx = onnx;
    this.signature = signature;
  }

  /**
   * Reads and checks a bundle: one of its own, or the mask head of a bundle of several heads.
   *
   * @param folderOrZip a folder, or a zip with {@code bundle.json} at its root
   * @param expectedDigest the digest that the whole bundle must have, hexadecimal; null accepts any
   * @throws LandshiftException MODEL_DIGEST_MISMATCH, MODEL_INVALID, LIMIT_EXCEEDED or
   *     STORAGE_UNAVAILABLE
   */
  public static MaskBundle load(Path folderOrZip, @Nullable String expectedDigest) {
    return load(folderOrZip, expectedDigest, null);
  }

  /**
   * Reads and checks a bundle, as {@link #load(Path, String)}, that must be signed.
   *
   * @param key whose {@link BundleSignature} the bundle must have; null asks for none
   * @throws LandshiftException MODEL_SIGNATURE_INVALID, and as {@link #load(Path, String)}
   */
  public static MaskBundle load(
      Path folderOrZip, @Nullable String expectedDigest, @Nullable ModelKey key) {
    Map<String, byte[]> files = BundleFiles.read(folderOrZip, BundleLimits.DEFAULT, key);
    return of(files, expectedDigest, BundleLimits.DEFAULT);
  }

  /**
   * Reads and checks a bundle if it is nothing but a mask head.
   *
   * @param folderOrZip a folder, or a zip with {@code bundle.json} at its root
   * @param key whose {@link BundleSignature} the bundle must have; null asks for none
   * @return empty for a bundle that finds change
   * @throws LandshiftException as {@link #load(Path, String, ModelKey)}
   */
  public static Optional<MaskBundle> loadAlone(Path folderOrZip, @Nullable ModelKey key) {
    return alone(BundleFiles.read(folderOrZip, BundleLimits.DEFAULT, key));
  }

  /** Checks files that are in memory, if they are nothing but a mask head. */
  static Optional<MaskBundle> alone(Map<String, byte[]> files) {
    JsonFields properties =
        BundleDocument.properties(BundleChecks.manifest(files, BundleLimits.DEFAULT));
    boolean alone = properties.has(MaskDocument.PROPERTY) && !properties.has("landshift:inputs");
    return alone ? Optional.of(of(files, null, BundleLimits.DEFAULT)) : Optional.empty();
  }

  /**
   * Checks a bundle whose files are in memory.
   *
   * @param files content by path; the arrays must not be changed afterwards
   * @param expectedDigest the digest that the whole bundle must have, hexadecimal; null accepts any
   * @param limits what the manifest may hold
   * @throws LandshiftException MODEL_DIGEST_MISMATCH, MODEL_INVALID or LIMIT_EXCEEDED
   */
  public static MaskBundle of(
      Map<String, byte[]> files, @Nullable String expectedDigest, BundleLimits limits) {
    Map<String, byte[]> sorted = Collections.unmodifiableMap(new TreeMap<>(files));
    String digest = BundleChecks.digest(sorted, expectedDigest);
    byte[] json = BundleChecks.manifest(sorted, limits);
    JsonFields properties = BundleDocument.properties(json);
    if (!properties.has(MaskDocument.PROPERTY)) {
      throw Invalid.model(
          Bundle.MANIFEST + " has no property " + MaskDocument.PROPERTY + ": this is no mask head");
    }
    BundleDocument.Assets assets = BundleDocument.assets(json);
    BundleChecks.files(sorted, assets.checksums());
    String path = assets.graphs().get(MaskDocument.ASSET);
    return within(
        sorted, digest, MaskDocument.read(properties.object(MaskDocument.PROPERTY)), path);
  }

  /** The mask head of a bundle whose files have been checked. */
  static MaskBundle within(
      Map<String, byte[]> files, String digest, MaskManifest manifest, @Nullable String path) {
    byte[] onnx = path == null ? null : files.get(path);
    if (onnx == null) {
      throw Invalid.model(Bundle.MANIFEST + " has no asset '" + MaskDocument.ASSET + "'");
    }
    return new MaskBundle(manifest, digest, onnx, checked(manifest, onnx));
  }

  /**
   * All files of a bundle that is nothing but a mask head.
   *
   * @param otherFiles content by path, such as a licence text
   * @return content by path
   * @throws LandshiftException MODEL_INVALID where the graph is not what the manifest says
   */
  public static Map<String, byte[]> files(
      MaskManifest manifest, byte[] onnx, Map<String, byte[]> otherFiles) {
    checked(manifest, onnx);
    Map<String, byte[]> files = new TreeMap<>(otherFiles);
    files.put(MaskDocument.ASSET + ".onnx", onnx);
    files.put(
        Bundle.MANIFEST,
        BundleWriter.item(manifest.name(), MaskDocument.properties(manifest), files));
    return files;
  }

  private static GraphSignature checked(MaskManifest manifest, byte[] onnx) {
    GraphSignature graph;
    try {
      graph = GraphInspector.inspect(onnx);
    } catch (LandshiftException e) {
      throw Invalid.model("the mask graph is refused: " + e.detail(), e);
    }
    if (graph.opset() != manifest.opset()) {
      throw Invalid.model(
          "the mask graph has opset %d, the manifest says %d"
              .formatted(graph.opset(), manifest.opset()));
    }
    if (!graph.inputs().keySet().equals(Set.of(manifest.input()))) {
      throw Invalid.model(
          "the mask graph must have the one input [%s], has %s"
              .formatted(manifest.input(), graph.inputs().keySet()));
    }
    requirePlanes(
        manifest.input(), graph.inputs().get(manifest.input()), manifest.bands().size(), manifest);
    requirePlanes(
        manifest.output(),
        graph.outputs().get(manifest.output()),
        manifest.classes().size(),
        manifest);
    return graph;
  }

  private static void requirePlanes(
      String name, GraphSignature.@Nullable Tensor tensor, int channels, MaskManifest manifest) {
    if (tensor == null) {
      throw Invalid.model("the mask graph has no tensor '" + name + "'");
    }
    int size = manifest.windows().size();
    List<Long> wanted = List.of(GraphSignature.SYMBOLIC, (long) channels, (long) size, (long) size);
    List<Long> stated = tensor.dimensions();
    boolean fits =
        tensor.elementType() == GraphSignature.FLOAT32
            && stated.size() == wanted.size()
            && stated.getFirst() == GraphSignature.SYMBOLIC;
    for (int axis = 1; fits && axis < wanted.size(); axis++) {
      fits =
          stated.get(axis) == GraphSignature.SYMBOLIC || stated.get(axis).equals(wanted.get(axis));
    }
    if (!fits) {
      throw Invalid.model(
          "tensor %s of the mask graph must be float32 [N, %d, %d, %d] with a symbolic batch, is element type %d %s"
              .formatted(name, channels, size, size, tensor.elementType(), stated));
    }
  }

  /** What the head takes and gives. */
  public MaskManifest manifest() {
    return manifest;
  }

  /** The digest of the bundle that the head comes from. */
  public String digest() {
    return digest;
  }

  /** The ONNX file, a fresh copy. */
  public byte[] graph() {
    return onnx.clone();
  }

  /** What that file declares. */
  public GraphSignature signature() {
    return signature;
  }

  @Override
  public String toString() {
    return manifest.name() + "@" + digest.substring(0, 12);
  }
}
