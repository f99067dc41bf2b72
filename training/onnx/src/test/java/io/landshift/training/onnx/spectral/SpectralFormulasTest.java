package io.landshift.training.onnx.spectral;

import static io.landshift.training.onnx.spectral.SpectralRules.BANDS;
import static io.landshift.training.onnx.spectral.SpectralRules.FEATURES;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpectralFormulasTest {
  private static final SpectralFormulas FORMULAS = new SpectralFormulas(SpectralSettings.STANDARD);
  private static final boolean[] ALL = {true, true, true, true, true, true, true};

  /** Typical reflectances: blue, green, red, nir, nir08, swir16, swir22. */
  @ParameterizedTest
  @CsvSource({
    "clear lake, 0, 0.05 0.04 0.03 0.02 0.02 0.01 0.01",
    "turbid river, 0, 0.09 0.11 0.10 0.07 0.07 0.03 0.02",
    "beech forest in June, 1, 0.02 0.04 0.02 0.38 0.41 0.18 0.08",
    "spruce, 1, 0.015 0.025 0.018 0.19 0.20 0.08 0.035",
    "wheat in May, 1, 0.03 0.07 0.04 0.45 0.47 0.20 0.10",
    "ploughed field, 2, 0.06 0.08 0.11 0.18 0.20 0.27 0.22",
    "stubble, 2, 0.07 0.10 0.13 0.22 0.24 0.34 0.26",
    "tiled roofs, 3, 0.17 0.19 0.23 0.27 0.28 0.31 0.29",
    "fresh snow, 4, 0.85 0.86 0.84 0.80 0.78 0.10 0.09",
    "snow in sparse wood, 4, 0.25 0.24 0.23 0.28 0.29 0.09 0.07",
    "thick cloud, 5, 0.55 0.54 0.55 0.58 0.59 0.45 0.36",
    "thin cloud over soil, 5, 0.31 0.30 0.31 0.36 0.37 0.33 0.27"
  })
  void typicalSpectraGetTheirClass(String name, int expected, String reflectances) {
    // given
    double[] bands = Arrays.stream(reflectances.split(" ")).mapToDouble(Double::valueOf).toArray();
    boolean[] withoutSwir22 = {true, true, true, true, true, true, false};

    // when, then
    for (boolean[] presence : new boolean[][] {ALL, withoutSwir22}) {
      double[] features = SpectralFormulas.features(bands, presence);
      double[] probabilities = FORMULAS.probabilities(features, presence);
      assertThat(largest(probabilities)).as(name).isEqualTo(expected);
      assertThat(Arrays.stream(probabilities).sum()).isBetween(0.999999, 1.000001);
    }
  }

  @Test
  void indicesAreRoundedAsExactFractions() {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 100_000; round++) {
      int a = random.nextInt(12_000);
      int b = 1 + random.nextInt(12_000);

      // when
      double index = SpectralFormulas.storedIndex(a * 1e-4, b * 1e-4);

      // then
      BigDecimal exact =
          BigDecimal.valueOf(10_000L * (a - b))
              .divide(BigDecimal.valueOf(a + b), new MathContext(40))
              .add(BigDecimal.valueOf(0.5))
              .setScale(0, RoundingMode.FLOOR);
      assertThat(index).as("%d %d", a, b).isEqualTo(exact.intValue() * 1e-4);
    }
  }

  @Test
  void indicesOfNothingAreZero() {
    assertThat(SpectralFormulas.storedIndex(0, 0)).isZero();
    assertThat(SpectralFormulas.storedIndex(-0.01, 0.005)).isZero();
    assertThat(SpectralFormulas.storedIndex(0.03, -0.01)).isEqualTo(1);
    assertThat(SpectralFormulas.storedIndex(-0.01, 0.03)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 6, 7})
  void pureNoiseExceedsTheThresholdAsOftenForAnyNumberOfBands(int bandCount) {
    // given: differences as large as the assumed spread says
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    boolean[] presence = new boolean[BANDS];
    Arrays.fill(presence, 0, bandCount, true);
    double[] centre = new double[FEATURES];
    double[] spread = new double[FEATURES];
    Arrays.fill(spread, 0.03);
    int rounds = 200_000;
    int exceeded = 0;

    // when
    for (int round = 0; round < rounds; round++) {
      double[] current = new double[FEATURES];
      for (int band = 0; band < bandCount; band++) {
        double deviation = Math.hypot(spread[band], SpectralRules.floor(band));
        current[band] =
            SpectralSettings.STANDARD.genericInflation() * deviation * random.nextGaussian();
      }
      if (FORMULAS.genericChange(current, centre, spread, presence) >= 2.5) {
        exceeded++;
      }
    }

    // then: a one-sided normal exceeds 2.5 with probability 0.0062
    assertThat((double) exceeded / rounds).isBetween(0.0045, 0.008);
  }

  @Test
  void lossLooksAtDropsOnlyAndOnlyWhereVegetationIsExpected() {
    // given
    double[] centre = new double[FEATURES];
    double[] spread = new double[FEATURES];
    centre[SpectralRules.NDVI] = 0.8;
    centre[SpectralRules.NDMI] = 0.3;
    double[] greener = centre.clone();
    greener[SpectralRules.NDVI] = 0.9;
    double[] cut = centre.clone();
    cut[SpectralRules.NDVI] = 0.4;
    boolean[] presence = {true, true, true, true, true, true, false};
    double[] roof = centre.clone();
    roof[SpectralRules.NDVI] = 0.2999;

    // when, then: a drop of 10 floors in one index of two
    assertThat(FORMULAS.vegetationLoss(greener, centre, spread, presence)).isZero();
    assertThat(FORMULAS.vegetationLoss(cut, centre, spread, presence))
        .isCloseTo(1.3 * Math.sqrt(100.0 / 2), org.assertj.core.api.Assertions.within(1e-4));
    assertThat(FORMULAS.vegetationLoss(cut, roof, spread, presence)).isNaN();
  }

  private static int largest(double[] values) {
    int best = 0;
    for (int index = 1; index < values.length; index++) {
      if (values[index] > values[best]) {
        best = index;
      }
    }
    return best;
  }
}
