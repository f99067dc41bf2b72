package io.landshift.training.pretraining;

import io.landshift.training.networks.ConvNextBlock;
import io.landshift.training.networks.ConvNextEncoder;
import io.landshift.training.networks.Convolution;
import io.landshift.training.networks.Layer;
import io.landshift.training.networks.LayerNorm;
import io.landshift.training.networks.Linear;
import io.landshift.training.networks.Network;
import io.landshift.training.networks.Ops;
import io.landshift.training.networks.Parameter;
import io.landshift.training.networks.Port;
import io.landshift.training.networks.Scope;
import io.landshift.training.networks.Weighting;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of MP-MAE: a {@link MaskedEncoder}, a token in place of what is hidden, one block of
 * ConvNeXt V2 for all tasks, and a head for each. Of an encoder it keeps the names that it has
 * alone; the others follow the published ones ({@code proj}, {@code mask_token}, {@code
 * pred_dict}).
 *
 * @param heads one for each task
 * @param logVariances what {@link Weighting#UNCERTAINTY} learns
 */
public record MaskedAutoencoder(
    MaskedEncoder encoder,
    Convolution projection,
    Parameter maskToken,
    ConvNextBlock decoder,
    LayerNorm norm,
    List<PretextTask> tasks,
    List<Layer> heads,
    Parameter logVariances)
    implements Network {
  /** Channels of the published decoder. */
  public static final int WIDTH = 512;

  public MaskedAutoencoder {
    tasks = List.copyOf(tasks);
    heads = List.copyOf(heads);
  }

  /**
   * On an encoder.
   *
   * @param width channels of the decoder
   * @param tasks one or more
   */
  public static MaskedAutoencoder of(
      Scope scope, MaskedEncoder encoder, int width, List<PretextTask> tasks) {
    ConvNextEncoder plain = encoder.encoder();
    int patch = plain.patch();
    List<Layer> heads = new ArrayList<>();
    for (PretextTask task : tasks) {
      Scope head = scope.of("pred_dict").of(task.name());
      heads.add(
          task.ofPixels()
              ? Convolution.same(head, width, patch * patch * task.channels(), 1)
              : Linear.of(head, width, task.channels()));
    }
    return new MaskedAutoencoder(
        encoder,
        Convolution.same(scope.of("proj"), plain.widths().getLast(), width, 1),
        scope.token("mask_token", 1, width, 1, 1),
        ConvNextBlock.of(scope.of("decoder"), width),
        LayerNorm.of(scope.of("layer_norm_tmp"), width),
        tasks,
        heads,
        scope.of("loss_fn").zeros("log_vars", tasks.size()));
  }

  @Override
  public List<Port> inputs() {
    return encoder.inputs();
  }

  @Override
  public List<Port> outputs() {
    int pixels = encoder.encoder().patch() * encoder.encoder().patch();
    return tasks.stream()
        .map(task ->
            task.ofPixels()
                ? Port.planes(task.name(), pixels * task.channels())
                : Port.vector(task.name(), task.channels()))
        .toList();
  }

  @Override
  public <T> List<T> apply(Ops<T> ops, List<T> inputs) {
    T visible = inputs.get(1);
    T seen = projection.apply(ops, encoder.features(ops, inputs.get(0), visible));
    T token = ops.parameter(maskToken);
    T hidden = ops.subtract(token, ops.multiply(token, visible));
    T decoded = decoder.apply(ops, ops.add(ops.multiply(seen, visible), hidden));
    T mean = ops.mean(norm.apply(ops, ops.channelsLast(decoded)), List.of(1, 2));
    List<T> outputs = new ArrayList<>();
    for (int task = 0; task < tasks.size(); task++) {
      outputs.add(heads.get(task).apply(ops, tasks.get(task).ofPixels() ? decoded : mean));
    }
    return outputs;
  }
}
