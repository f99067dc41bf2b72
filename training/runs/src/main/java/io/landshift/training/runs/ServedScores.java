package io.landshift.training.runs;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.ModelSession;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.Revisits;
import io.landshift.training.samples.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A bundle's first score, as the pipeline gives it. */
final class ServedScores {
  /** Standard deviation of a normal distribution in units of its median absolute deviation. */
  private static final double NORMAL = 1.4826;

  private ServedScores() {}

  /**
   * Scores of a sample's later look.
   *
   * @return [row * width + column], NaN where nothing can be said
   */
  static float[] of(ModelSession session, Sample.Changed sample) {
    return of(session, served(session, sample.earlier()), ServedLook.of(session, sample.after()));
  }

  /**
   * Scores where nothing happened that anybody knows of: each look of a series compared with all
   * its others, and of a pair the earlier date, seen again in simulated looks, the same ones
   * whoever asks.
   *
   * @return [look][row * width + column], NaN where nothing can be said
   */
  static List<float[]> ofStableGround(ModelSession session, Sample sample) {
    return switch (sample) {
      case Sample.Changed pair -> {
        RandomGenerator random = new SplittableRandom(pair.source().name().hashCode());
        int earlier = session.manifest().reference().minLooks();
        List<ServedLook> looks =
            served(session, Revisits.SEASON.again(pair.before(), earlier + 1, random));
        yield List.of(of(session, looks.subList(0, earlier), looks.getLast()));
      }
      case Sample.Unlabelled series -> {
        List<ServedLook> looks = served(session, series.looks());
        List<float[]> scores = new ArrayList<>();
        for (ServedLook look : looks) {
          List<ServedLook> others = new ArrayList<>(looks);
          others.remove(look);
          scores.add(of(session, others, look));
        }
        yield scores;
      }
      case Sample.Segmented segmented -> List.of();
      case Sample.Aligned aligned -> List.of();
    };
  }

  private static List<ServedLook> served(ModelSession session, List<Look> looks) {
    return looks.stream().map(look -> ServedLook.of(session, look)).toList();
  }

  /**
   * Scores of a look. A single earlier look is the reference, and nothing is known to vary; of
   * more, a pixel needs as many as the bundle asks for.
   */
  static float[] of(ModelSession session, List<ServedLook> earlier, ServedLook current) {
    BundleManifest manifest = session.manifest();
    int least = Math.min(earlier.size(), manifest.reference().minLooks());
    float[] centre = new float[current.features().length];
    float[] spread = new float[centre.length];
    reference(manifest, earlier, least, centre, spread);
    int columns = manifest.window().cells(current.width());
    int rows = manifest.window().cells(current.height());
    float[] scores =
        session
            .scores(
                FeaturePlanes.corrected(
                    current.features(),
                    columns,
                    rows,
                    manifest,
                    correction(manifest, current, centre)),
                FeaturePlanes.of(centre, columns, rows),
                FeaturePlanes.of(spread, columns, rows),
                null,
                current.presence(),
                new PixelRegion(0, 0, current.width(), current.height()))[0];
    Look look = current.look();
    float[] own = new float[look.width() * look.height()];
    for (int pixel = 0; pixel < own.length; pixel++) {
      int before = 0;
      for (ServedLook each : earlier) {
        before += each.look().quality()[pixel] == Quality.CLEAR ? 1 : 0;
      }
      boolean told = look.quality()[pixel] == Quality.CLEAR && before >= least;
      int at = pixel / look.width() * current.width() + pixel % look.width();
      own[pixel] = told ? scores[at] : Float.NaN;
    }
    return own;
  }

  /**
   * Median and median absolute deviation of what is known of each feature, NaN where too little.
   */
  private static void reference(
      BundleManifest manifest,
      List<ServedLook> earlier,
      int least,
      float[] centre,
      float[] spread) {
    int cells = centre.length / manifest.features().size();
    double[] known = new double[earlier.size()];
    for (int index = 0; index < centre.length; index++) {
      int count = 0;
      for (ServedLook look : earlier) {
        if (look.isUsable(index, manifest.window())) {
          known[count++] = look.features()[index] * manifest.features().get(index / cells).step();
        }
      }
      double middle = count < least ? Double.NaN : median(known, count);
      for (int look = 0; look < count; look++) {
        known[look] = Math.abs(known[look] - middle);
      }
      centre[index] = (float) middle;
      spread[index] = count < least ? Float.NaN : (float) (NORMAL * median(known, count));
    }
  }

  /** By what a whole look differs from its reference, as serving corrects it before it compares. */
  private static List<float[]> correction(
      BundleManifest manifest, ServedLook current, float[] centre) {
    int plane = centre.length / manifest.features().size();
    int columns = manifest.window().cells(current.width());
    List<float[]> correction = new ArrayList<>();
    for (BundleManifest.Feature feature : manifest.features()) {
      int first = correction.size() * plane;
      int side = feature.cell();
      float[] shifts = new float[side * side];
      double[] known = new double[plane];
      for (int part = 0; part < shifts.length && feature.correctionClip() > 0; part++) {
        int count = 0;
        for (int cell = 0; cell < plane; cell++) {
          boolean own = cell / columns % side * side + cell % columns % side == part;
          if (own && votes(manifest, feature, current, centre, first + cell)) {
            double today = current.features()[first + cell] * feature.step();
            known[count++] = centre[first + cell] - today;
          }
        }
        double shift = count == 0 ? 0 : median(known, count);
        shifts[part] =
            (float) Math.clamp(shift, -feature.correctionClip(), feature.correctionClip());
      }
      correction.add(shifts);
    }
    return correction;
  }

  private static boolean votes(
      BundleManifest manifest,
      BundleManifest.Feature feature,
      ServedLook current,
      float[] centre,
      int index) {
    BundleManifest.ReferenceCondition condition = feature.correctionCondition();
    int plane = centre.length / manifest.features().size();
    boolean meets =
        condition == null
            || centre[manifest.feature(condition.feature()) * plane + index % plane]
                >= condition.minimum();
    return meets && !Float.isNaN(centre[index]) && current.isUsable(index, manifest.window());
  }

  private static double median(double[] values, int count) {
    Arrays.sort(values, 0, count);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
  }
}
