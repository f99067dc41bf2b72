package io.landshift.training.runs;

import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.ConvNextSize;
import io.landshift.training.networks.LossOps;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Objective;
import io.landshift.training.networks.SceneClassifier;
import io.landshift.training.networks.Scope;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import io.landshift.training.torch.AdamSettings;
import io.landshift.training.torch.Arithmetic;
import io.landshift.training.torch.TorchParameters;
import io.landshift.training.torch.Trainer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What a step of training costs here: ConvNeXt V2 atto that tells scenes apart, on noise. A step is
 * the way there and back, the gradient's limit and AdamW.
 *
 * @param encoder what is trained
 * @param arithmetic of the steps
 * @param milliseconds of each step, ascending
 */
record TrainingSpeed(Encoder encoder, Arithmetic arithmetic, double[] milliseconds) {
  private static final int BATCH = 16;
  private static final int BANDS = 12;
  private static final int SIDE = 64;
  private static final int CLASSES = 10;
  private static final int WARM_UP = 3;
  private static final int STEPS = 15;
  private static final long SEED = 7;
  private static final double RATE = 1e-4;

  /** An encoder by its stem and stride. */
  private enum Encoder {
    PLAIN("its own, 4 x 4 pixels", 32),
    PATCH_32("MMEarth's", 32),
    PATCH_16("MMEarth's", 16),
    PATCH_8("MMEarth's", 8);

    private final String stem;

    /** Stride of the last level, pixels. */
    private final int patch;

    Encoder(String stem, int patch) {
      this.stem = stem;
      this.patch = patch;
    }

    ConvNextEncoder of(Scope scope) {
      return this == PLAIN
          ? ConvNextEncoder.plain(scope, ConvNextSize.ATTO, BANDS)
          : ConvNextEncoder.of(scope, ConvNextSize.ATTO, BANDS, patch);
    }
  }

  /** Cross entropy. */
  private record CrossEntropy(SceneClassifier network) implements Objective {
    @Override
    public <T> T loss(LossOps<T> ops, List<T> inputs) {
      T logits = network.apply(ops, inputs.subList(0, 1)).getFirst();
      T chosen = ops.multiply(ops.logSoftmax(logits, 1), inputs.getLast());
      return ops.multiply(ops.sum(chosen), -1.0 / BATCH);
    }
  }

  private static TrainingSpeed of(Encoder encoder, Arithmetic arithmetic) {
    Model<SceneClassifier> model =
        Model.of(scope -> SceneClassifier.of(scope, encoder.of(scope.of("encoder")), CLASSES));
    Objective objective = new CrossEntropy(model.network());
    List<Values> inputs = List.of(noise(), classes());
    double[] milliseconds = new double[STEPS];
    try (TorchParameters parameters =
            new TorchParameters(model.parameters(), Weights.initial(model.parameters(), SEED));
        Trainer trainer =
            new Trainer(parameters, AdamSettings.DEFAULT, parameter -> 1, arithmetic)) {
      for (int step = -WARM_UP; step < STEPS; step++) {
        long started = System.nanoTime();
        trainer.step(RATE, objective, inputs);
        if (step >= 0) {
          milliseconds[step] = (System.nanoTime() - started) / 1e6;
        }
      }
    }
    Arrays.sort(milliseconds);
    return new TrainingSpeed(encoder, arithmetic, milliseconds);
  }

  private static Values noise() {
    RandomGenerator random = new SplittableRandom(SEED);
    float[] values = new float[BATCH * BANDS * SIDE * SIDE];
    for (int at = 0; at < values.length; at++) {
      values[at] = (float) random.nextGaussian();
    }
    return new Values(List.of(BATCH, BANDS, SIDE, SIDE), values);
  }

  private static Values classes() {
    float[] values = new float[BATCH * CLASSES];
    for (int window = 0; window < BATCH; window++) {
      values[window * CLASSES + window % CLASSES] = 1;
    }
    return new Values(List.of(BATCH, CLASSES), values);
  }

  private double least() {
    return milliseconds[0];
  }

  private double median() {
    return milliseconds[milliseconds.length / 2];
  }

  /** The report: measures every stride. */
  static String report() {
    StringBuilder text = new StringBuilder("# What a step of training costs\n\n");
    text.append(
        ("ConvNeXt V2 atto as a classifier of %d classes, %d windows of %d x %d pixels and %d bands"
                + " of noise, AdamW; %s. The least and the median of %d steps.%n%n")
            .formatted(CLASSES, BATCH, SIDE, SIDE, BANDS, Provenance.here(), STEPS));
    text.append(
        "| stem | patch | stride of the first level | arithmetic | ms a step, least | median | windows"
            + " a s |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    for (Encoder encoder : Encoder.values()) {
      for (Arithmetic arithmetic : Arithmetic.values()) {
        text.append(of(encoder, arithmetic).row());
      }
    }
    return text.toString();
  }

  private String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %d | %s | %.0f | %.0f | %.0f |%n",
        encoder.stem,
        encoder.patch,
        encoder.patch >> 3,
        arithmetic.name().toLowerCase(Locale.ROOT),
        least(),
        median(),
        1000 * BATCH / median());
  }
}
