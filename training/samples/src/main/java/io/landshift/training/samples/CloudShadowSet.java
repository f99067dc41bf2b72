package io.landshift.training.samples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Three tiles, of Sentinel-2, Landsat 5 and Landsat 7, each with an expert's mask of shadow, clear
 * and cloud ({@code NAME.npz} with {@code img} and {@code msk}; test data of ukis-csmask).
 * Apache-2.0: shippable.
 */
public final class CloudShadowSet implements SampleSet<Sample.Segmented> {
  /** The set's name. */
  public static final String NAME = "cloud_shadow_csmask";

  private static final String ENDING = ".npz";

  /** The mask's numbers 0..4 are shadow, three kinds of clear, of which 3 is land, and cloud. */
  private static final List<String> CLASSES = List.of("shadow", "clear", "cloud");

  private static final int[] CODES = {0, 1, 1, 1, 2};
  private static final List<String> BANDS =
      List.of("blue", "green", "red", "nir", "swir16", "swir22");

  private final Path folder;
  private final List<String> bands;

  /**
   * @param folder of the set
   * @param bands common names of what is wanted, in order
   */
  public CloudShadowSet(Path folder, List<String> bands) {
    this.folder = folder;
    this.bands = List.copyOf(bands);
  }

  @Override
  public List<Source> sources() {
    return List.of("landsat5", "landsat7", "sentinel2").stream()
        .filter(tile -> Files.exists(folder.resolve(tile + ENDING)))
        .map(tile -> new Source(NAME, tile, tile, Licence.SHIPPABLE, false))
        .toList();
  }

  @Override
  public Sample.Segmented read(Source source) {
    Path file = folder.resolve(source.name() + ENDING);
    NumpyArray image = NumpyArray.read(file, "img");
    NumpyArray mask = NumpyArray.read(file, "msk");
    if (image.shape().size() != 3
        || image.shape().getLast() != BANDS.size()
        || mask.values().length * BANDS.size() != image.values().length) {
      throw SetFiles.invalid(
          file + " is no image of six bands with its mask: " + image.shape() + mask.shape());
    }
    int height = image.shape().get(0);
    int width = image.shape().get(1);
    float[] @Nullable [] planes = new float[bands.size()][];
    for (int band = 0; band < planes.length; band++) {
      int index = BANDS.indexOf(bands.get(band));
      planes[band] = index < 0 ? null : plane(image.values(), index);
    }
    Look look = Look.clear(null, Look.Unit.REFLECTANCE, bands, width, height, planes);
    return new Sample.Segmented(
        source, look, SetFiles.labels(mask.values(), CLASSES, false, CODES));
  }

  /** One of the bands that lie pixel by pixel. */
  private static float[] plane(float[] pixels, int band) {
    float[] plane = new float[pixels.length / BANDS.size()];
    for (int pixel = 0; pixel < plane.length; pixel++) {
      plane[pixel] = pixels[pixel * BANDS.size() + band];
    }
    return plane;
  }
}
