package io.landshift.model.inference;

import io.landshift.model.bundle.MaskBundle;
import io.landshift.model.bundle.MaskManifest;
import io.landshift.model.bundle.MaskManifest.MaskBand;
import io.landshift.model.bundle.MaskManifest.Values;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mask head in service: gives the probability of each of its classes in each cell of a window.
 *
 * <p>Owns the native session and its buffers. All methods may be called by many threads at once;
 * {@link #close} waits until running calls have ended. A window's result depends on nothing but the
 * window and the graph.
 */
public final class MaskSession implements AutoCloseable {
  /** A probability of 1, as results have it. */
  public static final int STEPS = 1 << 14;

  /** What stands for a cell without data. */
  public static final short NOT_VALID = -1;

  private static final Logger LOG = LoggerFactory.getLogger(MaskSession.class);

  private final MaskBundle mask;
  private final Provider provider;
  private final GraphSession graph;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /** Takes over the graph. */
  MaskSession(MaskBundle mask, Provider provider, GraphSession graph) {
    this.mask = mask;
    this.provider = provider;
    this.graph = graph;
  }

  /** What the head takes and gives. */
  public MaskManifest manifest() {
    return mask.manifest();
  }

  /** The digest of the bundle that the head comes from. */
  public String digest() {
    return mask.digest();
  }

  /** Where the graph is computed in fact: CPU or CUDA. */
  public Provider provider() {
    return provider;
  }

  /**
   * Runs windows, in full batches as far as there are windows.
   *
   * @param windows each [band][row][column] of reflectances in the manifest's order, NaN where
   *     there is no data
   * @return for each window [class][row][column] of probabilities in steps of 1 / {@link #STEPS};
   *     {@link #NOT_VALID} where a band has no data. A window without a single cell that has data
   *     in all bands is not run
   * @throws LandshiftException INFERENCE_FAILED
   * @throws IllegalArgumentException if a window has another size
   * @throws IllegalStateException after close
   */
  public List<short[]> probabilities(List<float[]> windows) {
    MaskRun run = new MaskRun(windows);
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the session of " + mask + " is closed");
      }
      graph.run(run.busy.size(), run);
    } finally {
      lock.readLock().unlock();
    }
    return run.results;
  }

  /** Settles the batch and runs an empty window. */
  void tryOut() {
    int asked = graph.batch();
    if (graph.settleBatch(provider == Provider.CUDA ? asked : 1) != asked) {
      LOG.warn("{} gives other bits in other slots: windows run one by one", mask);
    }
    int cells = manifest().windows().size() * manifest().windows().size();
    try {
      var unused = probabilities(List.of(new float[manifest().bands().size() * cells]));
    } catch (LandshiftException e) {
      throw new LandshiftException(
          FailureReason.MODEL_INVALID,
          "%s does not give what its manifest says: %s".formatted(mask, e.detail()),
          e);
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        graph.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** The windows of one call. */
  private final class MaskRun implements GraphSession.Job {
    private final List<float[]> windows;
    private final List<short[]> results = new ArrayList<>();
    private final List<Integer> busy = new ArrayList<>();
    private final int cells;

    MaskRun(List<float[]> windows) {
      this.windows = windows;
      int size = manifest().windows().size();
      this.cells = size * size;
      for (float[] window : windows) {
        if (window.length != manifest().bands().size() * cells) {
          throw new IllegalArgumentException(
              "a window of %s has %d numbers, got %d"
                  .formatted(mask, manifest().bands().size() * cells, window.length));
        }
        short[] result = new short[manifest().classes().size() * cells];
        if (markMissing(window, result)) {
          busy.add(results.size());
        }
        results.add(result);
      }
    }

    /** True where some cell has data. */
    private boolean markMissing(float[] window, short[] result) {
      boolean some = false;
      for (int cell = 0; cell < cells; cell++) {
        boolean missing = false;
        for (int at = cell; at < window.length; at += cells) {
          missing |= Float.isNaN(window[at]);
        }
        for (int at = cell; missing && at < result.length; at += cells) {
          result[at] = NOT_VALID;
        }
        some |= !missing;
      }
      return some;
    }

    @Override
    public void fill(Workspace workspace, int slot, int item) {
      float[] window = windows.get(busy.get(item));
      float[] plane = workspace.plane();
      for (int band = 0; band < manifest().bands().size(); band++) {
        MaskBand meaning = manifest().bands().get(band);
        for (int cell = 0; cell < cells; cell++) {
          float value = window[band * cells + cell];
          double seen = Float.isNaN(value) ? manifest().missing() : value;
          plane[cell] = (float) ((seen - meaning.mean()) / meaning.deviation());
        }
        workspace.put(manifest().input(), slot, band);
      }
    }

    @Override
    public void drain(Workspace workspace, int slot, int item) {
      int classes = manifest().classes().size();
      float[] values = new float[classes * cells];
      for (int channel = 0; channel < classes; channel++) {
        workspace.get(slot, channel);
        System.arraycopy(workspace.plane(), 0, values, channel * cells, cells);
      }
      short[] result = results.get(busy.get(item));
      double[] shares = new double[classes];
      for (int cell = 0; cell < cells; cell++) {
        if (result[cell] != NOT_VALID) {
          probabilities(values, cell, shares);
          for (int channel = 0; channel < classes; channel++) {
            double steps = Math.floor(shares[channel] * STEPS + 0.5);
            result[channel * cells + cell] = (short) Math.clamp(steps, 0, STEPS);
          }
        }
      }
    }

    private void probabilities(float[] values, int cell, double[] shares) {
      double sum = 0;
      double largest = Double.NEGATIVE_INFINITY;
      for (int channel = 0; channel < shares.length; channel++) {
        shares[channel] = values[channel * cells + cell];
        largest = Math.max(largest, shares[channel]);
      }
      if (!Double.isFinite(largest)) {
        throw new LandshiftException(
            FailureReason.INFERENCE_FAILED, mask + " gives numbers that are not finite");
      }
      if (manifest().values() == Values.PROBABILITIES) {
        return;
      }
      for (int channel = 0; channel < shares.length; channel++) {
        // Not Math.exp: another machine may round it another way.
        shares[channel] = StrictMath.exp(shares[channel] - largest);
        sum += shares[channel];
      }
      for (int channel = 0; channel < shares.length; channel++) {
        shares[channel] /= sum;
      }
    }
  }
}
