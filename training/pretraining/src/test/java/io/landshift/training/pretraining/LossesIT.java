package io.landshift.training.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.training.networks.LossOps;
import io.landshift.training.networks.Objective;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weighting;
import io.landshift.training.networks.Weights;
import io.landshift.training.pretraining.PretextTask.Kind;
import io.landshift.training.torch.AdamSettings;
import io.landshift.training.torch.Torch;
import io.landshift.training.torch.TorchParameters;
import io.landshift.training.torch.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Losses against loops over pixels that are written down here once more. */
class LossesIT {
  private static final long SEED = Long.getLong("landshift.seed", 20261128);
  private static final int PATCH = 4;
  private static final int GRID = 3;
  private static final int SIDE = PATCH * GRID;
  private static final int WINDOWS = 3;
  private static final String NAME = "task";

  /** A loss of a prediction, a target and weights. */
  private record One(PretextTask task) implements Objective {
    @Override
    public <T> T loss(LossOps<T> ops, List<T> inputs) {
      return Losses.of(ops, task, inputs.get(0), inputs.get(1), inputs.get(2));
    }
  }

  private record Total(Weighting weighting, Parameter logVariances) implements Objective {
    @Override
    public <T> T loss(LossOps<T> ops, List<T> inputs) {
      return weighting.total(ops, inputs, logVariances);
    }
  }

  private final Random random = new Random(SEED);
  private final Values visible =
      PatchMask.draw(WINDOWS, GRID, PatchMask.RATIO, new SplittableRandom(SEED));

  @BeforeAll
  static void oneThread() {
    Torch.beDeterministic();
    System.out.println("losses: seed " + SEED);
  }

  @ParameterizedTest
  @CsvSource({
    "PIXEL_VALUES, FIXED", "PIXEL_VALUES, PAPER",
    "NORMALISED_PIXEL_VALUES, FIXED", "NORMALISED_PIXEL_VALUES, PAPER"
  })
  void squaresOfHiddenPixels(Kind kind, Parity parity) {
    // given: values far from 0, some of them missing, a hidden patch and a window without any
    PretextTask task = new PretextTask(NAME, kind, 2);
    float[][][] maps = new float[WINDOWS][][];
    for (int window = 0; window < 2; window++) {
      maps[window] = new float[2][SIDE * SIDE];
      for (float[] channel : maps[window]) {
        for (int pixel = 0; pixel < channel.length; pixel++) {
          channel[pixel] =
              random.nextInt(9) == 0 ? Float.NaN : (float) (3 + 2 * random.nextGaussian());
        }
      }
    }
    int empty = 0;
    while (visible.values()[empty] == 1) {
      empty++;
    }
    for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
      if (pixel / SIDE / PATCH * GRID + pixel % SIDE / PATCH == empty) {
        maps[0][0][pixel] = Float.NaN;
        maps[0][1][pixel] = Float.NaN;
      }
    }
    Values prediction = prediction(PATCH * PATCH * 2);

    // when
    double loss = loss(task, windows(maps), prediction, parity);

