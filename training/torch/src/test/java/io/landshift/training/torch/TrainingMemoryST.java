package io.landshift.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.training.networks.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native memory of a long training, in a process whose heap cannot grow. */
class TrainingMemoryST {
  private static final int STEPS = 1000;

  @TempDir Path folder;

  @Test
  void isFlatOverAThousandSteps() throws Exception {
    // given
    Path arguments = folder.resolve("arguments");
    Files.writeString(arguments, "-cp \"" + System.getProperty("java.class.path") + "\"\n");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms96m",
                "-Xmx96m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.bytedeco.javacpp.cachedir="
                    + System.getProperty("org.bytedeco.javacpp.cachedir", folder.toString()),
                "@" + arguments,
                TrainingMemoryST.class.getName())
            .redirectErrorStream(true)
            .start();

    // when
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.println(said);

    // then
    assertThat(process.waitFor()).isZero();
    String slope = said.substring(said.indexOf("slope ") + 6).lines().findFirst().orElseThrow();
    assertThat(Double.parseDouble(slope)).as("MB per 1,000 steps").isLessThan(10);
  }

  /** Trains and says how the memory of its process went. */
  public static void main(String[] arguments) {
    Torch.beDeterministic();
    List<Double> megabytes = new ArrayList<>();
    Training training = CheckpointsIT.training(STEPS);
    training.run(
        Weights.initial(training.model().parameters(), 3),
        null,
        (step, rate, result) -> megabytes.add(residentMegabytes()));
    System.out.printf("resident after %d steps: %.0f MB%n", STEPS, megabytes.getLast());
    // The first steps fill pools and compile code.
    System.out.println("slope " + 1000 * slope(megabytes.subList(STEPS / 2, STEPS)));
  }

  /** Least squares. */
  private static double slope(List<Double> values) {
    double meanStep = (values.size() - 1) / 2.0;
    double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double both = 0;
    double steps = 0;
    for (int step = 0; step < values.size(); step++) {
      both += (step - meanStep) * (values.get(step) - mean);
      steps += (step - meanStep) * (step - meanStep);
    }
    return both / steps;
  }

  private static double residentMegabytes() {
    try {
      String status = Files.readString(Path.of("/proc/self/status"));
      String line =
          status.lines().filter(each -> each.startsWith("VmRSS:")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
