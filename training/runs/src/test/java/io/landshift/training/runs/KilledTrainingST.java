package io.landshift.training.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process that is killed, again and again. */
class KilledTrainingST {
  private static final int KILLS = 2;

  /** 128 + SIGTERM; a crash has another. */
  private static final int TERMINATED = 143;

  private static final Pattern STEP = Pattern.compile("finetuning: step (\\d+) of");

  @TempDir Path root;

  @Test
  void endsWithTheWeightsOfARunThatNobodyKilled() throws Exception {
    // given
    long seed = Long.getLong("landshift.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    MadeData.write(root.resolve("data"));
    Files.writeString(root.resolve("run.yaml"), MadeData.config(24, 2));
    assertThat(start("whole").waitFor()).isZero();

    // when
    int killed = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = start("killed");
      while (process.isAlive() && steps() < 8 * (kill + 1)) {
        Thread.sleep(20);
      }
      Thread.sleep(random.nextInt(200));
      boolean living = process.isAlive();
      killed += living ? 1 : 0;
      if (kill == 0) {
        process.destroy();
        // then: it ended between two steps, and keeps the last one
        assertThat(process.waitFor()).isEqualTo(living ? TERMINATED : 0);
        assertThat(steps()).isEqualTo(stepsTold());
      } else {
        process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
      }
    }
    assertThat(start("killed").waitFor()).isZero();

    // then
    assertThat(killed).as("kills that met a living process").isPositive();
    for (String stage : List.of("pretraining", "finetuning")) {
      assertThat(weights("killed", stage)).isEqualTo(weights("whole", stage));
    }
  }

  private byte[] weights(String run, String stage) throws IOException {
    return Files.readAllBytes(root.resolve(run).resolve(stage).resolve("weights.safetensors"));
  }

  /** How far fine-tuning has come, by the last line about it. */
  private int stepsTold() throws IOException {
    Matcher told = STEP.matcher(Files.readString(root.resolve("killed.log")));
    int steps = 0;
    while (told.find()) {
      steps = Integer.parseInt(told.group(1));
    }
    return steps;
  }

  /** How far fine-tuning has come, by its newest checkpoint. */
  private int steps() throws IOException {
    Path folder = root.resolve("killed/finetuning/checkpoints");
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (var places = Files.list(folder)) {
      return places
          .map(place -> place.getFileName().toString())
          .filter(name -> name.startsWith("step-"))
          .mapToInt(name -> Integer.parseInt(name.substring(5)))
          .max()
          .orElse(0);
    }
  }

  private Process start(String run) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.landshift.schemas",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.bytedeco.javacpp.cachedir="
                + System.getProperty("org.bytedeco.javacpp.cachedir", root.toString())));
    Path arguments = root.resolve("classpath");
    Files.writeString(arguments, "-cp \"" + System.getProperty("java.class.path") + "\"\n");
    command.add("@" + arguments);
    command.add(TrainCommand.class.getName());
    command.addAll(
        List.of(
            "finetune",
            "--config",
            root.resolve("run.yaml").toString(),
            "--out",
            root.resolve(run).toString(),
            "--data",
            root.resolve("data").toString()));
    File log = root.resolve(run + ".log").toFile();
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(Redirect.appendTo(log))
        .start();
  }
}
