package io.landshift.training.pretraining;

import io.landshift.training.networks.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a task's prediction is compared with. The loss is a sum over both: all means, masks and
 * missing data are in the weights.
 *
 * <p>Of pixels: [batch, patch * patch * channels, patch row, patch column], a patch's numbers in
 * the order row, column, channel. Of windows: [batch, channels].
 *
 * @param values numbers, or 1 at the class
 * @param weights how much a squared error, or a logarithm, counts
 */
record Target(Values values, Values weights) {
  private static final double EPSILON = 1e-6;

  /**
   * The target of a task for a batch.
   *
   * @param visible [batch, 1, grid, grid]: only what is 0 there is to be told
   * @param patch pixels along each side of a patch
   */
  static Target of(
      PretextTask task, List<Window> windows, Values visible, int patch, Parity parity) {
    return switch (task.kind()) {
      case PIXEL_VALUES, NORMALISED_PIXEL_VALUES ->
          new Patches(task, windows, visible, patch).values(parity);
      case PIXEL_CLASSES -> new Patches(task, windows, visible, patch).classes();
      case WINDOW_VALUES -> windowValues(task, windows);
      case WINDOW_CLASSES -> windowClasses(task, windows);
    };
  }

  /** Mean over all numbers that are known. */
  private static Target windowValues(PretextTask task, List<Window> windows) {
    float[] values = new float[windows.size() * task.channels()];
    float[] weights = new float[values.length];
    int known = 0;
    for (int window = 0; window < windows.size(); window++) {
      float[] fact = windows.get(window).facts().get(task.name());
      for (int channel = 0; fact != null && channel < task.channels(); channel++) {
        if (!Float.isNaN(fact[channel])) {
          values[window * task.channels() + channel] = fact[channel];
          weights[window * task.channels() + channel] = 1;
          known++;
        }
      }
    }
    return scaled(List.of(windows.size(), task.channels()), values, weights, known);
  }

  /** Mean over all windows whose class is known. */
  private static Target windowClasses(PretextTask task, List<Window> windows) {
    float[] values = new float[windows.size() * task.channels()];
    int known = 0;
    for (int window = 0; window < windows.size(); window++) {
      float[] fact = windows.get(window).facts().get(task.name());
      for (int code = 0; fact != null && code < task.channels(); code++) {
        if (fact[code] > 0) {
          values[window * task.channels() + code] = 1;
          known++;
          break;
        }
      }
    }
    return scaled(List.of(windows.size(), task.channels()), values, values.clone(), known);
  }

  private static Target scaled(List<Integer> shape, float[] values, float[] weights, int count) {
    for (int index = 0; count > 0 && index < weights.length; index++) {
      weights[index] /= count;
    }
    return new Target(new Values(shape, values), new Values(shape, weights));
  }

  /** Fills in hidden patches one by one. Not thread-safe. */
  private static final class Patches {
    private final PretextTask task;
    private final List<Window> windows;
    private final float[] visible;
    private final int patch;
    private final int grid;
    private final int numbers;
    private final float[] values;
    private final float[] weights;

    Patches(PretextTask task, List<Window> windows, Values visible, int patch) {
      this.task = task;
      this.windows = windows;
      this.visible = visible.values();
      this.patch = patch;
      this.grid = visible.shape().getLast();
      this.numbers = patch * patch * task.channels();
      this.values = new float[windows.size() * numbers * grid * grid];
      this.weights = new float[values.length];
    }

    /** Mean of each hidden patch over what is known of it, then over the patches with data. */
    Target values(Parity parity) {
      int patches = 0;
      for (int hidden = 0; hidden < visible.length; hidden++) {
        float[][] map = hiddenMap(hidden);
        if (map != null && patch(hidden, map, parity)) {
          patches++;
        }
      }
      return scaled(shape(), values, weights, patches);
    }

    private boolean patch(int place, float[][] map, Parity parity) {
      double[] of = new double[numbers];
      int known = 0;
      for (int number = 0; number < numbers; number++) {
        float value = map[number % task.channels()][pixel(place, number / task.channels())];
        of[number] = parity == Parity.PAPER && Float.isNaN(value) ? 0 : value;
        known += Double.isNaN(of[number]) ? 0 : 1;
      }
      if (task.kind() == PretextTask.Kind.NORMALISED_PIXEL_VALUES) {
        normalise(of, known);
      }
      for (int number = 0; number < numbers; number++) {
        if (!Double.isNaN(of[number])) {
          values[index(place, number)] = (float) of[number];
          weights[index(place, number)] = 1f / known;
        }
      }
      return known > 0;
    }

    /** Jointly over all channels, with the unbiased variance. */
    private static void normalise(double[] numbers, int known) {
      double mean = 0;
      for (double number : numbers) {
        mean += Double.isNaN(number) ? 0 : number / known;
      }
      double squares = 0;
      for (double number : numbers) {
        squares += Double.isNaN(number) ? 0 : (number - mean) * (number - mean);
      }
      double deviation = Math.sqrt(squares / Math.max(1, known - 1) + EPSILON);
      for (int index = 0; index < numbers.length; index++) {
        numbers[index] = (numbers[index] - mean) / deviation;
      }
    }

    /** Mean over all hidden pixels whose class is known. */
    Target classes() {
      int known = 0;
      for (int hidden = 0; hidden < visible.length; hidden++) {
        float[][] map = hiddenMap(hidden);
        for (int pixel = 0; map != null && pixel < patch * patch; pixel++) {
          float code = map[0][pixel(hidden, pixel)];
          if (code >= 0 && code < task.channels()) {
            int index = index(hidden, pixel * task.channels() + (int) code);
            values[index] = 1;
            weights[index] = 1;
            known++;
          }
        }
      }
      return scaled(shape(), values, weights, known);
    }

    /** The map that a hidden place lies on; null where it is visible or there is no map. */
    private float @Nullable [][] hiddenMap(int place) {
      return visible[place] == 1
          ? null
          : windows.get(place / (grid * grid)).maps().get(task.name());
    }

    private List<Integer> shape() {
      return List.of(windows.size(), numbers, grid, grid);
    }

    /** Of a place's number, in the target. */
    private int index(int place, int number) {
      int window = place / (grid * grid);
      return (window * numbers + number) * grid * grid + place % (grid * grid);
    }

    /** Of a place's pixel, in its map. */
    private int pixel(int place, int pixel) {
      int row = place / grid % grid * patch + pixel / patch;
      int column = place % grid * patch + pixel % patch;
      return row * grid * patch + column;
    }
  }
}
