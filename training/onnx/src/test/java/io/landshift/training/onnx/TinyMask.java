package io.landshift.training.onnx;

import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.MaskBundle;
import io.landshift.model.bundle.MaskManifest;
import io.landshift.model.bundle.MaskManifest.MaskBand;
import io.landshift.model.bundle.MaskManifest.MaskClass;
import io.landshift.model.bundle.MaskManifest.Values;
import io.landshift.model.bundle.MaskMeaning;
import io.landshift.model.bundle.MaskWindows;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A mask head that looks at neighbours: a 3 x 3 convolution with random weights, which sees 0
 * beyond a window, so that windows differ where they overlap.
 */
final class TinyMask {
  static final MaskWindows WINDOWS = new MaskWindows(16, 6);
  static final int BANDS = 2;
  static final int CLASSES = 3;
  static final List<MaskBand> BAND_LIST =
      List.of(new MaskBand("red", 0.665, 0.2, 0.5), new MaskBand("nir", 0.842, 0.3, 0.25));

  private final float[] weights;

  TinyMask(long seed) {
    Random random = new Random(seed);
    weights = new float[CLASSES * BANDS * 9];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
  }

  byte[] onnx(Values values) {
    OnnxGraph graph = new OnnxGraph("tiny-mask");
    Dimension batch = Dimension.of("batch");
    Dimension side = Dimension.of(WINDOWS.size());
    Value input = graph.input("input", ElementType.FLOAT32, batch, Dimension.of(BANDS), side, side);
    Value logits =
        graph.node(
            "Conv",
            List.of(input, graph.constant(weights, CLASSES, BANDS, 3, 3)),
            Attribute.of("kernel_shape", new long[] {3, 3}),
            Attribute.of("pads", new long[] {1, 1, 1, 1}));
    Value output =
        values == Values.LOGITS
            ? logits
            : graph.node("Softmax", List.of(logits), Attribute.of("axis", 1));
    graph.output("output", output, ElementType.FLOAT32, batch, Dimension.of(CLASSES), side, side);
    return graph.toBytes();
  }

  static MaskManifest manifest(Values values) {
    return new MaskManifest(
        "tiny-mask",
        "A mask head for tests.",
        "One convolution",
        "Apache-2.0",
        "made by the test",
        "input",
        "output",
        values,
        BAND_LIST,
        List.of(
            new MaskClass("ground", MaskMeaning.CLEAR),
            new MaskClass("cloud", MaskMeaning.CLOUD),
            new MaskClass("shadow", MaskMeaning.SHADOW)),
        WINDOWS,
        0,
        0,
        0.0,
        OnnxGraph.OPSET);
  }

  MaskBundle bundle(Values values) {
    return MaskBundle.of(
        MaskBundle.files(manifest(values), onnx(values), Map.of()), null, BundleLimits.DEFAULT);
  }

  /** The probabilities of a window in plain Java: [class][row][column]. */
  double[] probabilities(float[] window) {
    int size = WINDOWS.size();
    int cells = size * size;
    double[] result = new double[CLASSES * cells];
    for (int cell = 0; cell < cells; cell++) {
      double sum = 0;
      for (int channel = 0; channel < CLASSES; channel++) {
        double logit = logit(window, cell / size, cell % size, channel);
        result[channel * cells + cell] = Math.exp(logit);
        sum += result[channel * cells + cell];
      }
      for (int channel = 0; channel < CLASSES; channel++) {
        result[channel * cells + cell] /= sum;
      }
    }
    return result;
  }

  private double logit(float[] window, int row, int column, int channel) {
    int size = WINDOWS.size();
    double sum = 0;
    for (int band = 0; band < BANDS; band++) {
      MaskBand meaning = BAND_LIST.get(band);
      for (int tap = 0; tap < 9; tap++) {
        int y = row + tap / 3 - 1;
        int x = column + tap % 3 - 1;
        if (y >= 0 && y < size && x >= 0 && x < size) {
          float value = window[(band * size + y) * size + x];
          double seen = Float.isNaN(value) ? 0 : value;
          sum +=
              weights[(channel * BANDS + band) * 9 + tap]
                  * (seen - meaning.mean())
                  / meaning.deviation();
        }
      }
    }
    return sum;
  }
}
