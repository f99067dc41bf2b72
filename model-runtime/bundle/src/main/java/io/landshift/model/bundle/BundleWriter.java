package io.landshift.model.bundle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleManifest.Feature;
import io.landshift.model.bundle.BundleManifest.InputGroup;
import io.landshift.model.bundle.BundleManifest.LandCoverClass;
import io.landshift.model.bundle.BundleManifest.NormalisedDifference;
import io.landshift.model.bundle.BundleManifest.ReferenceParameters;
import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.bundle.BundleManifest.SelfTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes bundles. The same content gives the same bytes on every machine: what training and recipes
 * put out is checked by digest.
 */
public final class BundleWriter {
  private static final List<String> PLANES = List.of("batch", "channel", "height", "width");

  private final BundleManifest manifest;

  private BundleWriter(BundleManifest manifest) {
    this.manifest = manifest;
  }

  /**
   * All files of a bundle, {@code bundle.json} among them.
   *
   * @param manifest what it says about itself
   * @param graphs one ONNX file per role
   * @param otherFiles content by path: the self-test's files, and documents such as a model card
   * @return content by path
   * @throws IllegalArgumentException if a role has no graph
   */
  public static Map<String, byte[]> files(
      BundleManifest manifest, Map<GraphRole, byte[]> graphs, Map<String, byte[]> otherFiles) {
    Map<String, byte[]> files = new TreeMap<>(otherFiles);
    for (GraphRole role : GraphRole.values()) {
      byte[] onnx = graphs.get(role);
      if (onnx == null) {
        throw new IllegalArgumentException("no graph for the role " + role.key());
      }
      files.put(role.key() + ".onnx", onnx);
    }
    files.put(
        Bundle.MANIFEST, item(manifest.name(), new BundleWriter(manifest).properties(), files));
    return files;
  }

  /**
   * All files of a bundle that brings a mask head along.
   *
   * @param manifest what it says about itself
   * @param graphs one ONNX file per role
   * @param mask what the mask head takes and gives
   * @param maskGraph its ONNX file
   * @param otherFiles content by path: the self-test's files, and documents such as a model card
   * @return content by path
   * @throws IllegalArgumentException if a role has no graph
   */
  public static Map<String, byte[]> files(
      BundleManifest manifest,
      Map<GraphRole, byte[]> graphs,
      MaskManifest mask,
      byte[] maskGraph,
      Map<String, byte[]> otherFiles) {
    Map<String, byte[]> files = new TreeMap<>(otherFiles);
    files.put(MaskDocument.ASSET + ".onnx", maskGraph);
    files = files(manifest, graphs, files);
    files.remove(Bundle.MANIFEST);
    Map<String, @Nullable Object> properties = new BundleWriter(manifest).properties();
    properties.put(MaskDocument.PROPERTY, MaskDocument.json(mask));
    files.put(Bundle.MANIFEST, item(manifest.name(), properties, files));
    return files;
  }

  /**
   * The files of a bundle with the list of their digests, {@code SHA256SUMS}, which {@code
   * sha256sum -c} reads in the bundle's folder. The list is part of the bundle's digest.
   *
   * @param files content by path; an earlier list is replaced
   */
  public static Map<String, byte[]> listed(Map<String, byte[]> files) {
    Map<String, byte[]> listed = new TreeMap<>(files);
    listed.remove(BundleChecks.CHECKSUMS);
    listed.put(BundleChecks.CHECKSUMS, BundleChecks.list(listed));
    return listed;
  }

  /**
   * Writes the files into a folder, which is made where it is absent. Files of other names that are
   * there already stay.
   *
   * @throws IOException if the folder cannot be written
   */
  public static void write(Map<String, byte[]> files, Path folder) throws IOException {
    for (var file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.write(path, file.getValue());
    }
  }

