package io.landshift.model.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Finds out which batch sizes give the same bits for a graph.
 *
 * <p>ONNX Runtime adds in an order that may depend on the batch size (a ReduceMean over rows and
 * columns does), so that a result would depend on how many windows a chunk happened to have. Noise
 * is run at every size and in every slot and compared bit by bit with the size that defines the
 * result.
 */
final class BatchProbe implements GraphSession.Job {
  private static final long SEED = 20150623;

  private final List<Port> inputs;
  private final int outputChannels;
  private final int outputPlane;
  private final float[][] results;

  private BatchProbe(List<Port> inputs, Port output, int windows) {
    this.inputs = inputs;
    this.outputChannels = output.channels();
    this.outputPlane = output.plane();
    this.results = new float[windows][output.elements()];
  }

  /**
   * Those of the sizes at which every window gives the bits that it gives alone in a batch of the
   * defining size; the defining size alone if there are none.
   */
  static List<Integer> invariantSizes(
      GraphSession session, List<Port> inputs, Port output, int defining, List<Integer> sizes) {
    int largest = sizes.getLast();
    float[][] expected = new float[largest][];
    for (int window = 0; window < largest; window++) {
      BatchProbe alone = new BatchProbe(inputs, output, largest);
      session.runBatch(defining, window, 1, alone);
      expected[window] = alone.results[window];
    }
    List<Integer> invariant = new ArrayList<>();
    for (int size : sizes) {
      BatchProbe together = new BatchProbe(inputs, output, largest);
      session.runBatch(size, 0, size, together);
      boolean equal = true;
      for (int window = 0; window < size; window++) {
        equal &= Arrays.equals(together.results[window], expected[window]);
      }
      if (equal) {
        invariant.add(size);
      }
    }
    return invariant.isEmpty() ? List.of(defining) : invariant;
  }

  @Override
  public void fill(Workspace workspace, int slot, int item) {
    Random random = new Random(SEED + item);
    for (Port port : inputs) {
      if (port.side() == 0) {
        float[] all = new float[port.channels()];
        Arrays.fill(all, 1f);
        workspace.putVector(port.name(), slot, all);
      } else {
        for (int channel = 0; channel < port.channels(); channel++) {
          for (int index = 0; index < port.plane(); index++) {
            workspace.plane()[index] = random.nextFloat();
          }
          workspace.put(port.name(), slot, channel);
        }
      }
    }
  }

  @Override
  public void drain(Workspace workspace, int slot, int item) {
    for (int channel = 0; channel < outputChannels; channel++) {
      workspace.get(slot, channel);
      System.arraycopy(workspace.plane(), 0, results[item], channel * outputPlane, outputPlane);
    }
  }
}
