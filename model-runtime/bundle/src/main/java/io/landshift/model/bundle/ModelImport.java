package io.landshift.model.bundle;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a mask head's bundle around somebody else's graph: no code of theirs is run, and none is
 * written.
 *
 * <p>What the graph takes and gives comes from a manifest that the user wrote, a JSON object as
 * {@link MaskManifest} is stored, or from the presets: manifests of known graphs, by the SHA-256 of
 * the graph. Pure but for the reading of the file.
 */
public final class ModelImport {
  private static final String PRESETS = "mask-presets.json";

  private final BundleLimits limits;

  private ModelImport(BundleLimits limits) {
    this.limits = limits;
  }

  /**
   * Reads a graph and what describes it.
   *
   * @param file an ONNX file, a manifest whose field {@code graph} names the ONNX file beside it,
   *     or a zip (a Python wheel is one) that holds ONNX files
   * @param graph which of a zip's graphs, by path or by name without ending; null takes the only
   *     one
   * @param manifest a manifest to be used instead of the preset or of the one beside the graph
   * @return the files of the bundle, with their list of digests
   * @throws LandshiftException MODEL_INVALID, MODEL_DIGEST_MISMATCH or LIMIT_EXCEEDED;
   *     ASSET_MISSING where a file is not there
   */
  public static Map<String, byte[]> read(
      Path file, @Nullable String graph, @Nullable Path manifest) {
    return read(file, graph, manifest, BundleLimits.DEFAULT);
  }

  static Map<String, byte[]> read(
      Path file, @Nullable String graph, @Nullable Path manifest, BundleLimits limits) {
    return new ModelImport(limits).files(file, graph, manifest);
  }

  private Map<String, byte[]> files(Path file, @Nullable String graph, @Nullable Path manifest) {
    if (!Files.isRegularFile(file)) {
      throw new LandshiftException(FailureReason.ASSET_MISSING, "there is no file " + file);
    }
    String name = file.toString().toLowerCase(Locale.ROOT);
    byte[] stated = manifest == null ? null : BundleFiles.one(manifest, limits.maxManifestBytes());
    if (name.endsWith(".json")) {
      byte[] own = BundleFiles.one(file, limits.maxManifestBytes());
      String path = fields(own).text("graph");
      if (!BundleFiles.isSafe(path)) {
        throw Invalid.model("the graph's path '" + path + "' is refused; put it beside " + file);
      }
      Path beside = file.resolveSibling(path);
      return bundle(
          BundleFiles.one(beside, limits.maxFileBytes()), stated == null ? own : stated, Map.of());
    }
    if (name.endsWith(".onnx")) {
      Path beside = Path.of(file.toString().replaceFirst("(?i)\\.onnx$", ".json"));
      byte[] own =
          Files.isRegularFile(beside) ? BundleFiles.one(beside, limits.maxManifestBytes()) : null;
      return bundle(
          BundleFiles.one(file, limits.maxFileBytes()), stated == null ? own : stated, Map.of());
    }
    return archived(BundleFiles.read(file, limits, null), graph, stated);
  }

  private Map<String, byte[]> archived(
      Map<String, byte[]> files, @Nullable String graph, byte @Nullable [] stated) {
    List<String> graphs = files.keySet().stream().filter(path -> path.endsWith(".onnx")).toList();
    List<String> chosen =
        graphs.stream().filter(path -> graph == null || isNamed(path, graph)).toList();
    if (chosen.size() != 1) {
      throw Invalid.model(
          "name one of the archive's graphs: "
              + graphs.stream().map(ModelImport::baseName).sorted().toList());
    }
    String path = chosen.getFirst();
    byte[] own = files.get(path.replaceFirst("onnx$", "json"));
    Map<String, byte[]> documents = new TreeMap<>();
    files.forEach((name, bytes) -> {
      if (name.equals("LICENSE") || name.endsWith("/LICENSE")) {
        documents.put("LICENSE", bytes);
      }
    });
    byte[] onnx = files.get(path);
    if (onnx == null) {
      throw new IllegalStateException("the path is one of the archive's");
    }
    return bundle(onnx, stated == null ? own : stated, documents);
  }

  private static boolean isNamed(String path, String graph) {
    return path.equals(graph) || baseName(path).equals(graph);
  }

  private static String baseName(String path) {
    return path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.onnx$", "");
  }

  private static Map<String, byte[]> bundle(
      byte[] onnx, byte @Nullable [] stated, Map<String, byte[]> documents) {
    return BundleWriter.listed(MaskBundle.files(manifest(onnx, stated), onnx, documents));
  }

  /** What was stated, if it is a manifest; what a maker of graphs puts beside them is not. */
  private static MaskManifest manifest(byte[] onnx, byte @Nullable [] stated) {
    String digest = Digests.sha256(onnx);
    JsonFields fields = stated == null ? null : fields(stated);
    if (fields != null && fields.has("classes") && fields.has("bands")) {
      if (fields.has("sha256") && !fields.text("sha256").toLowerCase(Locale.ROOT).equals(digest)) {
        throw Invalid.digest(
            "the graph has the digest %s, the manifest states %s; fetch the graph again"
                .formatted(digest, fields.text("sha256")));
      }
      return MaskDocument.read(fields);
    }
    JsonFields presets = presets();
    if (!presets.has(digest)) {
      // Before the advice: a graph that is refused anyway needs no manifest.
      var unused = GraphInspector.inspect(onnx);
      throw Invalid.model(
          "no preset knows the graph with the digest "
              + digest
              + "; write a manifest for it and name it with --manifest");
    }
    return MaskDocument.read(presets.object(digest));
  }

  private static JsonFields fields(byte[] json) {
    return new JsonFields(BundleDocument.parse(json), "the manifest");
  }

  private static JsonFields presets() {
    try (InputStream in = ModelImport.class.getResourceAsStream(PRESETS)) {
      if (in == null) {
        throw Invalid.model("the product was packaged without " + PRESETS);
      }
      return new JsonFields(BundleDocument.parse(in.readAllBytes()), PRESETS);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the product's own jar", e);
    }
  }
}