  /** A manifest: a STAC item that lists the files. */
  static byte[] item(
      String name, Map<String, @Nullable Object> properties, Map<String, byte[]> files) {
    Map<String, @Nullable Object> item = new LinkedHashMap<>();
    item.put("type", "Feature");
    item.put("stac_version", "1.1.0");
    item.put(
        "stac_extensions",
        List.of(
            "https://stac-extensions.github.io/mlm/v1.4.0/schema.json",
            "https://stac-extensions.github.io/file/v2.1.0/schema.json"));
    item.put("id", name);
    item.put("geometry", null);
    item.put("properties", properties);
    item.put("links", List.of());
    Map<String, Object> assets = new LinkedHashMap<>();
    files.forEach((path, bytes) -> assets.put(assetKey(path), asset(path, bytes)));
    item.put("assets", assets);
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    try {
      String json = new ObjectMapper().writer(printer).writeValueAsString(item);
      return (json + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest is always JSON", e);
    }
  }

  private static String assetKey(String path) {
    if (path.equals(MaskDocument.ASSET + ".onnx")) {
      return MaskDocument.ASSET;
    }
    for (GraphRole role : GraphRole.values()) {
      if (path.equals(role.key() + ".onnx")) {
        return role.key();
      }
    }
    return path;
  }

  private static Map<String, Object> asset(String path, byte[] bytes) {
    Map<String, Object> asset = new LinkedHashMap<>();
    asset.put("href", "./" + path);
    if (path.equals(assetKey(path))) {
      asset.put("roles", List.of("metadata"));
    } else {
      asset.put("type", "application/octet-stream; application=onnx");
      asset.put("roles", List.of("mlm:model"));
      asset.put("mlm:artifact_type", "onnx");
    }
    asset.put("file:size", bytes.length);
    asset.put("file:checksum", BundleDocument.MULTIHASH_SHA256 + Digests.sha256(bytes));
    return asset;
  }

  private Map<String, @Nullable Object> properties() {
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    properties.put("description", manifest.description());
    properties.put("datetime", null);
    properties.put("start_datetime", "2015-06-27T00:00:00Z");
    properties.put("end_datetime", "9999-12-31T23:59:59Z");
    properties.put("bands", manifest.bands().stream().map(BundleWriter::stacBand).toList());
    properties.put("mlm:name", manifest.name());
    properties.put("mlm:architecture", manifest.architecture());
    properties.put("mlm:tasks", List.of("semantic-segmentation", "regression"));
    properties.put("mlm:framework", "ONNX");
    properties.put("mlm:accelerator", "amd64");
    properties.put("mlm:accelerator_constrained", false);
    properties.put("mlm:input", manifest.inputs().stream().map(this::mlmInput).toList());
    properties.put("mlm:output", List.of(mlmFeatures(), mlmProbabilities(), mlmScores()));
    properties.put("landshift:contract", BundleDocument.CONTRACT);
    properties.put(
        "landshift:inputs", manifest.inputs().stream().map(BundleWriter::inputGroup).toList());
    properties.put("landshift:window", manifest.window().size());
    properties.put("landshift:overlap", manifest.window().overlap());
    properties.put("landshift:stride", manifest.window().stride());
    properties.put("landshift:head_window", manifest.window().headWindow());
    properties.put(
        "landshift:features", manifest.features().stream().map(BundleWriter::feature).toList());
    properties.put(
        "landshift:classes",
        manifest.classes().stream().map(BundleWriter::landCoverClass).toList());
    properties.put(
        "landshift:scores", manifest.scores().stream().map(BundleWriter::score).toList());
    properties.put("landshift:reference", reference(manifest.reference()));
    properties.put("landshift:opset", manifest.opset());
    properties.put("landshift:self_test", selfTest(manifest.selfTest()));
    return properties;
  }

  /** MLM asks for the bands that inputs name to be described in the item, as STAC 1.1 has them. */
  private static Map<String, Object> stacBand(Band band) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", band.commonName());
    json.put("description", "centre wavelength %s micrometres".formatted(band.wavelength()));
    return json;
  }

  private Map<String, @Nullable Object> mlmInput(InputGroup group) {
    int size = manifest.window().size();
    List<Map<String, @Nullable Object>> scaling = new ArrayList<>();
    for (Band band : group.bands()) {
      Map<String, @Nullable Object> entry = new LinkedHashMap<>();
      if (band.normalisation() != null) {
        entry.put("type", "z-score");
        entry.put("mean", band.normalisation().mean());
        entry.put("stddev", band.normalisation().deviation());
      } else {
        entry.put("type", null);
      }
      scaling.add(entry);
    }
    boolean scaled = group.bands().stream().anyMatch(band -> band.normalisation() != null);
    Map<String, @Nullable Object> input = new LinkedHashMap<>();
    input.put("name", group.tensor());
    input.put("bands", group.bands().stream().map(Band::commonName).toList());
    input.put("input", structure(List.of(-1, group.bands().size(), size, size), PLANES));
    input.put("value_scaling", scaled ? scaling : null);
    input.put("resize_type", null);
    input.put("pre_processing_function", null);
    return input;
  }

  private Map<String, Object> mlmFeatures() {
    int cells = manifest.window().size() / manifest.window().stride();
    return mlmOutput(
        "features", "regression", List.of(-1, manifest.encodedFeatures(), cells, cells));
  }

