package io.landshift.ingest.raster;

import org.jspecify.annotations.Nullable;

/**
 * Where one band of pixels is to be read from. Immutable.
 *
 * @param href absolute path, {@code file:} URI or {@code zip:/archive.zip!/entry}
 * @param band from 1
 * @param nodata a number that means no data, beside the one the raster itself states; or null
 * @param place where the raster lies if it has no georeference of its own (a bare JPEG 2000
 *     codestream whose catalogue item states it), else null; never overrides a georeference
 */
public record RasterBand(String href, int band, @Nullable Double nodata, @Nullable Extent place) {
  public static RasterBand of(String href, int band) {
    return new RasterBand(href, band, null, null);
  }
}
