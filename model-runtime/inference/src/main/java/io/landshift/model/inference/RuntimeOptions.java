package io.landshift.model.inference;

import java.io.Serializable;
import java.util.List;
import java.util.TreeSet;

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
 * @param batchSizes the only numbers of windows that are run together; a last batch is padded.
 *     Sizes that would change a bit of a bundle's results are found when it is opened, and not used
 */
public record RuntimeOptions(
    Provider provider,
    int device,
    int threads,
    int concurrency,
    boolean allowFallback,
    List<Integer> batchSizes)
    implements Serializable {

  /**
   * Checks the numbers and sorts the batch sizes.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public RuntimeOptions {
    if (device < 0 || threads < 1 || concurrency < 1) {
      throw new IllegalArgumentException(
          "device must be 0 or more, threads and concurrency 1 or more");
    }
    batchSizes = List.copyOf(new TreeSet<>(batchSizes));
    if (batchSizes.isEmpty() || batchSizes.getFirst() < 1 || batchSizes.getLast() > 256) {
      throw new IllegalArgumentException("batch sizes must be 1..256, are " + batchSizes);
    }
  }

  /**
   * The processor, one thread a run, as many runs as there are processors. Windows one by one: they
   * fill the vector units, and what several of them need no longer fits the cache.
   */
  public static RuntimeOptions cpu() {
    return new RuntimeOptions(
        Provider.CPU, 0, 1, Runtime.getRuntime().availableProcessors(), true, List.of(1));
  }

  /**
   * A GPU, with batches of one size that keeps it busy.
   *
   * @param device number of the GPU, from 0
   * @param allowFallback whether the processor may stand in
   */
  public static RuntimeOptions cuda(int device, boolean allowFallback) {
    return new RuntimeOptions(
        Provider.CUDA,
        device,
        1,
        Runtime.getRuntime().availableProcessors(),
        allowFallback,
        List.of(16));
  }

  /** The same on the GPU, and nowhere else. */
  RuntimeOptions onCuda() {
    return new RuntimeOptions(Provider.CUDA, device, threads, concurrency, false, batchSizes);
  }

  /** The same on the processor; batches that were meant for a GPU are given up. */
  RuntimeOptions onProcessor() {
    List<Integer> sizes = provider == Provider.CPU ? batchSizes : cpu().batchSizes();
    return new RuntimeOptions(Provider.CPU, device, threads, concurrency, allowFallback, sizes);
  }

  /** The same with other batch sizes. */
  public RuntimeOptions withBatchSizes(List<Integer> sizes) {
    return new RuntimeOptions(provider, device, threads, concurrency, allowFallback, sizes);
  }

  /** The same with another number of threads inside one run. */
  public RuntimeOptions withThreads(int count) {
    return new RuntimeOptions(provider, device, count, concurrency, allowFallback, batchSizes);
  }

  /** The same with another number of runs at the same time. */
  public RuntimeOptions withConcurrency(int count) {
    return new RuntimeOptions(provider, device, threads, count, allowFallback, batchSizes);
  }
}
