package io.landshift.training.onnx.spectral;

import static io.landshift.training.onnx.spectral.SpectralRules.*;

import io.landshift.training.onnx.Dimension;
import io.landshift.training.onnx.ElementType;
import io.landshift.training.onnx.GraphMath;
import io.landshift.training.onnx.OnnxGraph;
import io.landshift.training.onnx.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * The ONNX graphs of spectral-baseline; {@link SpectralFormulas} has the same rules in plain Java.
 *
 * <p>All graphs work pixel by pixel on any height and width. Which bands a scene has is decided
 * inside the heads, from the presence vector.
 */
final class SpectralGraphs {
  private static final Dimension BATCH = Dimension.of("batch");
  private static final Dimension HEIGHT = Dimension.of("height");
  private static final Dimension WIDTH = Dimension.of("width");

  private final SpectralSettings settings;
  private final OnnxGraph graph;
  private final GraphMath math;

  private SpectralGraphs(String name, SpectralSettings settings) {
    this.settings = settings;
    graph = new OnnxGraph(name);
    math = new GraphMath(graph);
  }

  /** Reflectances as they are. */
  static byte[] encoder(SpectralSettings settings) {
    return new SpectralGraphs("spectral-encoder", settings).buildEncoder();
  }

  /** Features to class probabilities. */
  static byte[] segmentation(SpectralSettings settings) {
    return new SpectralGraphs("spectral-segmentation", settings).buildSegmentation();
  }

  /** Features and their reference to scores. */
  static byte[] change(SpectralSettings settings) {
    return new SpectralGraphs("spectral-change", settings).buildChange();
  }

  private byte[] buildEncoder() {
    // The indices are derived from what is stored, not encoded.
    output("features", graph.node("Identity", List.of(planes("reflectance", BANDS))), BANDS);
    return graph.toBytes();
  }

  private byte[] buildSegmentation() {
    List<Value> features = math.splitChannels(planes("features", FEATURES), FEATURES);
    List<Value> present = presence();
    Value green = present.get(GREEN);
    Value snowBands = math.multiply(green, present.get(SWIR16));
    Value ndvi = features.get(NDVI);
    // -NDVI stands in for NDWI where there is no green band.
    Value ndwi =
        math.subtract(
            math.multiply(index(features.get(GREEN), features.get(NIR)), green),
            math.multiply(math.subtract(1, green), ndvi));
    Value ndsi = math.multiply(index(features.get(GREEN), features.get(SWIR16)), snowBands);
    Value visible = visible(features, present);
    Value snowKnown = math.add(math.multiply(snowBands, 2 * MAX_EVIDENCE), -MAX_EVIDENCE);
    Value excess =
        math.add(features.get(BLUE), math.multiply(features.get(RED), -WHITE_BLUE_TO_RED));
    Value blue = present.get(BLUE);
    Value white =
        math.add(
            math.multiply(margin(CLOUD_WHITE, excess), blue),
            math.multiply(math.subtract(1, blue), MAX_EVIDENCE));
    Margin vegetation = new Margin(settings.vegetationNdvi(), NDVI_SCALE);
    Margin bare = new Margin(settings.vegetationNdvi(), -NDVI_SCALE);
    List<Value> evidence =
        List.of(
            math.min(margin(WATER_NDWI, ndwi), margin(WATER_NIR, features.get(NIR))),
            math.min(margin(vegetation, ndvi), margin(VEGETATION_VISIBLE, visible)),
            math.min(
                margin(bare, ndvi),
                margin(BARE_NDWI, ndwi),
                margin(BARE_VISIBLE, visible),
                margin(LAND_NDSI, ndsi)),
            math.min(
                margin(BRIGHT_NDVI, ndvi),
                margin(BRIGHT_VISIBLE, visible),
                margin(BRIGHT_NOT_CLOUD, visible),
                margin(LAND_NDSI, ndsi)),
            math.min(
                margin(SNOW_NDSI, ndsi),
                margin(SNOW_VISIBLE, visible),
                margin(SNOW_NIR, features.get(NIR)),
                snowKnown),
            math.min(
                margin(CLOUD_VISIBLE, visible),
                margin(CLOUD_NDSI_LOW, ndsi),
                margin(CLOUD_NDSI_HIGH, ndsi),
                margin(CLOUD_NDVI, ndvi),
                white));
    Value limited = math.clip(math.joinChannels(evidence), -MAX_EVIDENCE, MAX_EVIDENCE);
    // Limited logits cannot overflow, so the usual subtraction of the largest is not needed.
    Value exponentials = math.exp(math.multiply(limited, SHARPNESS));
    output(
        "probabilities",
        math.divide(exponentials, math.sumChannels(exponentials, CLASSES)),
        CLASSES);
    return graph.toBytes();
  }

