package io.landshift.training.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleManifest.Band;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.Revisits;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The learned bundle that lies in this repository, as it lies there. */
@Tag("it")
class ShippedBundleIT {
  private static final Path FOLDER = Path.of("..", "bundles", "learned-small");
  private static final long SEED = Long.getLong("landshift.seed", 20_261_129);
  private static final int SIDE = 128;
  private static final int LOOKS = 3;

  /** The clear-cut: rows and columns from, to. */
  private static final int FROM = 48;

  private static final int TO = 80;

  /** Reflectances of forest in summer, and of a clear-cut. */
  private static final Map<String, float[]> GROUND =
      Map.of(
          "blue", new float[] {0.02f, 0.06f},
          "green", new float[] {0.04f, 0.08f},
          "red", new float[] {0.025f, 0.11f},
          "nir", new float[] {0.30f, 0.22f},
          "nir08", new float[] {0.31f, 0.24f},
          "swir16", new float[] {0.13f, 0.27f},
          "swir22", new float[] {0.06f, 0.19f});

  @Test
  void theRuntimeServesItAndItTellsAClearCutFromForestThatOnlyVaries() {
    // given: forest that was seen again and again
    System.out.println("landshift.seed=" + SEED);
    RandomGenerator random = new SplittableRandom(SEED);
    // Opening it compares the samples that it was written with.
    try (ModelSession session = ModelRuntime.open(Bundle.load(FOLDER), RuntimeOptions.cpu())) {
      Look forest = forest(session.manifest().bands(), random);
      List<ServedLook> earlier =
          Revisits.SEASON.again(forest, LOOKS, random).stream()
              .map(look -> ServedLook.of(session, look))
              .toList();
      Look quiet = Revisits.SEASON.of(forest, 1, random);

      // when
      float[] before = ServedScores.of(session, earlier, ServedLook.of(session, quiet));
      float[] after = ServedScores.of(session, earlier, ServedLook.of(session, cut(quiet)));

      // then
      double high = session.manifest().scores().getFirst().high();
      System.out.printf(
          "reach %.1f: %.3f of forest; when cut, %.3f of what is cut and %.3f of the rest%n",
          high, reach(before, high, false), reach(after, high, true), reach(after, high, false));
      assertThat(reach(before, high, false)).isLessThan(0.1);
      assertThat(reach(after, high, true)).isGreaterThan(0.6);
      assertThat(reach(after, high, false)).isLessThan(0.1);
    }
  }

  private static Look forest(List<Band> bands, RandomGenerator random) {
    List<String> names = bands.stream().map(Band::commonName).toList();
    float[][] planes = new float[names.size()][SIDE * SIDE];
    for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
      double light = Math.exp(0.08 * random.nextGaussian());
      for (int band = 0; band < planes.length; band++) {
        planes[band][pixel] = (float) (light * GROUND.get(names.get(band))[0]);
      }
    }
    return look(names, planes);
  }

  private static Look look(List<String> names, float[][] planes) {
    byte[] quality = new byte[SIDE * SIDE];
    Arrays.fill(quality, Quality.CLEAR);
    return new Look(null, Look.Unit.REFLECTANCE, names, SIDE, SIDE, planes, quality);
  }

  private static Look cut(Look look) {
    float[][] planes = new float[look.bands().size()][];
    for (int band = 0; band < planes.length; band++) {
      String name = look.bands().get(band);
      float[] ground = GROUND.get(name);
      planes[band] = look.plane(name).clone();
      for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
        planes[band][pixel] *= isCut(pixel) ? ground[1] / ground[0] : 1;
      }
    }
    return look(look.bands(), planes);
  }

  private static boolean isCut(int pixel) {
    int row = pixel / SIDE;
    int column = pixel % SIDE;
    return row >= FROM && row < TO && column >= FROM && column < TO;
  }

  /** The share of pixels, cut or not, whose score reaches a threshold. */
  private static double reach(float[] scores, double threshold, boolean cut) {
    int all = 0;
    int reached = 0;
    for (int pixel = 0; pixel < scores.length; pixel++) {
      if (isCut(pixel) == cut && !Float.isNaN(scores[pixel])) {
        all++;
        reached += scores[pixel] >= threshold ? 1 : 0;
      }
    }
    return (double) reached / all;
  }
}
