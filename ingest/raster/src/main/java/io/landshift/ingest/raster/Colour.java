package io.landshift.ingest.raster;

/**
 * What a class is shown as. Immutable.
 *
 * @param red 0..255
 * @param green 0..255
 * @param blue 0..255
 * @param opacity 0..255
 */
public record Colour(int red, int green, int blue, int opacity) {
  public Colour {
    if (((red | green | blue | opacity) & ~0xff) != 0) {
      throw new IllegalArgumentException("the parts of a colour are 0..255");
    }
  }
}
