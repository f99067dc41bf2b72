package io.landshift.training.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("st")
class InferenceMemoryST {
  private static final long ALLOWED_KILOBYTES = 16_000;

  @TempDir private Path folder;

  @Test
  void neitherRunsNorSessionsLeaveNativeMemoryBehind() throws Exception {
    // given: a process whose heap is of fixed size and touched, so that only native memory can grow
    Assumptions.assumeTrue(
        Files.exists(Path.of("/proc/self/status")), "only Linux tells the resident size");
    Path output = folder.resolve("output.txt");
    ProcessBuilder probe =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryProbe.class.getName())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    // What was freed goes back to the system at once: kept, it swings by 50 MB either way.
    probe.environment().put("MALLOC_ARENA_MAX", "1");
    probe.environment().put("MALLOC_TRIM_THRESHOLD_", "65536");
    Process process = probe.start();

    // when
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();

    // then: one tensor of a window that stays in each run would make 300 MB and more
    assertThat(ended).isTrue();
    assertThat(process.exitValue()).isZero();
    List<Long> grown = Files.readAllLines(output).stream().map(Long::valueOf).toList();
    System.out.println("kB grown in 1,000 rounds, in 60 sessions, in 200 of a mask head: " + grown);
    assertThat(grown).hasSize(3).allMatch(kilobytes -> kilobytes < ALLOWED_KILOBYTES);
  }
}
