package io.landshift.training.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleManifest.Normalisation;
import io.landshift.model.bundle.Need;
import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.Model;
import io.landshift.training.networks.Values;
import io.landshift.training.samples.Augmentation;
import io.landshift.training.samples.Labels;
import io.landshift.training.samples.Licence;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.Sample;
import io.landshift.training.samples.Source;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelledBatchesTest {
  private static final int SIDE = 16;
  private static final int PIXELS = SIDE * SIDE;
  private static final Task CHANGE = new Task.Change("pairs");
  private static final Model<SharedNetwork> MODEL =
      Model.of(scope ->
          SharedNetwork.of(
              scope,
              ConvNextEncoder.of(scope.of("encoder"), 4, List.of(1, 1, 1, 1), 2, 8),
              4,
              List.of(CHANGE)));
  private static final List<Band> BANDS =
      List.of(
          new Band("red", 0.665, Need.REQUIRED, new Normalisation(0.1, 0.05)),
          new Band("swir16", 1.61, Need.OPTIONAL, new Normalisation(0.2, 0.1)));

  /** A quarter of the pixels changed; half of those lie under a cloud on the later date. */
  private static Sample.Changed pair() {
    byte[] codes = new byte[PIXELS];
    byte[] quality = new byte[PIXELS];
    Arrays.fill(quality, Quality.CLEAR);
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      codes[pixel] = (byte) (pixel % 4 == 0 ? 1 : 0);
      if (pixel % 8 == 0) {
        quality[pixel] = Quality.CLOUD;
      }
    }
    codes[1] = Labels.UNKNOWN;
    byte[] clear = new byte[PIXELS];
    Arrays.fill(clear, Quality.CLEAR);
    return new Sample.Changed(
        new Source("pairs", "a", "a", Licence.SHIPPABLE, false),
        look(0.1f, clear),
        look(0.15f, quality),
        new Labels(List.of("same", "lost"), true, codes));
  }

  private static Look look(float level, byte[] quality) {
    float[][] planes = new float[2][PIXELS];
    Arrays.fill(planes[0], level);
    Arrays.fill(planes[1], 0.4f);
    return new Look(
        null, Look.Unit.REFLECTANCE, List.of("red", "swir16"), SIDE, SIDE, planes, quality);
  }

  private static LabelledBatches batches(double smoothing) {
    return new LabelledBatches(
        MODEL.network(),
        BANDS,
        List.of(
            new LabelledBatches.Material(
                CHANGE, List.of(pair()), new Augmentation(SIDE, 1, 0, 0), 3)),
        smoothing,
        9);
  }

  @Test
  void countsClearLabelsOnceAndEncodesLooksAsServingDoes() {
    // when
    List<Values> inputs = batches(0).apply(4);

    // then: current, earlier, spread, chosen, counted
    assertThat(inputs.get(0).shape()).containsExactly(3, 2, SIDE, SIDE);
    assertThat(inputs.get(0).values()[0]).as("(0.15 - 0.1) / 0.05").isEqualTo(1f, within(1e-5f));
    assertThat(inputs.get(1).values()[0]).isEqualTo(0f, within(1e-5f));
    assertThat(inputs.get(2).shape()).containsExactly(3, 1, SIDE / 8, SIDE / 8);
    assertThat(inputs.get(3).values()).containsExactly(1f);
    float[] counted = inputs.get(4).values();
    double sum = 0;
    double changed = 0;
    for (int index = 0; index < counted.length; index++) {
      sum += counted[index];
      changed += index / PIXELS % 2 == 1 ? counted[index] : 0;
    }
    assertThat(sum).isEqualTo(1, within(1e-4));
    // of 256: 64 changed less 32 under cloud; 192 unchanged less one that is unknown
    assertThat(changed).isEqualTo(32.0 / (32 + 191), within(1e-4));
  }

  @Test
  void doubtGoesToTheOtherClass() {
    // when
    float[] counted = batches(0.2).apply(4).get(4).values();

    // then
    double changed = 0;
    for (int index = 0; index < counted.length; index++) {
      changed += index / PIXELS % 2 == 1 ? counted[index] : 0;
    }
    assertThat(changed).isEqualTo((0.9 * 32 + 0.1 * 191) / (32 + 191), within(1e-4));
  }

  @Test
  void aStepIsTheSameWheneverAskedAndABandIsMissingOnBothDatesOrNone() {
    // given
    int missing = 0;

    // when
    for (long step = 0; step < 60; step++) {
      List<Values> inputs = batches(0).apply(step);
      for (int input = 0; input < 5; input++) {
        assertThat(batches(0).apply(step).get(input).values())
            .isEqualTo(inputs.get(input).values());
      }
      float current = inputs.get(0).values()[PIXELS];
      float earlier = inputs.get(1).values()[PIXELS];

      // then
      assertThat(current).isEqualTo(earlier);
      assertThat(inputs.get(0).values()[0]).as("required").isEqualTo(1f, within(1e-5f));
      missing += current == 0 ? 1 : 0;
    }
    assertThat(missing).as("of 60, a fifth").isBetween(4, 24);
  }
}
