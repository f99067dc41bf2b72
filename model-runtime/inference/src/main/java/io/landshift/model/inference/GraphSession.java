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
 * One graph, ready to run in batches of one size.
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
  private volatile int batch;
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
      int batch,
      int concurrency,
      int concurrentRuns) {
    this.environment = environment;
    this.session = session;
    this.inputs = List.copyOf(inputs);
    this.output = output;
    this.batch = batch;
    this.callers = new Semaphore(concurrency);
    this.runs = new Semaphore(concurrentRuns);
  }

  /**
   * Runs one by one from now on if a window's bits depend on its slot in a batch.
   *
   * @param defining the size of the batch whose first slot defines a window's result
   * @return windows that are run together
   * @throws LandshiftException INFERENCE_FAILED
   */
  int settleBatch(int defining) {
    if (batch > 1 && !BatchProbe.slotsAreEqual(this, inputs, output, defining, batch)) {
      batch = 1;
    }
    return batch;
  }

  /** Windows that are run together. */
  int batch() {
    return batch;
  }

  /**
   * Runs items 0 .. count - 1 in batches.
   *
   * @throws LandshiftException INFERENCE_FAILED
   */
  void run(int count, Job job) {
    for (int done = 0; done < count; done += batch) {
      int items = Math.min(batch, count - done);
      runBatch(batch, done, items, job);
      BatchEvent.tell(output.name(), batch, items);
    }
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
        // Slots past the last item keep what was there: graphs that mix windows run them alone.
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
