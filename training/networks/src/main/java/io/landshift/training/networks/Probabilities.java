package io.landshift.training.networks;

import java.util.List;

/**
 * A network whose only output, logits, becomes probabilities that sum to 1 over the channels.
 *
 * @param logits a network with one output
 */
public record Probabilities(Network logits) implements Network {
  @Override
  public List<Port> inputs() {
    return logits.inputs();
  }

  @Override
  public List<Port> outputs() {
    Port port = logits.outputs().getFirst();
    return List.of(new Port("probabilities", port.channels(), port.planes()));
  }

  @Override
  public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
    return List.of(ops.softmax(logits.apply(ops, inputs).getFirst(), 1));
  }
}
