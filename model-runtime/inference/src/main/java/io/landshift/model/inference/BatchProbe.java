package io.landshift.model.inference;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Tries whether a window's bits depend on its slot in a batch.
 *
 * <p>ONNX Runtime adds in an order that may depend on the batch size (a ReduceMean over rows and
 * columns does) or on the slot (a sum of six channels begins where memory is aligned), so that a
 * result would depend on how many windows a chunk happened to have. Noise is run in every slot and
 * compared bit by bit with the slot that defines the result.
 *
 * <p>Two orders of adding a few numbers agree more often than not, so every slot sees {@link
 * #ROUNDS} windows: a dependence that stays unseen is unlikely, not impossible.
 */
final class BatchProbe implements GraphSession.Job {
  private static final long SEED = 20150623;

  /** An order that changes one window in five passes a slot once in a thousand times. */
  private static final int ROUNDS = 32;

  private final List<Port> inputs;
  private final int outputChannels;
  private final int outputPlane;
  private final long seed;
  private final float[][] results;

  private BatchProbe(List<Port> inputs, Port output, long seed, int windows) {
    this.inputs = inputs;
    this.outputChannels = output.channels();
    this.outputPlane = output.plane();
    this.seed = seed;
    this.results = new float[windows][output.elements()];
  }

  /**
   * Whether every window gives in every slot the bits that it gives alone in the first slot of a
   * batch of the defining size, as far as trying shows.
   */
  static boolean slotsAreEqual(
      GraphSession session, List<Port> inputs, Port output, int defining, int batch) {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = SEED + (long) round * batch;
      BatchProbe alone = new BatchProbe(inputs, output, seed, batch);
      for (int window = 0; window < batch; window++) {
        session.runBatch(defining, window, 1, alone);
      }
      BatchProbe together = new BatchProbe(inputs, output, seed, batch);
      session.runBatch(batch, 0, batch, together);
      if (!Arrays.deepEquals(together.results, alone.results)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void fill(Workspace workspace, int slot, int item) {
    Random random = new Random(seed + item);
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
