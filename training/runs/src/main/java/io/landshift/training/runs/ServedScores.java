package io.landshift.training.runs;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.ModelSession;
import io.landshift.training.samples.Sample;

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
    ServedLook current = ServedLook.of(session, pair.after());
    ServedLook earlier = ServedLook.of(session, pair.before());
    int columns = manifest.window().cells(current.width());
    int rows = manifest.window().cells(current.height());
    float[] scores =
        session
            .scores(
                FeaturePlanes.quantised(current.features(), columns, rows, manifest),
                FeaturePlanes.of(earlier.centre(manifest), columns, rows),
                FeaturePlanes.of(new float[current.features().length], columns, rows),
                null,
                current.presence(),
                new PixelRegion(0, 0, current.width(), current.height()))[0];
    float[] own = new float[pair.width() * pair.height()];
    for (int pixel = 0; pixel < own.length; pixel++) {
      boolean clear =
          pair.before().quality()[pixel] == Quality.CLEAR
              && pair.after().quality()[pixel] == Quality.CLEAR;
      int at = pixel / pair.width() * current.width() + pixel % pair.width();
      own[pixel] = clear ? scores[at] : Float.NaN;
    }
    return own;
  }
}
