package io.landshift.training.runs;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.bundle.WindowPlan;
import io.landshift.model.inference.ChunkInput;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.ModelSession;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.Sample;
import org.jspecify.annotations.Nullable;

/**
 * A bundle's first score of a labelled pair, as the pipeline would score it with one earlier look:
 * its features, quantised, are the reference's centre, and nothing is known to vary.
 */
final class PairScores {
  private PairScores() {}

  /**
   * Scores of all pixels.
   *
   * @return [row * width + column], NaN where a look is not clear or has no data
   */
  static float[] of(ModelSession session, Sample.Changed pair) {
    BundleManifest manifest = session.manifest();
    int stride = manifest.window().stride();
    int width = roundedUp(pair.width(), stride);
    int height = roundedUp(pair.height(), stride);
    PixelRegion chunk = new PixelRegion(0, 0, width, height);
    short[] current = session.encode(input(manifest, pair.after(), chunk));
    short[] earlier = session.encode(input(manifest, pair.before(), chunk));
    int columns = width / stride;
    int rows = height / stride;
    float[] centre = new float[earlier.length];
    float[] spread = new float[earlier.length];
    for (int index = 0; index < centre.length; index++) {
      double step = manifest.features().get(index / (columns * rows)).step();
      boolean known = earlier[index] != FeaturePlanes.NOT_VALID;
      centre[index] = known ? (float) (earlier[index] * step) : Float.NaN;
    }
    float[] scores =
        session
            .scores(
                FeaturePlanes.quantised(current, columns, rows, manifest),
                FeaturePlanes.of(centre, columns, rows),
                FeaturePlanes.of(spread, columns, rows),
                null,
                presence(manifest, pair.after()),
                width,
                height)[0];
    float[] own = new float[pair.width() * pair.height()];
    for (int pixel = 0; pixel < own.length; pixel++) {
      boolean clear =
          pair.before().quality()[pixel] == Quality.CLEAR
              && pair.after().quality()[pixel] == Quality.CLEAR;
      int at = pixel / pair.width() * width + pixel % pair.width();
      own[pixel] = clear ? scores[at] : Float.NaN;
    }
    return own;
  }

  private static int roundedUp(int pixels, int stride) {
    return (pixels + stride - 1) / stride * stride;
  }

  private static ChunkInput input(BundleManifest manifest, Look look, PixelRegion chunk) {
    PixelRegion pixels = new PixelRegion(0, 0, look.width(), look.height());
    return new ChunkInput(
        WindowPlan.of(manifest.window(), chunk), pixels, inOrder(manifest, look), null);
  }

  private static float[] @Nullable [] inOrder(BundleManifest manifest, Look look) {
    float[] @Nullable [] planes = new float[manifest.bands().size()][];
    for (int band = 0; band < planes.length; band++) {
      int index = look.bands().indexOf(manifest.bands().get(band).commonName());
      planes[band] = index < 0 ? null : look.planes()[index];
    }
    return planes;
  }

  private static boolean[] presence(BundleManifest manifest, Look look) {
    float[] @Nullable [] planes = inOrder(manifest, look);
    boolean[] presence = new boolean[planes.length];
    for (int band = 0; band < presence.length; band++) {
      presence[band] = planes[band] != null;
    }
    return presence;
  }
}