  private byte[] buildChange() {
    Value current = planes("current", FEATURES);
    Value centre = planes("centre", FEATURES);
    Value spread = planes("spread", FEATURES);
    List<Value> present = presence();
    Value drop = math.subtract(centre, current);
    float[] squaredFloors = new float[FEATURES];
    for (int feature = 0; feature < FEATURES; feature++) {
      squaredFloors[feature] = SpectralRules.floor(feature) * SpectralRules.floor(feature);
    }
    Value variance =
        math.add(math.square(spread), graph.constant(squaredFloors, 1, FEATURES, 1, 1));
    List<Value> drops = math.splitGroups(drop, BANDS, INDICES);
    List<Value> variances = math.splitGroups(variance, BANDS, INDICES);
    Value ndvi = math.splitGroups(centre, NDVI, 1, FEATURES - NDVI - 1).get(1);
    Value loss =
        math.whereAtLeast(
            ndvi, settings.minReferenceNdvi(), loss(drops.get(1), variances.get(1), present));
    Value generic = generic(drops.get(0), variances.get(0), present);
    output("scores", math.joinChannels(List.of(loss, generic)), 2);
    return graph.toBytes();
  }

  /** Features that do not exist are 0 in all inputs and add nothing to the sums. */
  private Value loss(Value drops, Value variances, List<Value> present) {
    Value squares = math.divide(math.square(math.relu(drops)), variances);
    Value count = math.add(math.add(present.get(SWIR16), present.get(SWIR22)), 1);
    Value meanSquare = math.divide(math.sumChannels(squares, INDICES), count);
    return math.multiply(math.sqrt(meanSquare), settings.lossFactor());
  }

  private Value generic(Value drops, Value variances, List<Value> present) {
    Value squares = math.divide(math.square(drops), variances);
    Value k = math.sum(present);
    Value scale = math.multiply(k, settings.genericInflation() * settings.genericInflation());
    Value cubeRoot = math.power(math.divide(math.sumChannels(squares, BANDS), scale), 1.0 / 3);
    Value variance = math.divide(graph.constant(2.0 / 9), k);
    Value mean = math.subtract(1, variance);
    return math.relu(math.divide(math.subtract(cubeRoot, mean), math.sqrt(variance)));
  }

  private Value visible(List<Value> features, List<Value> present) {
    List<Value> sum = new ArrayList<>();
    List<Value> count = new ArrayList<>();
    for (int band : new int[] {BLUE, GREEN, RED}) {
      sum.add(math.multiply(features.get(band), present.get(band)));
      count.add(present.get(band));
    }
    return math.divide(math.sum(sum), math.sum(count));
  }

  private Value margin(Margin margin, Value value) {
    return math.add(math.multiply(value, 1 / margin.scale()), -margin.threshold() / margin.scale());
  }

  private Value index(Value a, Value b) {
    Value sum = math.max(math.add(a, b), MIN_SUM);
    return math.clip(math.divide(math.subtract(a, b), sum), -1, 1);
  }

  /** One value for each band, 0 or 1, to be broadcast over a plane. */
  private List<Value> presence() {
    Value vector = graph.input("presence", ElementType.FLOAT32, BATCH, Dimension.of(BANDS));
    return math.splitChannels(math.perChannel(vector), BANDS);
  }

  private Value planes(String name, int channels) {
    return graph.input(name, ElementType.FLOAT32, BATCH, Dimension.of(channels), HEIGHT, WIDTH);
  }

  private void output(String name, Value value, int channels) {
    graph.output(name, value, ElementType.FLOAT32, BATCH, Dimension.of(channels), HEIGHT, WIDTH);
  }
}
