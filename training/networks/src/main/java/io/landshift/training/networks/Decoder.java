package io.landshift.training.networks;

import java.util.List;

/** From an encoder's levels back to its finest. Immutable, thread-safe. */
public sealed interface Decoder permits UNetDecoder, UPerNetDecoder {
  /** Channels of the result. */
  int channels();

  /**
   * Planes of the finest level's size.
   *
   * @param levels finest first, each of half the rows and columns of the one before
   */
  <T> T apply(Ops<T> ops, List<T> levels);
}
