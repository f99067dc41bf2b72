package io.landshift.ingest.raster;

/** How the bytes of a decoded block are read as float32. */
@FunctionalInterface
interface Numbers {
  /**
   * Reads numbers that lie one after the other.
   *
   * @param start first number of the block
   * @param count how many
   */
  void copy(byte[] block, int start, int count, float[] into, int at);
}
