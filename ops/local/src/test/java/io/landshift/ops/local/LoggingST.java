package io.landshift.ops.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Tag("st")
class LoggingST {
  @TempDir Path directory;

  /** What a command does: names the file late, when loggers of libraries are already there. */
  static final class Command {
    public static void main(String[] arguments) {
      var library = LoggerFactory.getLogger("org.apache.kafka.Something");
      var ours = LoggerFactory.getLogger("io.landshift.Something");
      library.error("library before");
      Logging.toFile(Path.of(arguments[0]));
      library.warn("library warning");
      LoggerFactory.getLogger("org.apache.kafka.common.config.AbstractConfig").info("dump");
      ours.info("our information");
      ours.warn("our warning");
      Logging.close();
    }
  }

  @Test
  void theConsoleShowsOurWarningsOnlyAndTheFileTheRest() throws Exception {
    // given
    Path file = directory.resolve("data/landshift.log");

    // when
    String console = run(Command.class, file.toString());

    // then
    assertThat(console).isEqualTo("warn: our warning\n");
    assertThat(Files.readString(file))
        .contains("library warning", "our information", "our warning")
        .doesNotContain("dump", "library before");
  }

  private static String run(Class<?> main, String argument) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), argument));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
