package io.landshift.training.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.bundle.BundleManifest.Normalisation;
import io.landshift.model.bundle.Need;
import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.HeadDecoder;
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
import java.util.Set;
import java.util.TreeSet;
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
              HeadDecoder.CELLS,
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
    return batches(pair(), smoothing);
  }

  private static LabelledBatches batches(Sample.Changed sample, double smoothing) {
    return new LabelledBatches(
        MODEL.network(),
        BANDS,
        List.of(
            new LabelledBatches.Material(
                CHANGE, List.of(sample), new Augmentation(SIDE, 1, 0, 0), 3)),
        smoothing,
        9);
  }

  @Test
  void countsClearLabelsOnce() {
    // when
    List<Values> inputs = batches(0).apply(4);

    // then: current, three earlier ones, several, chosen, counted
    assertThat(inputs).hasSize(7);
    for (int look = 0; look < 4; look++) {
      assertThat(inputs.get(look).shape()).containsExactly(3, 2, SIDE, SIDE);
    }
    assertThat(inputs.get(4).shape()).containsExactly(3, 1, 1, 1);
    assertThat(inputs.get(5).values()).containsExactly(1f);
    float[] counted = inputs.get(6).values();
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
    float[] counted = batches(0.2).apply(4).get(6).values();

    // then
    double changed = 0;
    for (int index = 0; index < counted.length; index++) {
      changed += index / PIXELS % 2 == 1 ? counted[index] : 0;
    }
    assertThat(changed).isEqualTo((0.9 * 32 + 0.1 * 191) / (32 + 191), within(1e-4));
  }

  @Test
  void aPairIsItsOwnReferenceOrOneOfSeveralLooksThatMightHaveBeen() {
    // given
    int single = 0;

    for (long step = 0; step < 40; step++) {
      // when
      List<Values> inputs = batches(0).apply(step);

      // then
      for (int window = 0; window < 3; window++) {
        int at = window * 2 * PIXELS;
        float current = inputs.get(0).values()[at];
        float first = inputs.get(1).values()[at];
        float second = inputs.get(2).values()[at];
        if (inputs.get(4).values()[window] == 0) {
          single++;
          assertThat(current).as("(0.15 - 0.1) / 0.05").isEqualTo(1f, within(1e-5f));
          assertThat(first).isEqualTo(0f, within(1e-5f));
          assertThat(second).isEqualTo(first);
        } else {
          assertThat(first).isNotEqualTo(second).isBetween(-1f, 1f);
        }
      }
    }
    assertThat(single).as("of 120, three tenths").isBetween(18, 56);
  }

  @Test
  void realLooksAreTakenAsTheyAreWhereThereAreEnough() {
    // given: four earlier looks, each of its own level
    byte[] clear = new byte[PIXELS];
    Arrays.fill(clear, Quality.CLEAR);
    Sample.Changed pair = pair();
    List<Look> earlier =
        List.of(look(0.2f, clear), look(0.3f, clear), look(0.4f, clear), look(0.5f, clear));
    Sample.Changed series = new Sample.Changed(pair.source(), earlier, pair.after(), pair.labels());
    Set<Float> seen = new TreeSet<>();

    // when
    for (long step = 0; step < 20; step++) {
      List<Values> inputs = batches(series, 0).apply(step);
      if (inputs.get(4).values()[0] == 1) {
        for (int look = 1; look <= 3; look++) {
          seen.add(Math.round(inputs.get(look).values()[0] * 10) / 10f);
        }
        assertThat(inputs.get(0).values()[0]).isEqualTo(1f, within(1e-5f));
      }
    }

    // then: (level - 0.1) / 0.05
    assertThat(seen).containsExactly(2f, 4f, 6f, 8f);
  }

  @Test
  void aStepIsTheSameWheneverAskedAndABandIsMissingOnBothDatesOrNone() {
    // given
    int missing = 0;

    // when
    for (long step = 0; step < 60; step++) {
      List<Values> inputs = batches(0).apply(step);
      for (int input = 0; input < inputs.size(); input++) {
        assertThat(batches(0).apply(step).get(input).values())
            .isEqualTo(inputs.get(input).values());
      }
      boolean current = inputs.get(0).values()[PIXELS] == 0;

      // then
      for (int earlier = 1; earlier <= 3; earlier++) {
        assertThat(inputs.get(earlier).values()[PIXELS] == 0).isEqualTo(current);
      }
      assertThat(inputs.get(0).values()[0]).as("required").isNotZero();
      missing += current ? 1 : 0;
    }
    assertThat(missing).as("of 60, a fifth").isBetween(4, 24);
  }
}
