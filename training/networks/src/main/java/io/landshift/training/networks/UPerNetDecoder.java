package io.landshift.training.networks;

import java.util.ArrayList;
import java.util.List;

/**
 * UPerNet (Xiao and others 2018, arXiv 1807.10221): the coarsest level is joined with its means
 * over 1, 2 x 2, 3 x 3 and 6 x 6 regions of the window, each step down to a finer level adds what
 * was found above, and all levels are joined at the finest.
 *
 * <p>Parts, sizes and names are those of {@code UPerHead} in mmsegmentation, which MTP (arXiv
 * 2403.13430) uses too. Other than there, a convolution has a bias and is normalised over channels
 * and activated by GELU ({@link Fusion}) instead of batch norm and ReLU: a result depends on no
 * other window of the batch, and regions of a single number can be normalised in training, too.
 * There is no dropout before the classifier.
 *
 * @param regions on the means over regions, in the order of {@link #BINS}
 * @param bottleneck on the coarsest level and what the regions say
 * @param laterals to the decoder's channels, of all levels but the coarsest, finest first
 * @param outputs on the sums of these levels, finest first
 * @param fusion on all levels at the finest
 * @param channels of each part and of the result
 */
public record UPerNetDecoder(
    List<Layer> regions,
    Layer bottleneck,
    List<Layer> laterals,
    List<Layer> outputs,
    Layer fusion,
    int channels)
    implements Decoder {
  /** Regions along each axis. */
  public static final List<Integer> BINS = List.of(1, 2, 3, 6);

  public UPerNetDecoder {
    regions = List.copyOf(regions);
    laterals = List.copyOf(laterals);
    outputs = List.copyOf(outputs);
  }

  /**
   * For levels of these widths.
   *
   * @param widths channels of each level, finest first
   * @param channels of the result; 512 is usual, 256 what MTP pretrains with
   */
  public static UPerNetDecoder of(Scope scope, List<Integer> widths, int channels) {
    int coarsest = widths.getLast();
    List<Layer> regions = new ArrayList<>();
    for (int index = 0; index < BINS.size(); index++) {
      // 0 is the pooling, which has no parameters.
      Scope region = scope.of("psp_modules").of(index).of(1);
      regions.add(Fusion.of(region, coarsest, channels, 1));
    }
    int joined = coarsest + BINS.size() * channels;
    Layer bottleneck = Fusion.of(scope.of("bottleneck"), joined, channels);
    List<Layer> laterals = new ArrayList<>();
    List<Layer> outputs = new ArrayList<>();
    for (int level = 0; level < widths.size() - 1; level++) {
      laterals.add(Fusion.of(scope.of("lateral_convs").of(level), widths.get(level), channels, 1));
      outputs.add(Fusion.of(scope.of("fpn_convs").of(level), channels, channels));
    }
    Layer fusion = Fusion.of(scope.of("fpn_bottleneck"), widths.size() * channels, channels);
    return new UPerNetDecoder(regions, bottleneck, laterals, outputs, fusion, channels);
  }

  @Override
  public <T> T apply(Ops<T> ops, List<T> levels) {
    T sum = coarsest(ops, levels.getLast());
    List<T> found = new ArrayList<>(List.of(sum));
    for (int level = laterals.size() - 1; level >= 0; level--) {
      T lateral = laterals.get(level).apply(ops, levels.get(level));
      sum = ops.add(lateral, ops.resize(sum, lateral));
      found.addFirst(outputs.get(level).apply(ops, sum));
    }
    T finest = found.getFirst();
    for (int level = 1; level < found.size(); level++) {
      found.set(level, ops.resize(found.get(level), finest));
    }
    return fusion.apply(ops, ops.joinChannels(found));
  }

  /** The pyramid pooling of PSPNet (Zhao and others 2017, arXiv 1612.01105). */
  private <T> T coarsest(Ops<T> ops, T level) {
    List<T> joined = new ArrayList<>(List.of(level));
    for (int index = 0; index < BINS.size(); index++) {
      T region = regions.get(index).apply(ops, ops.pool(level, BINS.get(index)));
      joined.add(ops.resize(region, level));
    }
    return bottleneck.apply(ops, ops.joinChannels(joined));
  }
}
