package io.landshift.training.samples;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An ENVI raster of 8 bits, band after band: the header names its size, the file is its numbers.
 * GDAL's driver for it is not registered, because it takes any file for pixels.
 *
 * @param bands [band][row * width + column]
 */
record EnviRaster(int width, int height, float[][] bands) {

  /**
   * Reads {@code FILE} by {@code FILE.hdr}.
   *
   * @throws io.landshift.schemas.LandshiftException ASSET_MISSING, or METADATA_INVALID where the
   *     header is of another kind or the file of another length
   */
  static EnviRaster read(Path file) {
    try {
      String header =
          Files.readString(
              file.resolveSibling(file.getFileName() + ".hdr"), StandardCharsets.ISO_8859_1);
      int width = number(header, "samples", file);
      int height = number(header, "lines", file);
      int bands = number(header, "bands", file);
      boolean plain =
          number(header, "data type", file) == 1
              && number(header, "header offset", file) == 0
              && Pattern.compile("(?m)^interleave *= *bsq\\s*$").matcher(header).find();
      if (!plain || Files.size(file) != (long) width * height * bands) {
        throw SetFiles.invalid(
            file + " is not %d bands of %d x %d bytes".formatted(bands, width, height));
      }
      byte[] numbers = Files.readAllBytes(file);
      int pixels = width * height;
      float[][] planes = new float[bands][pixels];
      for (int i = 0; i < numbers.length; i++) {
        planes[i / pixels][i % pixels] = numbers[i] & 0xff;
      }
      return new EnviRaster(width, height, planes);
    } catch (IOException e) {
      throw SetFiles.missing(file, e);
    }
  }

  private static int number(String header, String field, Path file) {
    Matcher matcher = Pattern.compile("(?m)^" + field + " *= *(\\d{1,5})\\s*$").matcher(header);
    if (!matcher.find()) {
      throw SetFiles.invalid("the header of " + file + " has no " + field);
    }
    return Integer.parseInt(matcher.group(1));
  }
}
