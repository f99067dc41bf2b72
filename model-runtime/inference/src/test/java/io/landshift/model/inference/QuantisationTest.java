package io.landshift.model.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.Bundles;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantisationTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0.25, 0",
    "0.124, 0.25, 0",
    "0.125, 0.25, 1",
    "-0.125, 0.25, 0",
    "-0.126, 0.25, -1",
    "1e9, 0.25, 32767",
    "-1e9, 0.25, -32767",
    "Infinity, 0.25, 32767",
    "-Infinity, 0.25, -32767",
    "NaN, 0.25, -32768"
  })
  void valuesGoToTheNearestStepHalvesUpward(float value, double step, short expected) {
    assertThat(quantised(value, step)).isEqualTo(expected);
  }

  @Test
  void everyStoredReflectanceSurvivesARoundTrip() {
    for (int q = -32767; q <= 32767; q++) {
      assertThat(quantised((float) (q * 1e-4), 1e-4)).isEqualTo((short) q);
    }
  }

  private static short quantised(float value, double step) {
    int[] steps = new int[1];
    ChunkEncoder.quantise(new float[] {0, value}, 1, step, steps);
    return (short) steps[0];
  }

  @Test
  void storedFeaturesAreReadBackWithTheirCorrection() {
    // given: ten features of 2 x 3 cells
    BundleManifest manifest = Bundles.spectralBaseline().manifest();
    short[] stored = new short[60];
    stored[7 * 6 + 1] = 1234;
    stored[7 * 6 + 1 * 3 + 1] = 4321;
    stored[7 * 6 + 1 * 3 + 2] = FeaturePlanes.NOT_VALID;
    List<float[]> correction = Stream.generate(() -> new float[1]).limit(10).toList();
    correction.get(7)[0] = 0.5f;
    float[] target = new float[4];

    // when
    FeaturePlanes planes = FeaturePlanes.corrected(stored, 3, 2, manifest, correction);
    boolean gaps = planes.read(7, new FeaturePlanes.Cells(0, 1, 2, 2), target);
    boolean gapsElsewhere = planes.read(7, new FeaturePlanes.Cells(0, 0, 1, 3), new float[3]);

    // then
    assertThat(target).containsExactly(0.1234f + 0.5f, 0.5f, 0.4321f + 0.5f, Float.NaN);
    assertThat(gaps).isTrue();
    assertThat(gapsElsewhere).isFalse();
  }

  @Test
  void featuresOfACellAreCorrectedEachByItsOwn() {
    // given: one plane of 4 x 6 pixels, a feature for each pixel of 2 x 2
    BundleManifest manifest =
        withFeature(new BundleManifest.Feature("f", 0.5, 2, 1, null, null, List.of(), null));
    short[] stored = new short[24];
    Arrays.fill(stored, (short) 2);
    float[] target = new float[6];

    // when: rows that begin with the second pixel of a cell, the first of them the lower one
    FeaturePlanes.corrected(stored, 6, 4, manifest, List.of(new float[] {10, 20, 30, 40}))
        .read(0, new FeaturePlanes.Cells(1, 1, 2, 3), target);

    // then
    assertThat(target).containsExactly(41, 31, 41, 21, 11, 21);
  }

  private static BundleManifest withFeature(BundleManifest.Feature feature) {
    BundleManifest like = Bundles.spectralBaseline().manifest();
    return new BundleManifest(
        like.name(),
        like.description(),
        like.architecture(),
        like.inputs(),
        like.window(),
        List.of(feature),
        like.classes(),
        like.scores(),
        like.reference(),
        like.opset(),
        like.selfTest());
  }
}
