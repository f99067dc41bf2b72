package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a measurement in a Java process of its own, so that peak memory, processor time and compiled
 * code are those of the measurement alone.
 */
final class ChildProcess {
  private ChildProcess() {}

  /**
   * Runs a main class with this process's class path and properties.
   *
   * @param cores processors that it may use, from the first on; 0 = all
   * @param arguments of the main class; before them it is given the file for its result
   * @return the JSON that it wrote
   * @throws LandshiftException INTERNAL where it fails; what it said is on standard error
   */
  static JsonNode run(Path folder, Class<?> main, int cores, List<String> arguments) {
    try {
      Files.createDirectories(folder);
      Path result = folder.resolve("result.json");
      Files.deleteIfExists(result);
      // A long command line does not suit ONNX Runtime.
      Path classPath = folder.resolve("class-path.options");
      Files.writeString(classPath, "-cp \"" + System.getProperty("java.class.path") + "\"\n");
      List<String> command = new ArrayList<>();
      if (cores > 0) {
        command.addAll(List.of("taskset", "-c", cores == 1 ? "0" : "0-" + (cores - 1)));
      }
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
        if (!argument.startsWith("-X")) {
          command.add(argument);
        }
      }
      // Those of the launcher for a stream of scenes.
      command.addAll(List.of("-Xms2500m", "-Xmx2500m", "-XX:+UseParallelGC"));
      command.addAll(List.of("-XX:NewRatio=1", "-XX:+UseTransparentHugePages"));
      command.addAll(
          List.of(
              "-XX:Tier4InvocationThreshold=50000",
              "-XX:Tier4MinInvocationThreshold=10000",
              "-XX:Tier4CompileThreshold=100000"));
      command.addAll(List.of("@" + classPath, main.getName(), result.toString()));
      command.addAll(arguments);
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      int status = process.waitFor();
      if (status != 0 || !Files.exists(result)) {
        throw new LandshiftException(
            FailureReason.INTERNAL,
            main.getSimpleName() + " ended with " + status + ": what it said stands above");
      }
      return new ObjectMapper().readTree(result.toFile());
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.INTERNAL, "a measurement cannot be started: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LandshiftException(FailureReason.INTERNAL, "interrupted while measuring", e);
    }
  }
}
