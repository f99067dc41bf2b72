package io.landshift.training.onnx.spectral;

import static io.landshift.training.onnx.spectral.SpectralRules.BANDS;
import static io.landshift.training.onnx.spectral.SpectralRules.CLASSES;
import static io.landshift.training.onnx.spectral.SpectralRules.FEATURES;
import static io.landshift.training.onnx.spectral.SpectralRules.NDMI;
import static io.landshift.training.onnx.spectral.SpectralRules.NDVI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowPlan;
import io.landshift.model.inference.ChunkInput;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.LandCover;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("it")
class SpectralBaselineIT {
  private static final SpectralFormulas FORMULAS = new SpectralFormulas(SpectralSettings.STANDARD);
  private static final long SEED = Long.getLong("landshift.seed", System.nanoTime());
  private static final int WIDTH = 150;
  private static final int HEIGHT = 70;
  private static final int PIXELS = WIDTH * HEIGHT;
  private static ModelSession session;

  @BeforeAll
  static void open() {
    System.out.println("seed " + SEED);
    Bundle bundle = Bundles.spectralBaseline();
    session = ModelRuntime.open(bundle, RuntimeOptions.cpu());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  /** Bit i set: band i is absent. */
  @ParameterizedTest
  @ValueSource(ints = {0, 0b1000000, 0b1010000, 0b1100000, 0b1110011})
  void everyPixelIsWhatTheFormulasSay(int absent) {
    // given
    Random random = new Random(SEED + absent);
    boolean[] presence = presence(absent);
    float[][] bands = bands(presence, random);

    // when
    short[] features = encode(bands);
    LandCover landCover = session.segment(features, presence, WIDTH, HEIGHT, true);
    float[] centre = new float[FEATURES * PIXELS];
    float[] spread = new float[FEATURES * PIXELS];
    makeReference(features, centre, spread, random);
    float[][] scores =
        session.scores(
            FeaturePlanes.quantised(features, WIDTH, HEIGHT, session.manifest()),
            FeaturePlanes.of(centre, WIDTH, HEIGHT),
            FeaturePlanes.of(spread, WIDTH, HEIGHT),
            null,
            presence,
            new PixelRegion(0, 0, WIDTH, HEIGHT));

    // then
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      if (isInvalid(bands, pixel)) {
        assertNothing(pixel, features, landCover, scores);
      } else {
        assertFeatures(bands, presence, features, pixel);
        double[] stored = stored(features, presence, pixel);
        assertLandCover(stored, presence, landCover, pixel);
        assertScores(stored, centre, spread, presence, scores, pixel);
      }
    }
  }

  @Test
  void scoresEqualThoseOfThePrototypeOnRealPixels() throws Exception {
    // given: values, references and corrections of three pixels over six years, and the scores that
    // a prototype in another language gave them, without swir22
    List<String[]> rows = prototypeRows();
    int count = rows.size();
    float[] current = new float[FEATURES * count];
    float[] centre = new float[FEATURES * count];
    float[] spread = new float[FEATURES * count];
    int[] features = {0, 1, 2, 3, 4, 5, NDVI, NDMI};
    for (int pixel = 0; pixel < count; pixel++) {
      String[] row = rows.get(pixel);
      for (int column = 0; column < features.length; column++) {
        int at = features[column] * count + pixel;
        double value = Integer.parseInt(row[2 + column]) * 1e-4;
        current[at] = (float) (value + Double.parseDouble(row[26 + column]));
        centre[at] = Float.parseFloat(row[10 + column]);
        spread[at] = Float.parseFloat(row[18 + column]);
      }
    }

    // when
    float[][] scores = session.scores(current, centre, spread, presence(0b1000000), count, 1);

    // then: the prototype rounds to 0.01
    for (int pixel = 0; pixel < count; pixel++) {
      String[] row = rows.get(pixel);
      if (row[34].isEmpty()) {
        assertThat(scores[0][pixel]).isNaN();
      } else {
        assertThat((double) scores[0][pixel]).isCloseTo(parse(row[34]), within(0.0052));
      }
      assertThat((double) scores[1][pixel]).isCloseTo(parse(row[35]), within(0.0052));
    }
  }

  private static List<String[]> prototypeRows() throws IOException {
    try (InputStream in = SpectralBaselineIT.class.getResourceAsStream("prototype-scores.csv")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().skip(1).map(line -> line.split(",", -1)).toList();
    }
  }

  private static double parse(String number) {
    return Double.parseDouble(number);
  }

  private static short[] encode(float[][] bands) {
    PixelRegion chunk = new PixelRegion(0, 0, WIDTH, HEIGHT);
    WindowPlan plan = WindowPlan.of(session.manifest().window(), chunk);
    return session.encode(new ChunkInput(plan, chunk, bands, null));
  }

