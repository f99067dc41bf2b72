package io.landshift.ops.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A disk of 8 MiB in memory, where this process may mount one. */
final class TinyDisk implements AutoCloseable {
  private final Path folder;
  private final boolean mounted;

  private TinyDisk(Path folder, boolean mounted) {
    this.folder = folder;
    this.mounted = mounted;
  }

  /** Mounts it on a folder, or leaves the folder on its own disk. */
  static TinyDisk mount(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    return new TinyDisk(
        folder, succeeds("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder.toString()));
  }

  boolean isMounted() {
    return mounted;
  }

  /** Leaves not a byte. */
  void fill() throws IOException {
    Path filler = filler();
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] block = new byte[4096];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  void makeRoom() throws IOException {
    Files.deleteIfExists(filler());
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    if (mounted && !succeeds("umount", folder.toString())) {
      throw new IOException("cannot unmount " + folder);
    }
  }

  private static boolean succeeds(String... command) throws IOException, InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // There is no such program here.
    }
  }
}
