package io.landshift.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures the kernels and writes {@code target/kernels.md}. No test by name, so that no build runs
 * it: {@code ./landshift test unit -pl ops/bench -am -Dtest=KernelsBench}.
 */
class KernelsBench {
  private static final int PIXELS = Kernels.PIXELS;

  /** Bytes that a kernel must read and write for a pixel, whatever it does in between. */
  private static final Map<String, Double> BYTES =
      Map.of(
          "lifecycleFold", 21 + 21 + 4.0,
          "referenceStatistics, 3", 3 * (2 * 7 + 1) + 7 * 8 + 1.0,
          "referenceStatistics, 12", 12 * (2 * 7 + 1) + 7 * 8 + 1.0,
          "chunkCorrection", 7 * (4 + 2) + 1.0,
          "scoreQuantisation", 4 + 2.0,
          "dilation", 1 + 1.0,
          "resampling", 2 / 4.0 + 4,
          "storePack", 7 * (2 + 1.2),
          "storeUnpack", 7 * (2 + 1.2));

  @Test
  void measure() throws Exception {
    // when
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("io\\.landshift\\..*Kernels?\\..*")
                    .mode(Mode.AverageTime)
                    .timeUnit(TimeUnit.NANOSECONDS)
                    .warmupIterations(4)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(5)
                    .measurementTime(TimeValue.seconds(1))
                    .forks(1)
                    .jvmArgsAppend(
                        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                            .filter(argument -> !argument.startsWith("-X"))
                            .toArray(String[]::new))
                    .build())
            .run();

    // then
    assertThat(results).hasSize(BYTES.size() + 1);
    double bandwidth =
        results.stream()
            .filter(result -> name(result).equals("copy"))
            .mapToDouble(result -> 2.0 * (64 << 20) / score(result))
            .findFirst()
            .orElseThrow();
    List<String> lines = new ArrayList<>();
    lines.add("# Kernels, measured");
    lines.add("");
    lines.add(
        "JMH, one thread, a chunk of 512 x 512 pixels and 7 features, on %s. Copying memory moves"
                .formatted(ProcessFigures.machine())
            + " %.1f GB/s here (read and written).".formatted(bandwidth));
    lines.add("");
    lines.add("| kernel | ns a pixel | +- | bytes a pixel | GB/s | of the memory's bandwidth |");
    lines.add("|---|---|---|---|---|---|");
    results.stream()
        .filter(result -> !name(result).equals("copy"))
        .map(result -> line(result, bandwidth))
        .sorted()
        .forEach(lines::add);
    Files.writeString(Path.of("target/kernels.md"), String.join("\n", lines) + "\n");
    lines.forEach(System.out::println);
  }

  private static String line(RunResult result, double bandwidth) {
    double bytes = BYTES.get(name(result));
    double perPixel = score(result) / PIXELS;
    return String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.1f | %.1f | %.0f %% |",
        name(result),
        perPixel,
        result.getPrimaryResult().getScoreError() / PIXELS,
        bytes,
        bytes / perPixel,
        100 * bytes / perPixel / bandwidth);
  }

  private static String name(RunResult result) {
    String looks = result.getParams().getParam("looks");
    return result.getPrimaryResult().getLabel() + (looks == null ? "" : ", " + looks);
  }

  /** Nanoseconds of one call. */
  private static double score(RunResult result) {
    return result.getPrimaryResult().getScore();
  }
}
