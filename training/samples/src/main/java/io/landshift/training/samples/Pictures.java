package io.landshift.training.samples;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Pictures of 8 bits (PNG, BMP, JPEG) as numbers. */
final class Pictures {
  private Pictures() {}

  /**
   * Reads a picture's own numbers, not colours of a palette.
   *
   * @throws io.landshift.schemas.LandshiftException ASSET_MISSING, or METADATA_INVALID where it is
   *     no picture
   */
  static Raster read(Path file) {
    try {
      BufferedImage image = Files.exists(file) ? ImageIO.read(file.toFile()) : null;
      if (image == null) {
        throw SetFiles.invalid(file + " is not there, or no picture");
      }
      return image.getRaster();
    } catch (IOException e) {
      throw SetFiles.missing(file, e);
    }
  }

  /** One band, row by row. */
  static float[] band(Raster picture, int band) {
    return picture.getSamples(0, 0, picture.getWidth(), picture.getHeight(), band, (float[]) null);
  }
}
