package io.landshift.ops.local;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleManifest.Feature;
import io.landshift.model.bundle.BundleManifest.InputGroup;
import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.bundle.BundleManifest.SelfTest;
import io.landshift.model.bundle.BundleWriter;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.bundle.Need;
import io.landshift.schemas.Modality;
import io.landshift.training.onnx.Dimension;
import io.landshift.training.onnx.ElementType;
import io.landshift.training.onnx.GraphMath;
import io.landshift.training.onnx.OnnxGraph;
import io.landshift.training.onnx.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A bundle with the encoder of spectral-baseline and with heads of its own: all ground is {@link
 * #CLASS}, vegetation loss is {@link #LOSS_PER_NDVI} times the drop of NDVI, and the generic score
 * twice that.
 */
final class OtherBundle {
  static final float LOSS_PER_NDVI = 20;

  /** The number of the class that everything belongs to. */
  static final int CLASS = 3;

  private static final Map<String, String> RADAR = Map.of("red", "vv", "nir", "vh");
  private static final Dimension BATCH = Dimension.of("batch");
  private static final Dimension HEIGHT = Dimension.of("height");
  private static final Dimension WIDTH = Dimension.of("width");

  private final Bundle baseline = Bundles.spectralBaseline();
  private final BundleManifest manifest = baseline.manifest();
  private final int features = manifest.features().size();
  private final int ndvi =
      manifest.features().stream().map(BundleManifest.Feature::name).toList().indexOf("ndvi");

  private OtherBundle() {}

  /**
   * Writes it into a folder.
   *
   * @return its digest
   */
  static String write(Path folder) throws IOException {
    return write(folder, Map.of());
  }

  /** Writes it with files that were tampered with, and digests that fit them. */
  static String write(Path folder, Map<String, byte[]> changed) throws IOException {
    OtherBundle other = new OtherBundle();
    Map<String, byte[]> files = other.files(other.manifest, changed);
    BundleWriter.write(files, folder);
    return Bundle.load(folder).digest();
  }

  /** Writes it with a self-test that expects something else. */
  static String writeFailingItsSelfTest(Path folder) throws IOException {
    OtherBundle other = new OtherBundle();
    String scores = other.manifest.selfTest().scores();
    byte[] wrong = other.files(other.manifest, Map.of()).get(scores).clone();
    ByteBuffer numbers = ByteBuffer.wrap(wrong).order(ByteOrder.LITTLE_ENDIAN);
    numbers.putFloat(0, numbers.getFloat(0) + 1);
    return write(folder, Map.of(scores, wrong));
  }

  /** Writes it with a score by another name. */
  static String writeWithOtherScores(Path folder) throws IOException {
    OtherBundle other = new OtherBundle();
    BundleManifest m = other.manifest;
    Score first = m.scores().getFirst();
    Score renamed =
        new Score("flood", first.direction(), first.low(), first.high(), first.calibration());
    BundleManifest changed =
        new BundleManifest(
            m.name(),
            m.description(),
            m.architecture(),
            m.inputs(),
            m.window(),
            m.features(),
            m.classes(),
            List.of(renamed, m.scores().getLast()),
            m.reference(),
            m.opset(),
            m.selfTest());
    BundleWriter.write(other.files(changed, Map.of()), folder);
    return Bundle.load(folder).digest();
  }

  /** Writes it as one that takes VV and VH of radar in place of red and near infrared. */
  static String writeForRadar(Path folder) throws IOException {
    OtherBundle other = new OtherBundle();
    BundleManifest m = other.manifest;
    InputGroup optical = m.inputs().getFirst();
    List<Band> bands = new ArrayList<>();
    for (Band band : optical.bands()) {
      Need need = RADAR.containsKey(band.commonName()) ? Need.REQUIRED : Need.OPTIONAL;
      bands.add(new Band(radarName(band.commonName()), 0, need, null));
    }
    List<Feature> features = new ArrayList<>();
    for (Feature feature : m.features()) {
      List<List<String>> requires =
          feature.requires().stream()
              .map(any -> any.stream().map(OtherBundle::radarName).toList())
              .toList();
      features.add(
          new Feature(
              feature.name(),
              feature.step(),
              feature.cell(),
              feature.correctionClip(),
              feature.spreadFloor(),
              feature.correctionCondition(),
              requires,
              feature.derivation()));
    }
    BundleManifest changed =
        new BundleManifest(
            m.name(),
            m.description(),
            m.architecture(),
            List.of(new InputGroup("sentinel-1", Modality.RADAR, optical.tensor(), bands)),
            m.window(),
            features,
            m.classes(),
            m.scores(),
            m.reference(),
            m.opset(),
            m.selfTest());
    BundleWriter.write(other.files(changed, Map.of()), folder);
    return Bundle.load(folder).digest();
  }

  private static String radarName(String optical) {
    return RADAR.getOrDefault(optical, "no-" + optical);
  }

  private Map<String, byte[]> files(BundleManifest stated, Map<String, byte[]> changed) {
    Map<GraphRole, byte[]> graphs =
        Map.of(
            GraphRole.ENCODER, baseline.graph(GraphRole.ENCODER),
            GraphRole.SEGMENTATION, segmentation(),
            GraphRole.CHANGE, change());
    Map<String, byte[]> others = new TreeMap<>();
    SelfTest test = manifest.selfTest();
    test.files().forEach(path -> others.put(path, baseline.file(path)));
    others.put(test.probabilities(), expectedProbabilities(test));
    others.put(test.scores(), expectedScores(test));
    others.putAll(changed);
    return BundleWriter.files(stated, graphs, others);
  }

  private byte[] segmentation() {
    OnnxGraph graph = new OnnxGraph("other-segmentation");
    GraphMath math = new GraphMath(graph);
    Value input = planes(graph, "features");
    presence(graph);
    // Not a constant: no data must stay no data.
    Value nothing = math.multiply(math.splitChannels(input, features).get(ndvi), 0);
    List<Value> classes = new ArrayList<>();
    for (int value = 1; value <= manifest.classes().size(); value++) {
      classes.add(math.add(nothing, value == CLASS ? 1 : 0));
    }
    output(graph, "probabilities", math.joinChannels(classes), classes.size());
    return graph.toBytes();
  }

  private byte[] change() {
    OnnxGraph graph = new OnnxGraph("other-change");
    GraphMath math = new GraphMath(graph);
    Value current = planes(graph, "current");
    Value centre = planes(graph, "centre");
    planes(graph, "spread");
    presence(graph);
    Value drop = math.splitChannels(math.subtract(centre, current), features).get(ndvi);
    Value loss = math.multiply(math.relu(drop), LOSS_PER_NDVI);
    output(graph, "scores", math.joinChannels(List.of(loss, math.multiply(loss, 2))), 2);
    return graph.toBytes();
  }

  private Value planes(OnnxGraph graph, String name) {
    Dimension channels = Dimension.of(features);
    return graph.input(name, ElementType.FLOAT32, BATCH, channels, HEIGHT, WIDTH);
  }

  private void presence(OnnxGraph graph) {
    graph.input("presence", ElementType.FLOAT32, BATCH, Dimension.of(manifest.bands().size()));
  }

  private static void output(OnnxGraph graph, String name, Value value, int channels) {
    graph.output(name, value, ElementType.FLOAT32, BATCH, Dimension.of(channels), HEIGHT, WIDTH);
  }

  private byte[] expectedProbabilities(SelfTest test) {
    int pixels = test.width() * test.height();
    FloatBuffer expected = FloatBuffer.allocate(manifest.classes().size() * pixels);
    for (int value = 1; value <= manifest.classes().size(); value++) {
      for (int pixel = 0; pixel < pixels; pixel++) {
        expected.put(isValid(test, pixel) ? (value == CLASS ? 1 : 0) : Float.NaN);
      }
    }
    return bytes(expected.array());
  }

  private byte[] expectedScores(SelfTest test) {
    int pixels = test.width() * test.height();
    FloatBuffer centre =
        ByteBuffer.wrap(baseline.file(test.centre()))
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    FloatBuffer expected = FloatBuffer.allocate(2 * pixels);
    for (int score = 1; score <= 2; score++) {
      for (int pixel = 0; pixel < pixels; pixel++) {
        double drop =
            centre.get(ndvi * pixels + pixel) - feature(test, ndvi * pixels + pixel) * 1e-4;
        double loss = score * LOSS_PER_NDVI * Math.max(0, drop);
        expected.put(isValid(test, pixel) ? (float) loss : Float.NaN);
      }
    }
    return bytes(expected.array());
  }

  private boolean isValid(SelfTest test, int pixel) {
    return feature(test, pixel) != Short.MIN_VALUE;
  }

  private short feature(SelfTest test, int at) {
    return ByteBuffer.wrap(baseline.file(test.features()))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asShortBuffer()
        .get(at);
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }
}
