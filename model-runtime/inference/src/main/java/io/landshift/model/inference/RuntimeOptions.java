package io.landshift.model.inference;

import java.io.Serializable;

/**
 * How a bundle is run. Immutable.
 *
 * @param provider where graphs are computed
 * @param device number of the GPU, from 0; of no meaning on the processor
 * @param threads threads inside one run of a graph; 1 computes on the calling thread
 * @param concurrency callers at the same time per graph; further ones wait. On the processor they
 *     also run at the same time; a GPU has one run at a time, because several make its memory grow,
 *     and the others fill and empty their buffers meanwhile
 * @param allowFallback whether the processor may stand in for a GPU that cannot be used; logged as
 *     a warning
 * @param batch windows that are run together, 1..256; a last batch is padded. A graph that gives
 *     other bits in other slots, or on the processor other bits than alone, is found out when it is
 *     opened as far as trying shows, and runs one by one. {@link #cpu()}, which the product uses,
 *     has no need of trying
 */
public record RuntimeOptions(
    Provider provider, int device, int threads, int concurrency, boolean allowFallback, int batch)
    implements Serializable {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public RuntimeOptions {
    if (device < 0 || threads < 1 || concurrency < 1) {
      throw new IllegalArgumentException(
          "device must be 0 or more, threads and concurrency 1 or more");
    }
    if (batch < 1 || batch > 256) {
      throw new IllegalArgumentException("a batch has 1..256 windows, not " + batch);
    }
  }

  /**
   * The processor, one thread a run, as many runs as there are processors. Windows one by one: they
   * fill the vector units, and what several of them need no longer fits the cache.
   */
  public static RuntimeOptions cpu() {
    return new RuntimeOptions(
        Provider.CPU, 0, 1, Runtime.getRuntime().availableProcessors(), true, 1);
  }

  /**
   * A GPU, with batches that keep it busy.
   *
   * @param device number of the GPU, from 0
   * @param allowFallback whether the processor may stand in
   */
  public static RuntimeOptions cuda(int device, boolean allowFallback) {
    return new RuntimeOptions(
        Provider.CUDA, device, 1, Runtime.getRuntime().availableProcessors(), allowFallback, 16);
  }

  /** The same on the GPU, and nowhere else. */
  RuntimeOptions onCuda() {
    return new RuntimeOptions(Provider.CUDA, device, threads, concurrency, false, batch);
  }

  /** The same on the processor; batches that were meant for a GPU are given up. */
  RuntimeOptions onProcessor() {
    int windows = provider == Provider.CPU ? batch : cpu().batch();
    return new RuntimeOptions(Provider.CPU, device, threads, concurrency, allowFallback, windows);
  }

  /** The same with another number of windows that are run together. */
  public RuntimeOptions withBatch(int windows) {
    return new RuntimeOptions(provider, device, threads, concurrency, allowFallback, windows);
  }

  /** The same with another number of threads inside one run. */
  public RuntimeOptions withThreads(int count) {
    return new RuntimeOptions(provider, device, count, concurrency, allowFallback, batch);
  }

  /** The same with another number of runs at the same time. */
  public RuntimeOptions withConcurrency(int count) {
    return new RuntimeOptions(provider, device, threads, count, allowFallback, batch);
  }
}
