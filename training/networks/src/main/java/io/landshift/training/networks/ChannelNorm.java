package io.landshift.training.networks;

/** {@link LayerNorm} over the channels of each cell of planes. */
public record ChannelNorm(LayerNorm norm) implements Layer {

  /** For planes of {@code channels}. */
  public static ChannelNorm of(Scope scope, int channels) {
    return new ChannelNorm(LayerNorm.of(scope, channels));
  }

  @Override
  public <T> T apply(Ops<T> ops, T planes) {
    return ops.channelsFirst(norm.apply(ops, ops.channelsLast(planes)));
  }
}
