package io.landshift.training.samples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sentinel-2 images after 20 fires, with burn masks ({@code post_fire/NAME.tif}, {@code
 * masks/NAME.tif}, {@code dnbr/NAME.tif}). Near infrared (B08) and 2.2 um (B12) are reflectances;
 * red, green and blue are of a picture of 8 bits and are left out. No licence: experiments only.
 */
public final class CaliforniaFiresSet implements SampleSet<Sample.Segmented> {
  /** The set's name. */
  public static final String NAME = "california_fires_20";

  private static final List<String> CLASSES = List.of("unburnt", "burnt");
  private static final int NIR = 4;
  private static final int SWIR22 = 5;
  private static final double SCALE = 1e-4;

  private final Path folder;
  private final List<String> bands;
  private final List<Source> sources;

  /**
   * @param folder of the set
   * @param bands common names of what is wanted, in order; all but {@code nir} and {@code swir22}
   *     are missing
   */
  public CaliforniaFiresSet(Path folder, List<String> bands) {
    this.folder = folder;
    this.bands = List.copyOf(bands);
    this.sources =
        SetFiles.names(folder.resolve("masks")).stream()
            .map(name -> new Source(NAME, name, name, Licence.EXPERIMENT_ONLY, false))
            .toList();
  }

  @Override
  public List<Source> sources() {
    return sources;
  }

  @Override
  public Sample.Segmented read(Source source) {
    Path image = raster("post_fire", source);
    var info = SetFiles.info(image);
    List<float @Nullable []> planes = new ArrayList<>();
    for (String band : bands) {
      planes.add(
          switch (band) {
            case "nir" -> SetFiles.scaled(SetFiles.band(image, NIR), SCALE);
            case "swir22" -> SetFiles.scaled(SetFiles.band(image, SWIR22), SCALE);
            default -> null;
          });
    }
    Look look =
        Look.clear(
            null,
            Look.Unit.REFLECTANCE,
            bands,
            info.width(),
            info.height(),
            planes.toArray(float[][]::new));
    Labels labels =
        SetFiles.labels(SetFiles.band(raster("masks", source), 1), CLASSES, false, 0, 1);
    return new Sample.Segmented(source, look, labels);
  }

  /** How much the normalised burn ratio fell, as the set states it: row by row. */
  public float[] burnRatioDrop(Source source) {
    return SetFiles.band(raster("dnbr", source), 1);
  }

  private Path raster(String part, Source source) {
    return folder.resolve(part).resolve(source.name() + ".tif");
  }
}
