package io.landshift.ops.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What this process has used of the machine since it began, and what the machine was denied
 * (Linux).
 *
 * @param seconds on the clock, from an arbitrary moment
 * @param cpuSeconds of all threads, compiler and garbage collector among them
 * @param peakBytes most memory that was resident at once
 * @param bytesRead asked of the operating system, also what came out of its cache
 * @param bytesWritten given to the operating system
 * @param stolenSeconds that the processors of a virtual machine had work and its host ran something
 *     else, since the machine began: where they grow, times on the clock say little
 */
record ProcessFigures(
    double seconds,
    double cpuSeconds,
    long peakBytes,
    long bytesRead,
    long bytesWritten,
    double stolenSeconds) {
  /** The unit of /proc/stat. */
  private static final double TICKS_A_SECOND = 100;

  private static final int STOLEN = 8;

  static ProcessFigures now() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new ProcessFigures(
        System.nanoTime() / 1e9,
        system.getProcessCpuTime() / 1e9,
        1024 * number("/proc/self/status", "VmHWM:"),
        number("/proc/self/io", "rchar:"),
        number("/proc/self/io", "wchar:"),
        stolenTicks() / TICKS_A_SECOND);
  }

  private static long stolenTicks() {
    try {
      String all = Files.readAllLines(Path.of("/proc/stat")).getFirst();
      return Long.parseLong(all.split(" +")[STOLEN]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Memory that is resident now, bytes. */
  static long residentBytes() {
    return 1024 * number("/proc/self/status", "VmRSS:");
  }

  private static long number(String file, String name) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()).replace("kB", "").strip())
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The machine in words: processor, cores, memory, Java. */
  static String machine() {
    String model = "unknown processor";
    try {
      model =
          Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse(model);
    } catch (IOException e) {
      // Another operating system: the rest still says something.
    }
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %.0f GiB, %s %s, Java %s",
        model,
        Runtime.getRuntime().availableProcessors(),
        system.getTotalMemorySize() / (double) (1L << 30),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        Runtime.version());
  }
}
