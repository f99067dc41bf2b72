package io.landshift.ingest.raster;

import java.nio.ByteBuffer;

/** Supplies the numbers of a product a few rows at a time, so that no whole tile is in memory. */
@FunctionalInterface
public interface RowSource {
  /**
   * Fills full rows of one band. Called for all bands of one stretch of rows, then for the next
   * stretch, from north to south.
   *
   * @param band from 1
   * @param y first row, counted from the top of the window that is written
   * @param height number of rows
   * @param into native byte order, position 0, limit = width * height * bytes of a number; its
   *     position afterwards does not matter; what is not written is what it was before
   */
  void rows(int band, int y, int height, ByteBuffer into);

  /** Whole bands of float32, for FLOAT32 rasters of this width. */
  static RowSource ofFloats(int width, float[]... bands) {
    return (band, y, height, into) ->
        into.asFloatBuffer().put(bands[band - 1], y * width, height * width);
  }

  /** Whole bands of int32, for INT32 or UINT32 rasters of this width. */
  static RowSource ofInts(int width, int[]... bands) {
    return (band, y, height, into) ->
        into.asIntBuffer().put(bands[band - 1], y * width, height * width);
  }

  /** Whole bands of 16 bits, for UINT16 or INT16 rasters of this width. */
  static RowSource ofShorts(int width, short[]... bands) {
    return (band, y, height, into) ->
        into.asShortBuffer().put(bands[band - 1], y * width, height * width);
  }

  /** Whole bands of bytes, for UINT8 rasters of this width. */
  static RowSource ofBytes(int width, byte[]... bands) {
    return (band, y, height, into) -> into.put(bands[band - 1], y * width, height * width);
  }
}
