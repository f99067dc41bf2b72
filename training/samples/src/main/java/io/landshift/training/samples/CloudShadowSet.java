package io.landshift.training.samples;

import io.landshift.ingest.raster.RasterInfo;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Sentinel-2 tile with an expert's mask of shadow, clear and cloud ({@code sentinel2_img.tif},
 * {@code sentinel2_msk.tif}; test data of ukis-csmask). Apache-2.0: shippable.
 */
public final class CloudShadowSet implements SampleSet<Sample.Segmented> {
  /** The set's name. */
  public static final String NAME = "cloud_shadow_csmask";

  /** The mask's numbers 0..4 are shadow, three kinds of clear, of which 3 is land, and cloud. */
  private static final List<String> CLASSES = List.of("shadow", "clear", "cloud");

  private static final List<String> BANDS =
      List.of("blue", "green", "red", "nir", "swir16", "swir22");
  private static final double SCALE = 1e-4;

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
    return List.of(new Source(NAME, "sentinel2", "sentinel2", Licence.SHIPPABLE, false));
  }

  @Override
  public Sample.Segmented read(Source source) {
    Path image = folder.resolve(source.name() + "_img.tif");
    RasterInfo info = SetFiles.info(image);
    float[] @Nullable [] planes = new float[bands.size()][];
    for (int band = 0; band < planes.length; band++) {
      int index = BANDS.indexOf(bands.get(band));
      planes[band] = index < 0 ? null : SetFiles.scaled(SetFiles.band(image, index + 1), SCALE);
    }
    Look look = Look.clear(null, Look.Unit.REFLECTANCE, bands, info.width(), info.height(), planes);
    float[] mask = SetFiles.band(folder.resolve(source.name() + "_msk.tif"), 1);
    return new Sample.Segmented(source, look, SetFiles.labels(mask, CLASSES, false, 0, 1, 1, 1, 2));
  }
}
