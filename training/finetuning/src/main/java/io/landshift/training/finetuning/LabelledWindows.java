package io.landshift.training.finetuning;

import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.Need;
import io.landshift.training.networks.Values;
import io.landshift.training.samples.Labels;
import io.landshift.training.samples.Look;
import io.landshift.training.samples.ModelBands;
import io.landshift.training.samples.Sample;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Square windows and their labels as numbers that an objective takes. Pure; thread-safe.
 *
 * @param bands of the looks, normalised as serving normalises them
 * @param smoothing share of a label that the other classes get, as labels may be wrong, 0..1
 */
record LabelledWindows(List<BundleManifest.Band> bands, double smoothing) {
  /** How often a look is seen as if it lacked a band that serving does without. */
  private static final double DROPPED = 0.2;

  /** Which bands a batch lacks: now and then one that serving does without. */
  boolean[] dropped(RandomGenerator random) {
    boolean[] dropped = new boolean[bands.size()];
    for (int band = 0; band < dropped.length; band++) {
      dropped[band] = bands.get(band).need() != Need.REQUIRED && random.nextDouble() < DROPPED;
    }
    return dropped;
  }

  /** What the encoder sees of looks of one size: [look, band, row, column]. */
  Values images(List<Look> looks, boolean[] dropped) {
    int pixels = looks.getFirst().width() * looks.getFirst().height();
    float[] values = new float[looks.size() * bands.size() * pixels];
    for (int look = 0; look < looks.size(); look++) {
      float[] tensor = ModelBands.tensor(bands, looks.get(look));
      for (int band = 0; band < bands.size(); band++) {
        if (!dropped[band]) {
          int to = (look * bands.size() + band) * pixels;
          System.arraycopy(tensor, band * pixels, values, to, pixels);
        }
      }
    }
    int side = looks.getFirst().width();
    return new Values(List.of(looks.size(), bands.size(), side, side), values);
  }

  /**
   * The labels of pixels that are clear on every look, [window, class, row, column]: 0 where
   * nothing is known, 1 in all over the batch.
   */
  Values counted(List<? extends Sample> windows, List<Labels> labels, int classes) {
    int pixels = windows.getFirst().width() * windows.getFirst().height();
    float[] values = new float[windows.size() * classes * pixels];
    int known = 0;
    for (int window = 0; window < windows.size(); window++) {
      for (int pixel = 0; pixel < pixels; pixel++) {
        byte code = labels.get(window).codes()[pixel];
        if (code != Labels.UNKNOWN && isClear(windows.get(window), pixel)) {
          known++;
          for (int other = 0; other < classes; other++) {
            values[(window * classes + other) * pixels + pixel] =
                (float) (smoothing / classes + (other == code ? 1 - smoothing : 0));
          }
        }
      }
    }
    for (int index = 0; known > 0 && index < values.length; index++) {
      values[index] /= known;
    }
    int side = windows.getFirst().width();
    return new Values(List.of(windows.size(), classes, side, side), values);
  }

  private static boolean isClear(Sample sample, int pixel) {
    for (Look look : sample.looks()) {
      if (look.quality()[pixel] != Quality.CLEAR) {
        return false;
      }
    }
    return true;
  }
}
