package io.landshift.training.runs;

import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleManifest.Calibration;
import io.landshift.model.bundle.BundleManifest.Feature;
import io.landshift.model.bundle.BundleManifest.InputGroup;
import io.landshift.model.bundle.BundleManifest.LandCoverClass;
import io.landshift.model.bundle.BundleManifest.ReferenceParameters;
import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.bundle.BundleManifest.SelfTest;
import io.landshift.model.bundle.BundleWriter;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.bundle.WindowGeometry;
import io.landshift.schemas.Modality;
import io.landshift.training.finetuning.SharedNetwork;
import io.landshift.training.finetuning.Task;
import io.landshift.training.networks.FeatureChange;
import io.landshift.training.networks.FeatureSegmentation;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Network;
import io.landshift.training.networks.OperationalEncoder;
import io.landshift.training.networks.PixelFeatures;
import io.landshift.training.networks.PixelHead;
import io.landshift.training.networks.Probabilities;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import io.landshift.training.onnx.NetworkExport;
import io.landshift.training.onnx.OnnxGraph;
import io.landshift.training.torch.Torch;
import io.landshift.training.torch.TorchParameters;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Trained weights as a bundle that the pipeline serves. What the self-test expects is computed by
 * libtorch: that a bundle opens shows that ONNX Runtime computes the same.
 *
 * @param config of the run
 * @param model that was trained
 * @param bands with their statistics
 */
