package io.landshift.ingest.raster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one band of pixels is to be read from. Immutable.
 *
 * @param href absolute path, {@code file:} URI or {@code zip:/archive.zip!/entry}
 * @param band from 1
 * @param nodata numbers that mean no data, beside the one the raster itself states; at most two
 * @param place where the raster lies if it has no georeference of its own (a bare JPEG 2000
 *     codestream whose catalogue item states it), else null; never overrides a georeference
 */
public record RasterBand(String href, int band, List<Double> nodata, @Nullable Extent place) {
  /** The list is copied. */
  public RasterBand {
    nodata = List.copyOf(nodata);
    if (nodata.size() > Missing.STATED) {
      throw new IllegalArgumentException("too many numbers that mean no data: " + nodata);
    }
  }

  public static RasterBand of(String href, int band) {
    return new RasterBand(href, band, List.of(), null);
  }
}
