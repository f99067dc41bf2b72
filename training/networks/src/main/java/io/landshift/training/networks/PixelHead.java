package io.landshift.training.networks;

import java.util.List;

/**
 * A head on features that are laid out as {@link PixelFeatures} lays them out.
 *
 * @param head takes planes of cells
 */
public record PixelHead(Network head) implements Network {
  @Override
  public List<Port> inputs() {
    return head.inputs().stream().map(port -> Port.planes(port.name(), 1)).toList();
  }

  @Override
  public List<Port> outputs() {
    return head.outputs();
  }

  @Override
  public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
    List<T> cells =
        inputs.stream().map(plane -> ops.gather(plane, OperationalEncoder.STRIDE)).toList();
    return head.apply(ops, cells);
  }
}