record LearnedBundle(
    RunConfig config, Model<SharedNetwork> model, Weights weights, List<Band> bands) {
  /** Features have a deviation of about 1: a step is far below what a head can tell. */
  private static final double STEP = 1.0 / 256;

  private static final String SCORES = "self-test/scores.f32";

  private static final String[] COLOURS = {"2D3748", "2F855A", "A0AEC0", "2B6CB0", "BEE3F8"};

  /**
   * How a logit becomes a score: {@code gain * logit + offset}, so that the score's thresholds mean
   * what they mean in other bundles.
   *
   * @param measured on stable ground; null where nobody measured
   */
  record Scale(double gain, double offset, @Nullable Calibration measured) {
    static final Scale NONE = new Scale(1, 0, null);
  }

  /**
   * All files, {@code SHA256SUMS} among them.
   *
   * @param documents other files by path, such as a model card
   */
  Map<String, byte[]> files(Scale scale, Map<String, byte[]> documents) {
    Map<GraphRole, byte[]> graphs = new EnumMap<>(GraphRole.class);
    graphs(scale).forEach((role, graph) -> graphs.put(role, graph.toBytes()));
    return files(Precision.FP32, scale, graphs, documents);
  }

  /**
   * The same in another precision. What the self-test expects stays what libtorch computes in fp32;
   * the precision says how near to it one comes.
   *
   * @param graphs those of {@link #graphs} in that precision
   */
  Map<String, byte[]> files(
      Precision precision,
      Scale scale,
      Map<GraphRole, byte[]> graphs,
      Map<String, byte[]> documents) {
    Map<String, byte[]> selfTest =
        selfTest(
            segmentation(),
            ScoreWeights.served(model.network()),
            ScoreWeights.of(model.network(), config.bundle().change(), scale, weights));
    double score = precision.score(Objects.requireNonNull(selfTest.get(SCORES)));
    Map<String, byte[]> others = new TreeMap<>(documents);
    others.putAll(selfTest);
    return BundleWriter.listed(
        BundleWriter.files(manifest(precision, scale, score), graphs, others));
  }

  /** The graphs in fp32. */
  Map<GraphRole, OnnxGraph> graphs(Scale scale) {
    SharedNetwork network = model.network();
    Weights own = ScoreWeights.of(network, config.bundle().change(), scale, weights);
    Network change = new PixelHead(ScoreWeights.served(network).network());
    return Map.of(
        GraphRole.ENCODER, graph("encoder", new PixelFeatures(network.encoder()), weights),
        GraphRole.SEGMENTATION, graph("segmentation", served(segmentation()), weights),
        GraphRole.CHANGE, graph("change", change, own));
  }

  private FeatureSegmentation segmentation() {
    return Objects.requireNonNull(
        model.network().segmentations().get(config.bundle().segmentation()));
  }

  private OnnxGraph graph(String role, Network network, Weights values) {
    return NetworkExport.graph(config.name() + "-" + role, network, values);
  }

  private static Network served(FeatureSegmentation segmentation) {
    return new PixelHead(new Probabilities(segmentation));
  }

  WindowGeometry geometry() {
    RunConfig.Served wanted = config.bundle();
    return new WindowGeometry(wanted.size(), wanted.overlap(), 1, wanted.headWindow());
  }

  private BundleManifest manifest(Precision precision, Scale scale, double scoreTolerance) {
    RunConfig.Served wanted = config.bundle();
    int side = geometry().core();
    return new BundleManifest(
        config.name() + precision.suffix(),
        config.description(),
        "ConvNeXt V2, %s, %s".formatted(size(), precision.title()),
        List.of(new InputGroup("sentinel-2", Modality.OPTICAL, "image", bands)),
        geometry(),
        List.of(
            new Feature(
                "learned",
                STEP,
                OperationalEncoder.STRIDE,
                FeatureChange.LARGEST_CORRECTION,
                FeatureChange.FLOOR,
                null,
                List.of(),
                null)),
        classes(),
        List.of(new Score(wanted.score(), wanted.direction(), 2.5, 4.5, scale.measured())),
        new ReferenceParameters(30, 60, 180, 1461, 3, 16),
        OnnxGraph.OPSET,
        new SelfTest(
            side,
            side,
            Collections.nCopies(bands.size(), true),
            "self-test/bands.f32",
            "self-test/features.i16",
            "self-test/centre.f32",
            "self-test/spread.f32",
            "self-test/probabilities.f32",
            SCORES,
            precision.features(),
            precision.probabilities(),
            scoreTolerance));
  }

  private String size() {
    RunConfig.Encoder encoder = config.encoder();
    String size =
        encoder.size() == null
            ? "width %d".formatted(encoder.width())
            : encoder.size().name().toLowerCase(Locale.ROOT);
    return "%s, patch %d".formatted(size, encoder.patch());
  }

  private List<LandCoverClass> classes() {
    List<String> names =
        model.network().tasks().stream()
            .filter(task -> task.name().equals(config.bundle().segmentation()))
            .flatMap(task ->
                task instanceof Task.Segmentation(String name, List<String> classes)
                    ? classes.stream()
                    : Stream.of())
            .toList();
    List<LandCoverClass> classes = new ArrayList<>();
    for (String name : names) {
      int value = classes.size() + 1;
      String title = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
      int colour = Integer.parseInt(COLOURS[(value - 1) % COLOURS.length], 16);
      classes.add(new LandCoverClass(value, name, title, colour));
    }
    return classes;
  }

  /** Made-up ground on one window, and what libtorch makes of it. */
  private Map<String, byte[]> selfTest(
      FeatureSegmentation segmentation, Model<FeatureChange> change, Weights own) {
    WindowGeometry geometry = geometry();
    int core = geometry.core();
    int cells = core / geometry.stride();
    Random random = new Random(20150623);
    float[] pixels = ground(core, random);
    float[] features;
    try (TorchParameters parameters = new TorchParameters(model.parameters(), weights)) {
      Values window =
          new Values(
              List.of(1, bands.size(), geometry.size(), geometry.size()), normalised(pixels, core));
      Values encoded =
          Torch.run(new PixelFeatures(model.network().encoder()), parameters, List.of(window))
              .getFirst();
      features = core(encoded.values(), geometry);
    }
    short[] quantised = new short[features.length];
    float[] stored = new float[features.length];
    float[] centre = new float[features.length];
    float[] spread = new float[features.length];
    for (int index = 0; index < features.length; index++) {
      quantised[index] = (short) Math.floor(features[index] / STEP + 0.5);
      stored[index] = (float) (quantised[index] * STEP);
      centre[index] = (float) (stored[index] + 0.5 * random.nextGaussian());
      spread[index] = (float) (0.3 * random.nextDouble());
    }
    Map<String, byte[]> files = new TreeMap<>();
    files.put("self-test/bands.f32", bytes(pixels));
    files.put("self-test/features.i16", bytes(quantised));
    files.put("self-test/centre.f32", bytes(centre));
    files.put("self-test/spread.f32", bytes(spread));
    try (TorchParameters parameters = new TorchParameters(model.parameters(), weights)) {
      Values told =
          Torch.run(
                  served(segmentation),
                  parameters,
                  List.of(tile(stored, cells, geometry.headWindow())))
              .getFirst();
      files.put("self-test/probabilities.f32", bytes(cut(told, core)));
    }
    try (TorchParameters parameters = new TorchParameters(change.parameters(), own)) {
      Values told =
          Torch.run(
                  new PixelHead(change.network()),
                  parameters,
                  List.of(
                      tile(stored, cells, geometry.headWindow()),
                      tile(centre, cells, geometry.headWindow()),
                      tile(spread, cells, geometry.headWindow())))
              .getFirst();
      files.put(SCORES, bytes(cut(told, core)));
    }
    return files;
  }

  /** Fields of plausible reflectances with edges and texture. */
  private float[] ground(int side, Random random) {
    float[] values = new float[bands.size() * side * side];
    for (int band = 0; band < bands.size(); band++) {
      for (int pixel = 0; pixel < side * side; pixel++) {
        int field = pixel / side / 11 + pixel % side / 13;
        double level = 0.03 + 0.05 * ((field * 7 + band * 3) % 6);
        values[band * side * side + pixel] =
            (float) (Math.round(1e4 * level * (0.9 + 0.2 * random.nextDouble())) * 1e-4);
      }
    }
    return values;
  }

  /**
   * The encoder's window around the core, zeros outside of the scene.
   *
   * @param pixels [band][row][column] of a core, NaN where there is no data
   */
  float[] normalised(float[] pixels, int core) {
    int size = geometry().size();
    int overlap = geometry().overlap();
    float[] window = new float[bands.size() * size * size];
    for (int band = 0; band < bands.size(); band++) {
      for (int row = 0; row < core; row++) {
        bands
            .get(band)
            .normalise(
                pixels,
                (band * core + row) * core,
                window,
                (band * size + overlap + row) * size + overlap,
                core);
      }
    }
    return window;
  }

  private static float[] core(float[] encoded, WindowGeometry geometry) {
    int all = geometry.size() / geometry.stride();
    int first = geometry.overlap() / geometry.stride();
    int cells = geometry.core() / geometry.stride();
    int channels = encoded.length / (all * all);
    float[] core = new float[channels * cells * cells];
    for (int index = 0; index < core.length; index++) {
      int row = index / cells % cells + first;
      int column = index % cells + first;
      core[index] = encoded[(index / (cells * cells) * all + row) * all + column];
    }
    return core;
  }

  /** A head's tile, zeros beyond the cells. */
  static Values tile(float[] values, int cells, int window) {
    int channels = values.length / (cells * cells);
    float[] tile = new float[channels * window * window];
    for (int index = 0; index < values.length; index++) {
      int row = index / cells % cells;
      int column = index % cells;
      tile[(index / (cells * cells) * window + row) * window + column] = values[index];
    }
    return new Values(List.of(1, channels, window, window), tile);
  }

  private static float[] cut(Values planes, int side) {
    int all = planes.shape().getLast();
    int channels = planes.shape().get(1);
    float[] cut = new float[channels * side * side];
    for (int index = 0; index < cut.length; index++) {
      int row = index / side % side;
      cut[index] = planes.values()[(index / (side * side) * all + row) * all + index % side];
    }
    return cut;
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  private static byte[] bytes(short[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asShortBuffer().put(values);
    return buffer.array();
  }
}
