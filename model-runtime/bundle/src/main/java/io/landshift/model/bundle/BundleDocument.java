package io.landshift.model.bundle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleManifest.Calibration;
import io.landshift.model.bundle.BundleManifest.Feature;
import io.landshift.model.bundle.BundleManifest.InputGroup;
import io.landshift.model.bundle.BundleManifest.LandCoverClass;
import io.landshift.model.bundle.BundleManifest.Normalisation;
import io.landshift.model.bundle.BundleManifest.NormalisedDifference;
import io.landshift.model.bundle.BundleManifest.ReferenceCondition;
import io.landshift.model.bundle.BundleManifest.ReferenceParameters;
import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.bundle.BundleManifest.SelfTest;
import io.landshift.schemas.Modality;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code bundle.json}: a STAC item with the MLM extension and the {@code landshift:}
 * properties.
 *
 * @param manifest what the product uses
 * @param checksums SHA-256, hexadecimal, of every listed file by path
 * @param graphs path of every graph
 * @param mask the mask head that the bundle brings along, or null
 * @param maskGraph path of its graph, or null
 */
record BundleDocument(
    BundleManifest manifest,
    Map<String, String> checksums,
    Map<GraphRole, String> graphs,
    @Nullable MaskManifest mask,
    @Nullable String maskGraph) {
  /** The version of this contract that bundles must state. */
  static final int CONTRACT = 1;

  /** Multihash of 32 bytes of sha2-256: what the STAC file extension writes before the digest. */
  static final String MULTIHASH_SHA256 = "1220";

  private static final int MAX_DEPTH = 32;
  private static final int MAX_TEXT = 1 << 16;
  private static final Pattern COLOUR = Pattern.compile("[0-9a-fA-F]{6}");
  private static final Pattern CHECKSUM = Pattern.compile("(1220)?[0-9a-f]{64}");

  /**
   * Reads the file.
   *
   * @throws io.landshift.schemas.LandshiftException MODEL_INVALID
   */
  static BundleDocument read(byte[] json) {
    JsonFields properties = properties(json);
    if (properties.has(MaskDocument.PROPERTY) && !properties.has("landshift:inputs")) {
      throw Invalid.model(
          "this bundle is a mask head, and finds no change: name it with --mask-model, beside a"
              + " bundle");
    }
    Assets assets = assets(json);
    Map<GraphRole, String> graphs = new EnumMap<>(GraphRole.class);
    for (GraphRole role : GraphRole.values()) {
      String path = assets.graphs().get(role.key());
      if (path != null) {
        graphs.put(role, path);
      }
    }
    MaskManifest mask =
        properties.has(MaskDocument.PROPERTY)
            ? MaskDocument.read(properties.object(MaskDocument.PROPERTY))
            : null;
    String maskGraph = assets.graphs().get(MaskDocument.ASSET);
    if (mask == null && maskGraph != null) {
      throw Invalid.model("the graph 'mask' needs the property " + MaskDocument.PROPERTY);
    }
    try {
      return new BundleDocument(manifest(properties), assets.checksums(), graphs, mask, maskGraph);
    } catch (IllegalArgumentException e) {
      throw Invalid.model("bundle.json: " + e.getMessage(), e);
    }
  }

  /**
   * The files that a manifest lists.
   *
   * @param checksums SHA-256, hexadecimal, by path
   * @param graphs path of every graph by the key of its asset
   */
  record Assets(Map<String, String> checksums, Map<String, String> graphs) {}

  /**
   * The properties of a manifest, after the check of their version.
   *
   * @throws io.landshift.schemas.LandshiftException MODEL_INVALID
   */
  static JsonFields properties(byte[] json) {
    JsonFields properties = new JsonFields(parse(json), "bundle.json").object("properties");
    if (properties.integer("landshift:contract") != CONTRACT) {
      throw Invalid.model("this version reads bundles of landshift:contract " + CONTRACT);
    }
    return properties;
  }

  /**
   * The files that a manifest lists.
   *
   * @throws io.landshift.schemas.LandshiftException MODEL_INVALID
   */
  static Assets assets(byte[] json) {
    JsonFields item = new JsonFields(parse(json), "bundle.json");
    Assets assets = new Assets(new TreeMap<>(), new TreeMap<>());
    readAssets(item.object("assets"), assets.checksums(), assets.graphs());
    return assets;
  }

  /** Any JSON of unknown origin, within limits. */
  static JsonNode parse(byte[] json) {
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxStringLength(MAX_TEXT)
            .maxNumberLength(40)
            .build();
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();
    ObjectMapper mapper =
        JsonMapper.builder(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    try {
      return mapper.readTree(json);
    } catch (IOException e) {
      throw Invalid.model("bundle.json is not valid JSON: " + e.getMessage(), e);
    }
  }

  private static void readAssets(
      JsonFields assets, Map<String, String> checksums, Map<String, String> graphs) {
    for (String key : assets.names()) {
      JsonFields asset = assets.object(key);
      String path = asset.text("href").replaceFirst("^\\./", "");
      if (!BundleFiles.isSafe(path)) {
        throw Invalid.model("asset " + key + ": the path '" + path + "' is refused");
      }
      String checksum = asset.text("file:checksum");
      if (!CHECKSUM.matcher(checksum).matches()) {
        throw Invalid.model("asset " + key + ": file:checksum must be SHA-256, plain or multihash");
      }
      String sha256 = checksum.substring(checksum.length() - 64);
      if (checksums.put(path, sha256) != null) {
        throw Invalid.model("two assets name the file " + path);
      }
      if (asset.texts("roles").contains("mlm:model")) {
        graphs.put(role(key), path);
      }
    }
  }

  private static String role(String key) {
    boolean known =
        key.equals(MaskDocument.ASSET)
            || Arrays.stream(GraphRole.values()).anyMatch(role -> role.key().equals(key));
    if (!known) {
      throw Invalid.model("asset " + key + " has the role mlm:model, but no such graph is known");
    }
    return key;
  }

  private static BundleManifest manifest(JsonFields properties) {
    if (!properties.text("mlm:framework").equals("ONNX")) {
      throw Invalid.model("mlm:framework must be ONNX");
    }
    return new BundleManifest(
        properties.text("mlm:name"),
        properties.text("description"),
        properties.text("mlm:architecture"),
        properties.objects("landshift:inputs", BundleDocument::inputGroup),
        new WindowGeometry(
            properties.integer("landshift:window"),
            properties.integer("landshift:overlap"),
            properties.integer("landshift:stride"),
            properties.integer("landshift:head_window")),
        properties.objects("landshift:features", BundleDocument::feature),
        properties.objects("landshift:classes", BundleDocument::landCoverClass),
        properties.objects("landshift:scores", BundleDocument::score),
        reference(properties.object("landshift:reference")),
        properties.integer("landshift:opset"),
        selfTest(properties.object("landshift:self_test")));
  }

  private static InputGroup inputGroup(JsonFields group) {
    return new InputGroup(
        group.text("name"),
        group.constant("modality", Modality.class),
        group.text("tensor"),
        group.objects("bands", BundleDocument::band));
  }

  private static Band band(JsonFields band) {
    Normalisation normalisation = null;
    if (band.has("normalisation")) {
      JsonFields numbers = band.object("normalisation");
      normalisation = new Normalisation(numbers.number("mean"), numbers.number("deviation"));
    }
    return new Band(
        band.text("common_name"),
        band.number("wavelength"),
        band.constant("need", Need.class),
        normalisation);
  }

  private static Feature feature(JsonFields feature) {
    ReferenceCondition condition = null;
    if (feature.has("correction_condition")) {
      JsonFields stated = feature.object("correction_condition");
      condition = new ReferenceCondition(stated.text("feature"), stated.number("minimum"));
    }
    NormalisedDifference derivation = null;
    if (feature.has("normalised_difference")) {
      JsonFields stated = feature.object("normalised_difference");
      derivation = new NormalisedDifference(stated.texts("first"), stated.texts("second"));
    }
    return new Feature(
        feature.text("name"),
        feature.number("step"),
        feature.has("cell") ? feature.integer("cell") : 1,
        feature.number("correction_clip"),
        feature.numberOrNull("spread_floor"),
        condition,
        derivation == null ? feature.textLists("requires") : List.of(),
        derivation);
  }

  private static LandCoverClass landCoverClass(JsonFields item) {
    String colour = item.text("colour");
    if (!COLOUR.matcher(colour).matches()) {
      throw Invalid.model("a class colour must be RRGGBB, is '" + colour + "'");
    }
    return new LandCoverClass(
        item.integer("value"),
        item.text("name"),
        item.text("title"),
        HexFormat.fromHexDigits(colour));
  }

  private static Score score(JsonFields score) {
    Calibration calibration = null;
    if (score.has("calibration")) {
      JsonFields measured = score.object("calibration");
      calibration =
          new Calibration(
              measured.number("exceedance_low"),
              measured.number("exceedance_high"),
              measured.text("data"));
    }
    return new Score(
        score.text("name"),
        score.constant("direction", Direction.class),
        score.number("low"),
        score.number("high"),
        calibration);
  }

  private static ReferenceParameters reference(JsonFields reference) {
    return new ReferenceParameters(
        reference.integer("window_days"),
        reference.integer("wide_window_days"),
        reference.integer("min_age_days"),
        reference.integer("max_age_days"),
        reference.integer("min_looks"),
        reference.integer("max_looks"));
  }

  private static SelfTest selfTest(JsonFields test) {
    return new SelfTest(
        test.integer("width"),
        test.integer("height"),
        test.booleans("presence"),
        test.text("bands"),
        test.text("features"),
        test.text("centre"),
        test.text("spread"),
        test.text("probabilities"),
        test.text("scores"),
        test.integer("feature_tolerance"),
        test.number("probability_tolerance"),
        test.number("score_tolerance"));
  }
}
