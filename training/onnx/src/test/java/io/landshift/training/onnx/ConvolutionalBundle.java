package io.landshift.training.onnx;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleManifest.Feature;
import io.landshift.model.bundle.BundleManifest.InputGroup;
import io.landshift.model.bundle.BundleManifest.LandCoverClass;
import io.landshift.model.bundle.BundleManifest.Normalisation;
import io.landshift.model.bundle.BundleManifest.ReferenceParameters;
import io.landshift.model.bundle.BundleManifest.Score;
import io.landshift.model.bundle.BundleManifest.SelfTest;
import io.landshift.model.bundle.BundleWriter;
import io.landshift.model.bundle.Direction;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.bundle.Need;
import io.landshift.model.bundle.WindowGeometry;
import io.landshift.schemas.Modality;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A bundle with a real network: two input groups, a 3 x 3 convolution, global response
 * normalisation, a 3 x 3 convolution of stride 2; and heads that look at neighbours too. Weights
 * are random.
 *
 * <p>{@link #encodeWindow} computes the encoder in plain Java.
 */
final class ConvolutionalBundle {
  static final int BANDS = 3;
  static final int FEATURES = 4;
  static final int CLASSES = 3;
  static final double STEP = 1e-3;
  static final WindowGeometry GEOMETRY = new WindowGeometry(32, 4, 2, 8);

  private static final int HIDDEN = 6;
  private static final double EPSILON = 1e-6;
  private static final double MEAN = 0.2;
  private static final double DEVIATION = 0.5;
  private static final Dimension BATCH = Dimension.of("batch");
  private static final Dimension HEIGHT = Dimension.of("height");
  private static final Dimension WIDTH = Dimension.of("width");

  private final float[] first;
  private final float[] second;
  private final float[] segmentation;
  private final float[] change;

  ConvolutionalBundle(long seed) {
    Random random = new Random(seed);
    first = weights(random, HIDDEN * BANDS * 9);
    second = weights(random, FEATURES * HIDDEN * 9);
    segmentation = weights(random, FEATURES * CLASSES * 4);
    change = weights(random, FEATURES * 4);
  }

  private static float[] weights(Random random, int count) {
    float[] weights = new float[count];
    for (int index = 0; index < count; index++) {
      weights[index] = (float) (0.3 * random.nextGaussian());
    }
    return weights;
  }

  /** The bundle; its self-test compares the encoder with the plain computation. */
  Bundle bundle() {
    return Bundle.of(files(0), null, BundleLimits.DEFAULT);
  }

  /**
   * Its files.
   *
   * @param selfTestError added to one expected feature, in steps
   */
  Map<String, byte[]> files(int selfTestError) {
    Map<GraphRole, byte[]> graphs =
        Map.of(
            GraphRole.ENCODER, encoder(),
            GraphRole.SEGMENTATION, segmentation(),
            GraphRole.CHANGE, change());
    return BundleWriter.files(manifest(), graphs, selfTest(selfTestError));
  }

  private byte[] encoder() {
    OnnxGraph graph = new OnnxGraph("convolutional-encoder");
    Value optical = planes(graph, "optical", 2);
    Value radar = planes(graph, "radar", 1);
    Value bands = new GraphMath(graph).joinChannels(List.of(optical, radar));
    Value hidden = convolution(graph, bands, graph.constant(first, HIDDEN, BANDS, 3, 3), 1);
    Value normalised = globalResponse(graph, graph.node("Relu", List.of(hidden)));
    Value features =
        convolution(graph, normalised, graph.constant(second, FEATURES, HIDDEN, 3, 3), 2);
    output(graph, "features", features, FEATURES);
    return graph.toBytes();
  }

  private static Value convolution(OnnxGraph graph, Value input, Value weights, long stride) {
    return graph.node(
        "Conv",
        List.of(input, weights),
        Attribute.of("kernel_shape", new long[] {3, 3}),
        Attribute.of("pads", new long[] {1, 1, 1, 1}),
        Attribute.of("strides", new long[] {stride, stride}));
  }

  private static Value globalResponse(OnnxGraph graph, Value x) {
    Value axes = graph.integers(2, 3);
    Value norm = graph.node("ReduceL2", List.of(x, axes), Attribute.of("keepdims", 1));
    Value mean =
        graph.node("ReduceMean", List.of(norm, graph.integers(1)), Attribute.of("keepdims", 1));
    GraphMath math = new GraphMath(graph);
    return math.multiply(x, math.divide(norm, math.add(mean, EPSILON)));
  }

  private byte[] segmentation() {
    OnnxGraph graph = new OnnxGraph("convolutional-segmentation");
    Value features = planes(graph, "features", FEATURES);
    Value logits = upsample(graph, features, graph.constant(segmentation, FEATURES, CLASSES, 2, 2));
    // Pulls in neighbours, so that a tile's border matters.
    Value smooth =
        graph.node(
            "AveragePool",
            List.of(logits),
            Attribute.of("kernel_shape", new long[] {3, 3}),
            Attribute.of("pads", new long[] {1, 1, 1, 1}));
    Value probabilities = graph.node("Softmax", List.of(smooth), Attribute.of("axis", 1));
    output(graph, "probabilities", probabilities, CLASSES);
    return graph.toBytes();
  }

  private byte[] change() {
    OnnxGraph graph = new OnnxGraph("convolutional-change");
    GraphMath math = new GraphMath(graph);
    Value current = planes(graph, "current", FEATURES);
    Value centre = planes(graph, "centre", FEATURES);
    Value spread = planes(graph, "spread", FEATURES);
    Value z = math.divide(math.subtract(current, centre), math.add(spread, 0.05));
    Value score = upsample(graph, math.square(z), graph.constant(change, FEATURES, 1, 2, 2));
    output(graph, "scores", math.relu(score), 1);
    return graph.toBytes();
  }

  private static Value upsample(OnnxGraph graph, Value x, Value weights) {
    return graph.node(
        "ConvTranspose",
        List.of(x, weights),
        Attribute.of("kernel_shape", new long[] {2, 2}),
        Attribute.of("strides", new long[] {2, 2}));
  }

  private static Value planes(OnnxGraph graph, String name, int channels) {
    return graph.input(name, ElementType.FLOAT32, BATCH, Dimension.of(channels), HEIGHT, WIDTH);
  }

  private static void output(OnnxGraph graph, String name, Value value, int channels) {
    graph.output(name, value, ElementType.FLOAT32, BATCH, Dimension.of(channels), HEIGHT, WIDTH);
  }

  private static BundleManifest manifest() {
    Normalisation normalisation = new Normalisation(MEAN, DEVIATION);
    return new BundleManifest(
        "convolutional",
        "A network with random weights, for tests.",
        "Two convolutions",
        List.of(
            new InputGroup(
                "optical",
                Modality.OPTICAL,
                "optical",
                List.of(
                    new Band("red", 0.665, Need.REQUIRED, normalisation),
                    new Band("nir", 0.842, Need.OPTIONAL, null))),
            new InputGroup(
                "radar", Modality.RADAR, "radar", List.of(new Band("vv", 0, Need.OPTIONAL, null)))),
        GEOMETRY,
        List.of(feature("a"), feature("b"), feature("c"), feature("d")),
        List.of(
            new LandCoverClass(1, "one", "One", 0xFF0000),
            new LandCoverClass(2, "two", "Two", 0x00FF00),
            new LandCoverClass(3, "three", "Three", 0x0000FF)),
        List.of(new Score("any", Direction.ANY, 2.5, 4.5, null)),
        new ReferenceParameters(30, 60, 180, 1461, 3, 16),
        OnnxGraph.OPSET,
        new SelfTest(
            8,
            8,
            List.of(true, true, true),
            "bands.f32",
            "features.i16",
            "centre.f32",
            "spread.f32",
            "probabilities.f32",
            "scores.f32",
            1,
            1,
            1e9));
  }

  private static Feature feature(String name) {
    return new Feature(name, STEP, 0.1, null, null, List.of());
  }

  private Map<String, byte[]> selfTest(int error) {
    int side = 8;
    float[][] bands = new float[BANDS][side * side];
    Random random = new Random(7);
    for (float[] band : bands) {
      for (int pixel = 0; pixel < band.length; pixel++) {
        band[pixel] = random.nextFloat();
      }
    }
    float[] features = encodeWindow(bands, side, side, -GEOMETRY.overlap(), -GEOMETRY.overlap());
    int cells = GEOMETRY.size() / 2;
    ByteBuffer expected = littleEndian(FEATURES * 16 * Short.BYTES);
    for (int feature = 0; feature < FEATURES; feature++) {
      for (int row = 0; row < 4; row++) {
        for (int column = 0; column < 4; column++) {
          int at = (feature * cells + row + 2) * cells + column + 2;
          expected.putShort((short) (Math.floor(features[at] / STEP + 0.5) + error));
        }
      }
    }
    ByteBuffer input = littleEndian(BANDS * side * side * Float.BYTES);
    for (float[] band : bands) {
      for (float value : band) {
        input.putFloat(value);
      }
    }
    Map<String, byte[]> files = new TreeMap<>();
    files.put("bands.f32", input.array());
    files.put("features.i16", expected.array());
    files.put("centre.f32", new byte[FEATURES * 16 * Float.BYTES]);
    files.put("spread.f32", new byte[FEATURES * 16 * Float.BYTES]);
    files.put("probabilities.f32", new byte[CLASSES * side * side * Float.BYTES]);
    files.put("scores.f32", new byte[side * side * Float.BYTES]);
    return files;
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The encoder on one window of a scene that is 0 outside, in plain Java.
   *
   * @param bands [row][column] of the scene, no NaN
   * @param x first column of the window
   * @param y first row of the window
   * @return [feature][cell row][cell column] of the window
   */
  float[] encodeWindow(float[][] bands, int width, int height, int x, int y) {
    int size = GEOMETRY.size();
    double[][] input = new double[BANDS][size * size];
    for (int band = 0; band < BANDS; band++) {
      for (int row = Math.max(0, -y); row < size && y + row < height; row++) {
        for (int column = Math.max(0, -x); column < size && x + column < width; column++) {
          double value = bands[band][(y + row) * width + x + column];
          input[band][row * size + column] = band == 0 ? (value - MEAN) / DEVIATION : value;
        }
      }
    }
    double[][] hidden = convolve(input, first, HIDDEN, size, 1);
    normalise(hidden);
    double[][] output = convolve(hidden, second, FEATURES, size, 2);
    int cells = size / 2;
    float[] features = new float[FEATURES * cells * cells];
    for (int feature = 0; feature < FEATURES; feature++) {
      for (int cell = 0; cell < cells * cells; cell++) {
        features[feature * cells * cells + cell] = (float) output[feature][cell];
      }
    }
    return features;
  }

  private static double[][] convolve(
      double[][] input, float[] weights, int channels, int size, int stride) {
    int cells = size / stride;
    double[][] output = new double[channels][cells * cells];
    for (int channel = 0; channel < channels; channel++) {
      for (int cell = 0; cell < cells * cells; cell++) {
        double sum = 0;
        for (int from = 0; from < input.length; from++) {
          for (int tap = 0; tap < 9; tap++) {
            int row = cell / cells * stride + tap / 3 - 1;
            int column = cell % cells * stride + tap % 3 - 1;
            if (row >= 0 && row < size && column >= 0 && column < size) {
              sum +=
                  weights[(channel * input.length + from) * 9 + tap]
                      * input[from][row * size + column];
            }
          }
        }
        output[channel][cell] = sum;
      }
    }
    return output;
  }

  private static void normalise(double[][] planes) {
    double[] norms = new double[planes.length];
    double mean = 0;
    for (int channel = 0; channel < planes.length; channel++) {
      double sum = 0;
      for (int cell = 0; cell < planes[channel].length; cell++) {
        planes[channel][cell] = Math.max(0, planes[channel][cell]);
        sum += planes[channel][cell] * planes[channel][cell];
      }
      norms[channel] = Math.sqrt(sum);
      mean += norms[channel] / planes.length;
    }
    for (int channel = 0; channel < planes.length; channel++) {
      for (int cell = 0; cell < planes[channel].length; cell++) {
        planes[channel][cell] *= norms[channel] / (mean + EPSILON);
      }
    }
  }
}
