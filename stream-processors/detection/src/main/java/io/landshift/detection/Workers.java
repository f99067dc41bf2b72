package io.landshift.detection;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of an asynchronous operator, and how they hand over what they have made. */
final class Workers {
  private static final Logger log = LoggerFactory.getLogger(Workers.class);
  private static final long PATIENCE_SECONDS = 60;

  private Workers() {}

  /** A pool of so many daemon threads; its owner ends it with {@link #end}. */
  static ExecutorService pool(String name, int threads) {
    return Executors.newFixedThreadPool(
        threads, Thread.ofPlatform().daemon().name(name + '-', 0).factory());
  }

  /**
   * Does the work and hands its result over to the task. A task that has ended in the meantime
   * takes none: it is computed again after the restart. What is thrown, such as for want of memory,
   * fails the task at once, which would otherwise wait for the result until its patience ends.
   */
  static <T> void complete(ResultFuture<T> result, Supplier<T> work) {
    try {
      result.complete(List.of(work.get()));
    } catch (RejectedExecutionException e) {
      log.debug("the task has ended before its result", e);
    } catch (RuntimeException | Error e) {
      fail(result, e);
    }
  }

  /** Fails the task. */
  static <T> void fail(ResultFuture<T> result, Throwable error) {
    log.error("work fails: {}", error.toString(), error);
    try {
      result.completeExceptionally(error);
    } catch (RejectedExecutionException e) {
      log.debug("the task has ended before it failed", e);
    }
  }

  /**
   * Drops what waits in a pool and waits for what runs: work that goes on after its task has ended
   * would get in the way of the one that repeats it. Returns early where it is interrupted.
   */
  static void end(ExecutorService pool) {
    pool.shutdownNow();
    try {
      if (!pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("work goes on {} s after the end of its task", PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
