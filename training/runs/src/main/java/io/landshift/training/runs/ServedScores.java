package io.landshift.training.runs;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.ModelSession;
import io.landshift.training.samples.Labels;
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
    return of(
        session,
        sample.earlier().stream().map(look -> ServedLook.of(session, look)).toList(),
        ServedLook.of(session, sample.after()));
  }

  /**
   * Scores where nothing happened that anybody knows of: what was labelled unchanged, with
   * simulated earlier looks where there is but one, and each look of a series compared with all its
   * others.
   *
   * @return in no order, without NaN
   */
  static List<float[]> ofStableGround(ModelSession session, Sample sample) {
    List<float[]> scores = new ArrayList<>();
    switch (sample) {
      case Sample.Changed changed -> {
        // The same looks whoever asks: scores of two bundles are compared.
        RandomGenerator random = new SplittableRandom(changed.source().name().hashCode());
        int looks = session.manifest().reference().minLooks();
        float[] all =
            of(
                session,
                changed.earlier().size() > 1
                    ? changed
                    : Revisits.SEASON.followed(changed, looks, random));
        Labels labels = changed.labels();
        for (int pixel = 0; pixel < all.length; pixel++) {
          all[pixel] = labels.codes()[pixel] == 0 ? all[pixel] : Float.NaN;
        }
        scores.add(known(all));
      }
      case Sample.Unlabelled series -> {
        List<ServedLook> looks =
            series.looks().stream().map(look -> ServedLook.of(session, look)).toList();
        for (ServedLook look : looks) {
          List<ServedLook> others = new ArrayList<>(looks);
          others.remove(look);
          scores.add(known(of(session, others, look)));
        }
      }
      case Sample.Segmented segmented -> {}
      case Sample.Aligned aligned -> {}
    }
    return scores;
  }

  private static float[] known(float[] scores) {
    float[] known = new float[scores.length];
    int count = 0;
    for (float score : scores) {
      if (!Float.isNaN(score)) {
        known[count++] = score;
      }
    }
    return Arrays.copyOf(known, count);
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
