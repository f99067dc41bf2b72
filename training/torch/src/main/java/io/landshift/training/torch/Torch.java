package io.landshift.training.torch;

import io.landshift.training.networks.Network;
import io.landshift.training.networks.Objective;
import io.landshift.training.networks.Values;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What holds for libtorch in the whole process, and running a network in it. */
public final class Torch {
  private Torch() {}

  /**
   * Makes the same calls give the same bits: one thread, and no algorithm whose result depends on
   * the order in which threads finish. For the whole process; OpenBLAS and OpenMP read {@code
   * OMP_NUM_THREADS} only when they are loaded.
   */
  public static void beDeterministic() {
    torch.set_num_threads(1);
    torch.globalContext().setDeterministicAlgorithms(true, false);
    torch.globalContext().setDeterministicMkldnn(true);
  }

  /**
   * The value of an objective, without gradients.
   *
   * @param inputs of the objective; copied
   */
  public static double loss(Objective objective, TorchParameters parameters, List<Values> inputs) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard still = new NoGradGuard()) {
      List<Tensor> tensors = inputs.stream().map(Tensors::of).toList();
      return objective.loss(new TorchOps(parameters), tensors).item_double();
    }
  }

  /**
   * The outputs of a network, without gradients.
   *
   * @param inputs one for each of the network's inputs
   */
  public static List<Values> run(Network network, TorchParameters parameters, List<Values> inputs) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard still = new NoGradGuard()) {
      List<Tensor> tensors = inputs.stream().map(Tensors::of).toList();
      return network.apply(new TorchOps(parameters), tensors).stream()
          .map(Tensors::values)
          .toList();
    }
  }
}
