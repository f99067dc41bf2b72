package io.landshift.training.samples;

import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.KnownBands;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What readers of folder sets share. Pure but for reading files. */
final class SetFiles {
  static final RasterRules RULES = RasterRules.anywhere();
  private static final String ENDING = ".tif";

  private static final List<String> SENTINEL_BANDS =
      List.of(
          "B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11",
          "B12");

  private SetFiles() {}

  /** Names of a folder's rasters, without their ending, sorted. */
  static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ENDING))
          .map(name -> name.substring(0, name.length() - ENDING.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw missing(folder, e);
    }
  }

  static LandshiftException missing(Path file, IOException cause) {
    return new LandshiftException(
        FailureReason.ASSET_MISSING, file + " cannot be read: check the folder of the set", cause);
  }

  static LandshiftException invalid(String message) {
    return new LandshiftException(FailureReason.METADATA_INVALID, message);
  }

  static RasterInfo info(Path raster) {
    return Rasters.inspect(raster.toString(), RULES);
  }

  /** The band of Sentinel-2 that was asked for, or null. */
  static @Nullable String sentinelBand(BandRequest request) {
    for (String name : SENTINEL_BANDS) {
      var meaning = KnownBands.byName(KnownBands.SENTINEL_2, name).orElseThrow();
      Double wanted = request.wavelength();
      Double centre = meaning.centerWavelength();
      // Only of red edges there are several, 0.036 and more apart.
      boolean near = wanted == null || centre == null || Math.abs(centre - wanted) < 0.015;
      if (request.commonName().equals(meaning.commonName()) && near) {
        return name;
      }
    }
    return null;
  }

  /** One band as written; nodata is NaN. */
  static float[] band(Path raster, int band) {
    return Rasters.readAll(raster.toString(), band, RULES);
  }

  /**
   * A mask of whole numbers.
   *
   * @param codes what each number of the mask means, from 0; other numbers are unknown
   */
  static Labels labels(float[] mask, List<String> classes, boolean directed, int... codes) {
    byte[] labels = new byte[mask.length];
    for (int pixel = 0; pixel < mask.length; pixel++) {
      int number = (int) mask[pixel];
      boolean known = number == mask[pixel] && number >= 0 && number < codes.length;
      labels[pixel] = known ? (byte) codes[number] : Labels.UNKNOWN;
    }
    return new Labels(classes, directed, labels);
  }

  /** Every number of a plane times a scale; NaN stays. */
  static float[] scaled(float[] plane, double scale) {
    float[] scaled = new float[plane.length];
    for (int pixel = 0; pixel < plane.length; pixel++) {
      scaled[pixel] = (float) (scale * plane[pixel]);
    }
    return scaled;
  }
}