    // then
    double sum = 0;
    int patches = 0;
    for (int window = 0; window < 2; window++) {
      for (int patch = 0; patch < GRID * GRID; patch++) {
        if (visible.values()[window * GRID * GRID + patch] == 0) {
          List<double[]> pairs = pairs(maps[window], prediction, window, patch, parity);
          if (!pairs.isEmpty()) {
            sum += squares(pairs, kind == Kind.NORMALISED_PIXEL_VALUES);
            patches++;
          }
        }
      }
    }
    assertThat(loss).isEqualTo(sum / patches, within(1e-5 * Math.max(1, sum / patches)));
  }

  /** Value and prediction of each number of a patch that is known. */
  private static List<double[]> pairs(
      float[][] map, Values prediction, int window, int patch, Parity parity) {
    List<double[]> pairs = new ArrayList<>();
    for (int row = 0; row < PATCH; row++) {
      for (int column = 0; column < PATCH; column++) {
        for (int channel = 0; channel < 2; channel++) {
          float value =
              map[channel][(patch / GRID * PATCH + row) * SIDE + patch % GRID * PATCH + column];
          value = Float.isNaN(value) && parity == Parity.PAPER ? 0 : value;
          int number = (row * PATCH + column) * 2 + channel;
          if (!Float.isNaN(value)) {
            pairs.add(new double[] {value, at(prediction, window, number, patch)});
          }
        }
      }
    }
    return pairs;
  }

  private static double squares(List<double[]> pairs, boolean normalised) {
    double mean = pairs.stream().mapToDouble(pair -> pair[0]).average().orElseThrow();
    double variance =
        pairs.stream().mapToDouble(pair -> Math.pow(pair[0] - mean, 2)).sum() / (pairs.size() - 1);
    return pairs.stream()
        .mapToDouble(pair -> {
          double value = normalised ? (pair[0] - mean) / Math.sqrt(variance + 1e-6) : pair[0];
          return Math.pow(value - pair[1], 2);
        })
        .average()
        .orElseThrow();
  }

  @Test
  void entropyOfHiddenPixelsWhoseClassIsKnown() {
    // given: five classes; NaN and a class that the task does not have are not told
    int classes = 5;
    float[][][] maps = new float[WINDOWS][1][SIDE * SIDE];
    for (float[][] map : maps) {
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        int code = random.nextInt(classes + 2);
        map[0][pixel] = code == classes + 1 ? Float.NaN : code;
      }
    }
    Values prediction = prediction(PATCH * PATCH * classes);

    // when
    double loss =
        loss(
            new PretextTask(NAME, Kind.PIXEL_CLASSES, classes),
            windows(maps),
            prediction,
            Parity.FIXED);

    // then
    double sum = 0;
    int known = 0;
    for (int window = 0; window < WINDOWS; window++) {
      for (int row = 0; row < SIDE; row++) {
        for (int column = 0; column < SIDE; column++) {
          int patch = row / PATCH * GRID + column / PATCH;
          float code = maps[window][0][row * SIDE + column];
          if (visible.values()[window * GRID * GRID + patch] == 0 && code < classes) {
            int first = (row % PATCH * PATCH + column % PATCH) * classes;
            double all = 0;
            for (int other = 0; other < classes; other++) {
              all += Math.exp(at(prediction, window, first + other, patch));
            }
            sum -= Math.log(Math.exp(at(prediction, window, first + (int) code, patch)) / all);
            known++;
          }
        }
      }
    }
    assertThat(loss).isEqualTo(sum / known, within(1e-5));
  }

  @Test
  void squaresOfFactsThatAreKnown() {
    // given
    List<Window> windows =
        List.of(
            facts(1, Float.NaN, 3),
            facts(-2, 0.5f, Float.NaN),
            new Window(SIDE, new float[0][], Map.of(), Map.of()));
    Values prediction = new Values(List.of(3, 3), new float[] {2, 9, 1, 0, 0, 9, 9, 9, 9});

    // when
    double loss =
        loss(new PretextTask(NAME, Kind.WINDOW_VALUES, 3), windows, prediction, Parity.FIXED);

    // then
    assertThat(loss).isEqualTo((1 + 4 + 4 + 0.25) / 4, within(1e-6));
  }

  @Test
  void entropyOfWindowsWhoseClassIsKnown() {
    // given: the second has no class
    List<Window> windows = List.of(facts(0, 1, 0), facts(0, 0, 0), facts(1, 0, 0));
    Values prediction = new Values(List.of(3, 3), new float[] {0, 1, 2, 5, 5, 9, 2, 0, 1});

    // when
    double loss =
        loss(new PretextTask(NAME, Kind.WINDOW_CLASSES, 3), windows, prediction, Parity.FIXED);

    // then
    double all = 1 + Math.E + Math.exp(2);
    assertThat(loss).isEqualTo((2 * Math.log(all) - 1 - 2) / 2, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"PIXEL_VALUES", "PIXEL_CLASSES"})
  void nothingToTellIsNoLoss(Kind kind) {
    Window empty = new Window(SIDE, new float[0][], Map.of(), Map.of());
    PretextTask task = new PretextTask(NAME, kind, 2);
    Values prediction = prediction(PATCH * PATCH * 2);
    assertThat(loss(task, List.of(empty, empty, empty), prediction, Parity.FIXED)).isZero();
  }

  @Test
  void uncertaintyIsBestAtTheLogarithmOfEachLoss() {
    // given: one loss has nothing to tell
    List<Values> losses = List.of(number(0.2f), number(1), number(0), number(5));
    Parameter s = new Parameter("log_vars", Parameter.Start.ZEROS, List.of(4));
    List<Parameter> parameters = List.of(s);
    AdamSettings settings = new AdamSettings(0.9, 0.999, 1e-8, 0, 1e9);

    // when: only s learns
    try (TorchParameters values = new TorchParameters(parameters, Weights.initial(parameters, 1));
        Trainer trainer = new Trainer(values, settings)) {
      double equal = Torch.loss(new Total(Weighting.EQUAL, s), values, losses);
      Total total = new Total(Weighting.UNCERTAINTY, s);
      double atZero = Torch.loss(total, values, losses);
      for (int step = 0; step < 400; step++) {
        trainer.step(0.05 * (1 - step / 400.0), total, losses);
      }

      // then: each term is then 1 + ln L
      assertThat(equal).isEqualTo(6.2, within(1e-6));
      assertThat(atZero).isEqualTo(equal, within(1e-6));
      assertThat(values.weights().of(s))
          .containsExactly(
              new float[] {(float) Math.log(0.2), 0, 0, (float) Math.log(5)}, within(1e-3f));
      assertThat(Torch.loss(total, values, losses))
          .isEqualTo(3 + Math.log(0.2) + Math.log(5), within(1e-5));
    }
  }

  private static Values number(float value) {
    return new Values(List.of(), new float[] {value});
  }

  private static Window facts(float... numbers) {
    return new Window(SIDE, new float[0][], Map.of(), Map.of(NAME, numbers));
  }

  /** Windows of maps; where there is none, of nothing. */
  private static List<Window> windows(float[][][] maps) {
    List<Window> windows = new ArrayList<>();
    for (float[][] map : maps) {
      Map<String, float[][]> named = map == null ? Map.of() : Map.of(NAME, map);
      windows.add(new Window(SIDE, new float[0][], named, Map.of()));
    }
    return windows;
  }

  private Values prediction(int numbers) {
    return RandomWeights.normal(List.of(WINDOWS, numbers, GRID, GRID), 1, random);
  }

  private static double at(Values prediction, int window, int number, int patch) {
    int numbers = prediction.shape().get(1);
    return prediction.values()[(window * numbers + number) * GRID * GRID + patch];
  }

  private double loss(PretextTask task, List<Window> windows, Values prediction, Parity parity) {
    Target target = Target.of(task, windows, visible, PATCH, parity);
    try (TorchParameters none = new TorchParameters(List.of(), new Weights(Map.of()))) {
      return Torch.loss(
          new One(task), none, List.of(prediction, target.values(), target.weights()));
    }
  }
}
