package io.landshift.training.networks;

import java.util.List;

/**
 * A block of ConvNeXt V2: a depthwise 7 x 7 convolution, then two linear layers on each cell with
 * four times the channels between them, added to the input.
 */
public record ConvNextBlock(
    Convolution depthwise, LayerNorm norm, Linear expand, ResponseNorm response, Linear contract)
    implements Layer {
  private static final int SIDE = 7;
  private static final int EXPANSION = 4;

  /** For planes of {@code channels}. */
  public static ConvNextBlock of(Scope scope, int channels) {
    int wide = EXPANSION * channels;
    return new ConvNextBlock(
        Convolution.depthwise(scope.of("dwconv"), channels, SIDE),
        LayerNorm.of(scope.of("norm"), channels),
        Linear.of(scope.of("pwconv1"), channels, wide),
        ResponseNorm.of(scope.of("grn"), wide),
        Linear.of(scope.of("pwconv2"), wide, channels));
  }

  /**
   * The block of sparse convolutions, computed densely: cells that are not seen are zero before and
   * after each step, and do not count in the response.
   *
   * @param visible [batch, 1, row, column]: 1 where a cell is seen, otherwise 0
   * @param axes as {@link ResponseNorm#over} takes them
   */
  public <T> T masked(Ops<T> ops, T planes, T visible, List<Integer> axes) {
    T seen = ops.multiply(planes, visible);
    T near = ops.multiply(depthwise.apply(ops, seen), visible);
    T expanded = ops.gelu(expand.apply(ops, norm.apply(ops, ops.channelsLast(near))));
    T wide = response.over(ops, ops.multiply(expanded, ops.channelsLast(visible)), axes);
    T planesAdded = ops.channelsFirst(contract.apply(ops, wide));
    return ops.multiply(ops.add(seen, planesAdded), visible);
  }

  @Override
  public <T> T apply(Ops<T> ops, T planes) {
    T cells = norm.apply(ops, ops.channelsLast(depthwise.apply(ops, planes)));
    T wide = response.apply(ops, ops.gelu(expand.apply(ops, cells)));
    return ops.add(planes, ops.channelsFirst(contract.apply(ops, wide)));
  }
}
