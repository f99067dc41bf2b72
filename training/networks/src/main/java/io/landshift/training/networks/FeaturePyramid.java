package io.landshift.training.networks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A decoder on served features. Only their finest level is stored, so coarser ones are made of it,
 * a cell of four of the level before, as ConvNeXt makes its own.
 *
 * @param halvings from each level to the next
 * @param decoder on all levels, finest first
 */
record FeaturePyramid(List<Layer> halvings, Decoder decoder) implements Layer {
  private static final int LEVELS = 3;

  /** Cells of the finest level for one of the coarsest, along each axis. */
  static final int CELLS = 1 << (LEVELS - 1);

  FeaturePyramid {
    halvings = List.copyOf(halvings);
  }

  static FeaturePyramid of(Scope scope, HeadDecoder kind, int features) {
    List<Layer> halvings = new ArrayList<>();
    for (int level = 1; level < LEVELS; level++) {
      Scope halving = scope.of("levels").of(level - 1);
      halvings.add(
          Sequence.of(
              ChannelNorm.of(halving.of(0), features),
              Convolution.patches(halving.of(1), features, features, 2)));
    }
    List<Integer> widths = Collections.nCopies(LEVELS, features);
    Scope decoder = scope.of("decoder");
    return new FeaturePyramid(
        halvings,
        kind == HeadDecoder.UPERNET
            ? UPerNetDecoder.of(decoder, widths, features)
            : UNetDecoder.of(decoder, widths));
  }

  @Override
  public <T> T apply(Ops<T> ops, T features) {
    List<T> levels = new ArrayList<>(List.of(features));
    for (Layer halving : halvings) {
      levels.add(halving.apply(ops, levels.getLast()));
    }
    return decoder.apply(ops, levels);
  }
}
