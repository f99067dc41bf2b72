package io.landshift.detection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.runtime.rpc.RpcSystem;
import org.apache.flink.util.Reference;

/**
 * Flink's remote procedure calls, for every cluster and job of this process. Flink itself would
 * unpack a file of 20 MB and load another copy of every class in it for each cluster, which then is
 * interpreted and compiled anew: some 3 CPU-s. Safe for use by several threads.
 */
final class SharedRpc {
  private SharedRpc() {}

  /**
   * Lends it to a cluster, which must not close it.
   *
   * @throws IllegalStateException if it could not be loaded; it is not tried again in this process
   */
  static Reference<RpcSystem> borrowed() {
    try {
      return Reference.borrowed(Loaded.SYSTEM);
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "Flink's RPC classes cannot be unpacked: see that %s can be written to and has room, and"
                  .formatted(System.getProperty("java.io.tmpdir"))
              + " start again",
          e);
    }
  }

  /** Loaded when first asked for. */
  private static final class Loaded {
    private static final RpcSystem SYSTEM = load();
  }

  /** It is never closed: clusters may still need it while the process ends. */
  private static RpcSystem load() {
    try {
      Path folder = Files.createTempDirectory("landshift-rpc-");
      Configuration configuration = new Configuration();
      configuration.set(CoreOptions.TMP_DIRS, folder.toString());
      RpcSystem system = RpcSystem.load(configuration);
      deleteAtExit(folder);
      return system;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is named last is deleted first. */
  private static void deleteAtExit(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.toList();
    }
    folder.toFile().deleteOnExit();
    files.forEach(file -> file.toFile().deleteOnExit());
  }
}
