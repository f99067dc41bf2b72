package io.landshift.model.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.Bundles;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DerivedFeaturesTest {
  private static final long SEED = Long.getLong("landshift.seed", System.nanoTime());
  private static final int STEPS_OF_ONE = 10_000;
  private static final int RED = 2;
  private static final int NIR = 3;
  private static final int NIR08 = 4;
  private static final int SWIR16 = 5;
  private static final int NDVI = 7;
  private static final int NDMI = 8;
  private static final int NBR = 9;

  private final BundleManifest manifest = Bundles.spectralBaseline().manifest();

  @Test
  void everyStepIsTheNearestOfTheQuotientHalvesUpward() {
    // given: any two numbers, the outermost, and those that make a tie
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    int cells = 100_000;
    short[] features = new short[manifest.features().size() * cells];
    for (int at = 0; at < cells; at++) {
      boolean dark = at % 2 == 0;
      features[NIR * cells + at] = number(random, dark);
      features[RED * cells + at] = number(random, dark);
    }
    set(features, cells, 0, Short.MAX_VALUE, Short.MAX_VALUE);
    set(features, cells, 1, -Short.MAX_VALUE, Short.MAX_VALUE);
    set(features, cells, 2, Short.MAX_VALUE, -Short.MAX_VALUE + 1);
    set(features, cells, 3, 10_001, 9_999); // exactly one step
    set(features, cells, 4, 20_001, 19_999); // half a step: upward
    set(features, cells, 5, 19_999, 20_001); // half a step below 0: upward, to 0

    // when
    DerivedFeatures.derive(manifest, presence(), features);

    // then
    for (int at = 0; at < cells; at++) {
      short nir = features[NIR * cells + at];
      short red = features[RED * cells + at];
      assertThat(features[NDVI * cells + at])
          .as("(%d - %d) / (%d + %d)", nir, red, nir, red)
          .isEqualTo(expected(nir, red));
    }
    assertThat(Arrays.copyOfRange(features, NDVI * cells + 3, NDVI * cells + 6))
        .containsExactly(1, 1, 0);
  }

  @Test
  void theFirstThatExistsIsTakenAndWhatLacksOneIsNotThere() {
    // given: neither the narrow near infrared nor the longer short wave
    boolean[] presence = presence();
    presence[NIR08] = false;
    presence[SWIR16 + 1] = false;
    short[] features = new short[manifest.features().size()];
    features[RED] = 1_000;
    features[NIR] = 3_000;
    features[NIR08] = FeaturePlanes.NOT_VALID;
    features[SWIR16] = 2_000;

    // when
    DerivedFeatures.derive(manifest, presence, features);

    // then
    assertThat(features[NDVI]).isEqualTo((short) 5_000);
    assertThat(features[NDMI]).isEqualTo((short) 2_000);
    assertThat(features[NBR]).isEqualTo(FeaturePlanes.NOT_VALID);
  }

  @Test
  void whatIsMadeOfNothingIsNothing() {
    // given
    short[] features = new short[manifest.features().size()];
    features[RED] = FeaturePlanes.NOT_VALID;
    features[NIR] = 3_000;

    // when
    DerivedFeatures.derive(manifest, presence(), features);

    // then: NBR has its bands, whose sum is above 0
    assertThat(features[NDVI]).isEqualTo(FeaturePlanes.NOT_VALID);
    assertThat(features[NBR]).isEqualTo((short) STEPS_OF_ONE);
  }

  private static short number(Random random, boolean dark) {
    return (short) (dark ? random.nextInt(-50, 2_000) : random.nextInt(-32_768, 32_768));
  }

  private static void set(short[] features, int cells, int at, int nir, int red) {
    features[NIR * cells + at] = (short) nir;
    features[RED * cells + at] = (short) red;
  }

  private static short expected(short nir, short red) {
    if (nir == FeaturePlanes.NOT_VALID || red == FeaturePlanes.NOT_VALID) {
      return FeaturePlanes.NOT_VALID;
    }
    int sum = nir + red;
    if (sum <= 0) {
      return 0;
    }
    // Half a step more, rounded down, in decimals that cannot hide a tie.
    BigDecimal twice = BigDecimal.valueOf(2L * STEPS_OF_ONE * (nir - red) + sum);
    int q = twice.divide(BigDecimal.valueOf(2L * sum), 0, RoundingMode.FLOOR).intValueExact();
    return (short) Math.clamp(q, -STEPS_OF_ONE, STEPS_OF_ONE);
  }

  private boolean[] presence() {
    boolean[] presence = new boolean[manifest.bands().size()];
    Arrays.fill(presence, true);
    return presence;
  }
}
