package io.landshift.training.networks;

import java.util.ArrayList;
import java.util.List;

/**
 * From an encoder's levels back to its finest: each step enlarges twice (nearest), joins the level
 * of that size and mixes both with a 3 x 3 convolution.
 *
 * @param fusions coarsest first
 * @param channels of the result
 */
public record UNetDecoder(List<Layer> fusions, int channels) implements Decoder {
  public UNetDecoder {
    fusions = List.copyOf(fusions);
  }

  /**
   * For levels of these widths; the result has the first one's.
   *
   * @param widths channels of each level, finest first
   */
  public static UNetDecoder of(Scope scope, List<Integer> widths) {
    List<Layer> fusions = new ArrayList<>();
    for (int level = widths.size() - 2; level >= 0; level--) {
      int out = widths.get(level);
      fusions.add(Fusion.of(scope.of(level), widths.get(level + 1) + out, out));
    }
    return new UNetDecoder(fusions, widths.getFirst());
  }

  @Override
  public <T> T apply(Ops<T> ops, List<T> levels) {
    T planes = levels.getLast();
    for (int step = 0; step < fusions.size(); step++) {
      T skipped = levels.get(levels.size() - 2 - step);
      T enlarged = ops.enlarge(planes, 2, Ops.Interpolation.NEAREST);
      planes = fusions.get(step).apply(ops, ops.joinChannels(List.of(enlarged, skipped)));
    }
    return planes;
  }
}
