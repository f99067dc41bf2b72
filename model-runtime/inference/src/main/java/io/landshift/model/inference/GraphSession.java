package io.landshift.model.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * One graph, ready to run in batches of fixed sizes.
 *
 * <p>Owns the native session and its workspaces. Thread-safe, except that nobody may run while it
 * is closed: the owner waits for that.
 */
final class GraphSession implements AutoCloseable {
  /** What a run needs from its caller. */
  interface Job {
    /** Puts the inputs of an item into a slot of the batch. */
    void fill(Workspace workspace, int slot, int item);

    /** Takes the output of an item out of its slot. */
    void drain(Workspace workspace, int slot, int item);
  }

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final List<Port> inputs;
  private final Port output;
  private volatile List<Integer> batchSizes;
  private final Semaphore callers;
  private final Semaphore runs;
  private final Map<Integer, Queue<Workspace>> idle = new ConcurrentHashMap<>();

  /**
   * Takes over the session.
   *
   * @param concurrency callers that fill, run and drain at once
   * @param concurrentRuns how many of them may run the graph at once
   */
  GraphSession(
      OrtEnvironment environment,
      OrtSession session,
      List<Port> inputs,
      Port output,
      List<Integer> batchSizes,
      int concurrency,
      int concurrentRuns) {
    this.environment = environment;
    this.session = session;
    this.inputs = List.copyOf(inputs);
    this.output = output;
    this.batchSizes = batchSizes;
    this.callers = new Semaphore(concurrency);
    this.runs = new Semaphore(concurrentRuns);
  }

  /**
   * Gives up the batch sizes that would change a bit of a result.
   *
   * @param defining the size at which a window alone defines its result
   * @return the sizes that stay
   * @throws LandshiftException INFERENCE_FAILED
   */
  List<Integer> keepInvariantBatchSizes(int defining) {
    if (!batchSizes.equals(List.of(1))) {
      batchSizes = BatchProbe.invariantSizes(this, inputs, output, defining, batchSizes);
    }
    return batchSizes;
  }

  /** The batch sizes in use. */
  List<Integer> batchSizes() {
    return batchSizes;
  }

  /**
   * Runs items 0 .. count - 1 in batches.
   *
   * @throws LandshiftException INFERENCE_FAILED
   */
  void run(int count, Job job) {
    int done = 0;
    while (done < count) {
      int batch = batchSize(count - done);
      int items = Math.min(batch, count - done);
      runBatch(batch, done, items, job);
      BatchEvent.tell(output.name(), batch, items);
      done += items;
    }
  }

  /** The smallest batch that holds what is left, or the largest there is. */
  private int batchSize(int left) {
    for (int size : batchSizes) {
      if (size >= left) {
        return size;
      }
    }
    return batchSizes.getLast();
  }

  /**
   * Runs one batch.
   *
   * @param batch size of the batch
   * @param first the item in the first slot
   * @param items number of items, at most the size
   * @throws LandshiftException INFERENCE_FAILED
   */
  void runBatch(int batch, int first, int items, Job job) {
    callers.acquireUninterruptibly();
    try {
      Workspace workspace = take(batch);
      boolean intact = false;
      try {
        // Slots past the last item keep what was there: batch sizes that mix windows are not used.
        for (int slot = 0; slot < items; slot++) {
          job.fill(workspace, slot, first + slot);
        }
        run(workspace);
        for (int slot = 0; slot < items; slot++) {
          job.drain(workspace, slot, first + slot);
        }
        intact = true;
      } finally {
        if (intact) {
          idle(batch).add(workspace);
        } else {
          workspace.close();
        }
      }
    } catch (OrtException e) {
      throw new LandshiftException(
          FailureReason.INFERENCE_FAILED,
          "ONNX Runtime failed on a batch of %d: %s".formatted(batch, e.getMessage()),
          e);
    } finally {
      callers.release();
    }
  }

  private void run(Workspace workspace) throws OrtException {
    runs.acquireUninterruptibly();
    try {
      workspace.run(session);
    } finally {
      runs.release();
    }
  }

  private Workspace take(int batch) throws OrtException {
    Workspace workspace = idle(batch).poll();
    return workspace != null ? workspace : new Workspace(environment, batch, inputs, output);
  }

  private Queue<Workspace> idle(int batch) {
    return idle.computeIfAbsent(batch, size -> new ConcurrentLinkedQueue<>());
  }

  @Override
  public void close() {
    idle.values()
        .forEach(queue -> {
          queue.forEach(Workspace::close);
          queue.clear();
        });
    try {
      session.close();
    } catch (OrtException e) {
      throw new LandshiftException(
          FailureReason.INFERENCE_FAILED, "ONNX Runtime could not close a session", e);
    }
  }
}
