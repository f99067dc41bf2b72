package io.landshift.ops.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the driver says of an NVIDIA GPU.
 *
 * @param name of the card
 * @param driver its version
 * @param usedMebibytes memory in use, by all processes
 */
record Gpu(String name, String driver, long usedMebibytes) {
  /** The card of this number; null where the driver does not answer. */
  static @Nullable Gpu query(int device) {
    List<String> command =
        List.of(
            "nvidia-smi",
            "--id=" + device,
            "--query-gpu=name,driver_version,memory.used",
            "--format=csv,noheader,nounits");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      List<String> fields = List.of(line.strip().split("\\s*,\\s*", -1));
      return process.waitFor() == 0 && fields.size() == 3
          ? new Gpu(fields.get(0), fields.get(1), Long.parseLong(fields.get(2)))
          : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