  private Map<String, Object> mlmProbabilities() {
    int size = manifest.window().headSize();
    Map<String, Object> output =
        mlmOutput(
            "probabilities",
            "semantic-segmentation",
            List.of(-1, manifest.classes().size(), size, size));
    List<Map<String, Object>> classes = new ArrayList<>();
    for (LandCoverClass item : manifest.classes()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("value", item.value());
      entry.put("name", item.name());
      entry.put("title", item.title());
      // Asked for by the classification extension, which MLM's schema refers to.
      entry.put("description", item.title());
      entry.put("color_hint", colour(item));
      classes.add(entry);
    }
    output.put("classification:classes", classes);
    return output;
  }

  private Map<String, Object> mlmScores() {
    int size = manifest.window().headSize();
    return mlmOutput("scores", "regression", List.of(-1, manifest.scores().size(), size, size));
  }

  private static Map<String, Object> mlmOutput(String name, String task, List<Integer> shape) {
    Map<String, Object> output = new LinkedHashMap<>();
    output.put("name", name);
    output.put("tasks", List.of(task));
    output.put("result", structure(shape, PLANES));
    return output;
  }

  private static Map<String, Object> structure(List<Integer> shape, List<String> order) {
    Map<String, Object> structure = new LinkedHashMap<>();
    structure.put("shape", shape);
    structure.put("dim_order", order);
    structure.put("data_type", "float32");
    return structure;
  }

  private static Map<String, Object> inputGroup(InputGroup group) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", group.name());
    json.put("modality", lowerCase(group.modality()));
    json.put("tensor", group.tensor());
    List<Map<String, Object>> bands = new ArrayList<>();
    for (Band band : group.bands()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("common_name", band.commonName());
      entry.put("wavelength", band.wavelength());
      entry.put("need", lowerCase(band.need()));
      if (band.normalisation() != null) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("mean", band.normalisation().mean());
        numbers.put("deviation", band.normalisation().deviation());
        entry.put("normalisation", numbers);
      }
      bands.add(entry);
    }
    json.put("bands", bands);
    return json;
  }

  private static Map<String, Object> feature(Feature feature) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", feature.name());
    json.put("step", feature.step());
    if (feature.cell() > 1) {
      json.put("cell", feature.cell());
    }
    json.put("correction_clip", feature.correctionClip());
    if (feature.spreadFloor() != null) {
      json.put("spread_floor", feature.spreadFloor());
    }
    if (feature.correctionCondition() != null) {
      Map<String, Object> condition = new LinkedHashMap<>();
      condition.put("feature", feature.correctionCondition().feature());
      condition.put("minimum", feature.correctionCondition().minimum());
      json.put("correction_condition", condition);
    }
    NormalisedDifference derivation = feature.derivation();
    if (derivation == null) {
      json.put("requires", feature.requires());
    } else {
      Map<String, Object> difference = new LinkedHashMap<>();
      difference.put("first", derivation.first());
      difference.put("second", derivation.second());
      json.put("normalised_difference", difference);
    }
    return json;
  }

  private static Map<String, Object> landCoverClass(LandCoverClass item) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("value", item.value());
    json.put("name", item.name());
    json.put("title", item.title());
    json.put("colour", colour(item));
    return json;
  }

  private static Map<String, Object> score(Score score) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", score.name());
    json.put("direction", lowerCase(score.direction()));
    json.put("low", score.low());
    json.put("high", score.high());
    if (score.calibration() != null) {
      Map<String, Object> measured = new LinkedHashMap<>();
      measured.put("exceedance_low", score.calibration().exceedanceLow());
      measured.put("exceedance_high", score.calibration().exceedanceHigh());
      measured.put("data", score.calibration().data());
      json.put("calibration", measured);
    }
    return json;
  }

  private static Map<String, Object> reference(ReferenceParameters reference) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("window_days", reference.windowDays());
    json.put("wide_window_days", reference.wideWindowDays());
    json.put("min_age_days", reference.minAgeDays());
    json.put("max_age_days", reference.maxAgeDays());
    json.put("min_looks", reference.minLooks());
    json.put("max_looks", reference.maxLooks());
    return json;
  }

  private static Map<String, Object> selfTest(SelfTest test) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("width", test.width());
    json.put("height", test.height());
    json.put("presence", test.presence());
    json.put("bands", test.bands());
    json.put("features", test.features());
    json.put("centre", test.centre());
    json.put("spread", test.spread());
    json.put("probabilities", test.probabilities());
    json.put("scores", test.scores());
    json.put("feature_tolerance", test.featureTolerance());
    json.put("probability_tolerance", test.probabilityTolerance());
    json.put("score_tolerance", test.scoreTolerance());
    return json;
  }

  private static String colour(LandCoverClass item) {
    return "%06X".formatted(item.colour());
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
