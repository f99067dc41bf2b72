package io.landshift.model.inference;

/**
 * A tensor of a graph, without its batch dimension.
 *
 * @param name the tensor's name
 * @param channels second dimension
 * @param side third and fourth dimension; 0 where there are only two dimensions
 */
record Port(String name, int channels, int side) {

  /** Elements of one channel. */
  int plane() {
    return side == 0 ? 1 : side * side;
  }

  /** Elements of one window. */
  int elements() {
    return channels * plane();
  }

  long[] shape(int batch) {
    return side == 0 ? new long[] {batch, channels} : new long[] {batch, channels, side, side};
  }
}
