package io.landshift.training.pretraining;

import io.landshift.training.networks.ConvNextBlock;
import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.Network;
import io.landshift.training.networks.Ops;
import io.landshift.training.networks.Port;
import java.util.List;

/**
 * An encoder that sees some patches only: sparse convolution computed densely, by zeros at hidden
 * cells before and after each depthwise convolution. Nothing of a hidden patch reaches a visible
 * cell. Where the sparse form leaves out visible pixels that are zero in all bands, this one sees
 * zeros.
 *
 * <p>Rows and columns of the input are multiples of the encoder's patch.
 */
public record MaskedEncoder(ConvNextEncoder encoder, Parity parity) implements Network {
  @Override
  public List<Port> inputs() {
    return List.of(encoder.inputs().getFirst(), Port.planes("visible", 1));
  }

  @Override
  public List<Port> outputs() {
    return List.of(encoder.outputs().getLast());
  }

  @Override
  public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
    return List.of(features(ops, inputs.get(0), inputs.get(1)));
  }

  /**
   * The last level's planes: one cell for each patch, zeros where it is hidden.
   *
   * @param image [batch, band, row, column]; finite also where it is hidden
   * @param visible [batch, 1, patch row, patch column]: 1 where a patch is seen, otherwise 0
   */
  <T> T features(Ops<T> ops, T image, T visible) {
    T planes =
        encoder.stem().apply(ops, ops.multiply(image, enlarged(ops, visible, encoder.patch())));
    for (int level = 0; level < encoder.levels().size(); level++) {
      if (level > 0) {
        planes = encoder.downsamplings().get(level - 1).apply(ops, planes);
      }
      T seen = enlarged(ops, visible, encoder.patch() / encoder.stride(level));
      for (ConvNextBlock block : encoder.levels().get(level)) {
        planes = block.masked(ops, planes, seen, parity.responseAxes());
      }
    }
    return planes;
  }

  private static <T> T enlarged(Ops<T> ops, T visible, int factor) {
    return factor == 1 ? visible : ops.enlarge(visible, factor, Ops.Interpolation.NEAREST);
  }
}
