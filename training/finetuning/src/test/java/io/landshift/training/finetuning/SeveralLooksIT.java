package io.landshift.training.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.training.networks.LossOps;
import io.landshift.training.networks.Objective;
import io.landshift.training.networks.Values;
import io.landshift.training.networks.Weights;
import io.landshift.training.torch.Torch;
import io.landshift.training.torch.TorchParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The reference of three looks against sorting. */
@Tag("it")
class SeveralLooksIT {
  private static final long SEED = Long.getLong("landshift.seed", 20261129);
  private static final int WINDOWS = 2;
  private static final int VALUES = 60;

  /** The mean distance of centre and spread, whichever is asked, from what is expected. */
  private record Distance(boolean ofCentre) implements Objective {
    @Override
    public <T> T loss(LossOps<T> ops, List<T> inputs) {
      SeveralLooks<T> found = SeveralLooks.of(ops, inputs.subList(0, 3), inputs.get(3));
      T one = ofCentre ? found.centre() : found.spread();
      return ops.multiply(ops.sum(ops.abs(ops.subtract(one, inputs.get(4)))), 1.0 / VALUES);
    }
  }

  @Test
  void isMedianAndMedianDeviationOrTheFirstLookAlone() {
    // given: three looks of two windows, of which the second knows the first look only
    System.out.println("looks: seed " + SEED);
    Random random = new Random(SEED);
    float[][] looks = new float[3][VALUES];
    for (float[] look : looks) {
      for (int value = 0; value < VALUES; value++) {
        look[value] = (float) random.nextGaussian();
      }
    }
    looks[1][0] = looks[0][0];
    float[] centre = new float[VALUES];
    float[] spread = new float[VALUES];
    for (int value = 0; value < VALUES; value++) {
      boolean several = value < VALUES / WINDOWS;
      int at = value;
      double[] seen = IntStream.range(0, 3).mapToDouble(look -> looks[look][at]).sorted().toArray();
      double middle = seen[1];
      double[] far = Arrays.stream(seen).map(each -> Math.abs(each - middle)).sorted().toArray();
      centre[value] = several ? (float) middle : looks[0][value];
      spread[value] = several ? (float) (1.4826 * far[1]) : 0;
    }
    List<Integer> shape = List.of(WINDOWS, 3, 2, 5);
    Values several = new Values(List.of(WINDOWS, 1, 1, 1), new float[] {1, 0});

    // when
    double toCentre = distance(true, shape, looks, several, centre);
    double toSpread = distance(false, shape, looks, several, spread);

    // then: and it would be seen if one were the other
    assertThat(toCentre).isEqualTo(0, within(1e-6));
    assertThat(toSpread).isEqualTo(0, within(1e-6));
    assertThat(distance(true, shape, looks, several, spread)).isGreaterThan(0.1);
  }

  /** How far the planes' medians are from what is expected. */
  private record OfMedians() implements Objective {
    @Override
    public <T> T loss(LossOps<T> ops, List<T> inputs) {
      return ops.sum(ops.abs(ops.subtract(ops.median(inputs.get(0)), inputs.get(1))));
    }
  }

  @Test
  void medianOfAPlaneIsTheLowerOfTheMiddleTwo() {
    // given: two windows of two features, of four cells each
    Values planes =
        new Values(
            List.of(2, 2, 2, 2), new float[] {4, 1, 3, 2, 0, 0, 9, 0, -1, -2, -3, -4, 5, 6, 7, 8});
    Values medians = new Values(List.of(2, 2, 1, 1), new float[] {2, 0, -3, 6});

    // when, then
    try (TorchParameters none = new TorchParameters(List.of(), new Weights(Map.of()))) {
      assertThat(Torch.loss(new OfMedians(), none, List.of(planes, medians))).isZero();
    }
  }

  private static double distance(
      boolean ofCentre, List<Integer> shape, float[][] looks, Values several, float[] expected) {
    List<Values> inputs =
        List.of(
            new Values(shape, looks[0]),
            new Values(shape, looks[1]),
            new Values(shape, looks[2]),
            several,
            new Values(shape, expected));
    try (TorchParameters none = new TorchParameters(List.of(), new Weights(Map.of()))) {
      return Torch.loss(new Distance(ofCentre), none, inputs);
    }
  }
}
