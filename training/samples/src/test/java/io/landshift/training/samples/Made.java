package io.landshift.training.samples;

import io.landshift.ingest.scenes.Quality;
import java.util.Arrays;
import java.util.List;

/** Samples that tests make: pixel i of band b is 100 b + i, over 1000. */
final class Made {
  static final Source SOURCE = new Source("made", "one", "here", Licence.SHIPPABLE, false);
  static final List<String> BANDS = List.of("red", "nir", "swir22");
  static final List<String> CLASSES = List.of("no", "yes");

  private Made() {}

  /** The last band is missing. */
  static Look look(int width, int height, float added) {
    float[][] planes = new float[3][];
    for (int band = 0; band < 2; band++) {
      planes[band] = new float[width * height];
      for (int i = 0; i < planes[band].length; i++) {
        planes[band][i] = (100 * band + i) / 1000f + added;
      }
    }
    byte[] quality = new byte[width * height];
    Arrays.fill(quality, Quality.CLEAR);
    quality[1] = Quality.CLOUD;
    return new Look(null, Look.Unit.REFLECTANCE, BANDS, width, height, planes, quality);
  }

  static Sample.Changed changed(int width, int height, boolean directed) {
    byte[] codes = new byte[width * height];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (byte) (i % width >= width / 2 ? 1 : 0);
    }
    codes[0] = Labels.UNKNOWN;
    return new Sample.Changed(
        SOURCE,
        look(width, height, 0),
        look(width, height, 0.5f),
        new Labels(CLASSES, directed, codes));
  }

  static Source source(String place) {
    return new Source("made", place, place, Licence.SHIPPABLE, false);
  }
}
