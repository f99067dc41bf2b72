package io.landshift.detection;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * What the calling thread has used of a processor: unlike the clock it does not count the time in
 * which others had the processor. Without the JVM's helpers (compiler, garbage collector).
 */
final class ProcessorTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ProcessorTime() {}

  /** Nanoseconds since the thread began. */
  static long nanos() {
    return THREADS.getCurrentThreadCpuTime();
  }

  /** Seconds since a moment that {@link #nanos} told on the same thread. */
  static double secondsSince(long nanos) {
    return (nanos() - nanos) / 1e9;
  }
}