  private static boolean[] presence(int absent) {
    boolean[] presence = new boolean[BANDS];
    for (int band = 0; band < BANDS; band++) {
      presence[band] = (absent >> band & 1) == 0;
    }
    return presence;
  }

  private static float[][] bands(boolean[] presence, Random random) {
    float[][] bands = new float[BANDS][];
    for (int band = 0; band < BANDS; band++) {
      if (presence[band]) {
        bands[band] = new float[PIXELS];
        for (int pixel = 0; pixel < PIXELS; pixel++) {
          // Skewed to dark surfaces, with some negative values as over water.
          double value = Math.pow(random.nextDouble(), 3) - 0.01;
          bands[band][pixel] = random.nextInt(200) == 0 ? Float.NaN : (float) value;
        }
      }
    }
    return bands;
  }

  private static void makeReference(
      short[] features, float[] centre, float[] spread, Random random) {
    for (int index = 0; index < centre.length; index++) {
      short q = features[index];
      // Also where the feature does not exist: such values must not matter.
      centre[index] =
          q == FeaturePlanes.NOT_VALID ? 9f : (float) (q * 1e-4 + 0.1 * random.nextGaussian());
      spread[index] = random.nextInt(3) == 0 ? 0 : (float) (0.1 * random.nextDouble());
    }
  }

  private static boolean isInvalid(float[][] bands, int pixel) {
    for (float[] band : bands) {
      if (band != null && Float.isNaN(band[pixel])) {
        return true;
      }
    }
    return false;
  }

  private static void assertNothing(
      int pixel, short[] features, LandCover landCover, float[][] scores) {
    for (int feature = 0; feature < FEATURES; feature++) {
      assertThat(features[feature * PIXELS + pixel]).isEqualTo(FeaturePlanes.NOT_VALID);
    }
    assertThat(landCover.classes()[pixel]).isZero();
    for (int index = 0; index < CLASSES; index++) {
      assertThat(landCover.probabilities()[index * PIXELS + pixel]).isNaN();
    }
    assertThat(scores[0][pixel]).isNaN();
    assertThat(scores[1][pixel]).isNaN();
  }

  private static void assertFeatures(
      float[][] bands, boolean[] presence, short[] features, int pixel) {
    double[] values = new double[BANDS];
    for (int band = 0; band < BANDS; band++) {
      values[band] = bands[band] == null ? 0 : bands[band][pixel];
    }
    double[] expected = SpectralFormulas.features(values, presence);
    boolean[] existing = session.manifest().existingFeatures(presence);
    for (int feature = 0; feature < FEATURES; feature++) {
      short actual = features[feature * PIXELS + pixel];
      if (existing[feature]) {
        assertThat((long) actual).isEqualTo(SpectralFormulas.steps(expected[feature]));
      } else {
        assertThat(actual).isEqualTo(FeaturePlanes.NOT_VALID);
      }
    }
  }

  private static double[] stored(short[] features, boolean[] presence, int pixel) {
    boolean[] existing = session.manifest().existingFeatures(presence);
    double[] stored = new double[FEATURES];
    for (int feature = 0; feature < FEATURES; feature++) {
      stored[feature] = existing[feature] ? features[feature * PIXELS + pixel] * 1e-4 : 0;
    }
    return stored;
  }

  private static void assertLandCover(
      double[] stored, boolean[] presence, LandCover landCover, int pixel) {
    double[] expected = FORMULAS.probabilities(stored, presence);
    double best = 0;
    for (int index = 0; index < CLASSES; index++) {
      assertThat((double) landCover.probabilities()[index * PIXELS + pixel])
          .isCloseTo(expected[index], within(2e-5));
      best = Math.max(best, expected[index]);
    }
    int chosen = landCover.classes()[pixel] - 1;
    assertThat(expected[chosen]).isCloseTo(best, within(2e-5));
  }

  private static void assertScores(
      double[] stored,
      float[] centre,
      float[] spread,
      boolean[] presence,
      float[][] scores,
      int pixel) {
    double[] middle = new double[FEATURES];
    double[] width = new double[FEATURES];
    for (int feature = 0; feature < FEATURES; feature++) {
      middle[feature] = centre[feature * PIXELS + pixel];
      width[feature] = spread[feature * PIXELS + pixel];
    }
    double loss = FORMULAS.vegetationLoss(stored, middle, width, presence);
    double generic = FORMULAS.genericChange(stored, middle, width, presence);
    if (Double.isNaN(loss)) {
      assertThat(scores[0][pixel]).isNaN();
    } else {
      assertThat((double) scores[0][pixel]).isCloseTo(loss, within(1e-4 * (1 + loss)));
    }
    assertThat((double) scores[1][pixel]).isCloseTo(generic, within(1e-4 * (1 + generic)));
  }
}
