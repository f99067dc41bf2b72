package io.landshift.training.torch;

import io.landshift.training.networks.SafeTensors;
import io.landshift.training.networks.Weights;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a training is kept, so that it survives the end of its process at any moment. A checkpoint
 * is a folder with the weights, what the optimiser remembers, and the digests of both; it is
 * written beside its place, forced to the disk and renamed. The two newest stay: one that cannot be
 * read is passed over. Not thread-safe.
 *
 * @param folder of one training and no other
 * @param every steps between two
 */
public record Checkpoints(Path folder, long every) {
  private static final String PREFIX = "step-";
  private static final String UNFINISHED = "unfinished";
  private static final String WEIGHTS = "weights.safetensors";
  private static final String MEMORY = "optimiser.pt";
  private static final String DIGESTS = "SHA256SUMS";
  private static final int STAY = 2;

  public Checkpoints {
    if (every < 1) {
      throw new IllegalArgumentException("checkpoints are at least a step apart: " + every);
    }
  }

  /**
   * A checkpoint that was read back.
   *
   * @param steps that had been taken
   * @param memory for {@link Trainer#loadMemory}
   */
  public record Kept(long steps, Weights weights, Path memory) {}

  boolean isDue(long steps, long all) {
    return steps % every == 0 || steps == all;
  }

  /** The newest one that is whole; null where there is none. */
  public @Nullable Kept newest() {
    for (Path place : places()) {
      if (isWhole(place)) {
        return new Kept(
            steps(place), SafeTensors.read(place.resolve(WEIGHTS)), place.resolve(MEMORY));
      }
    }
    return null;
  }

  /**
   * Keeps a training as it is after so many steps.
   *
   * @throws TrainingException NOT_KEPT
   */
  void keep(long steps, Weights weights, Consumer<Path> memory) {
    Path place = folder.resolve(PREFIX + "%09d".formatted(steps));
    if (isWhole(place)) {
      return;
    }
    Path beside = folder.resolve(UNFINISHED);
    try {
      delete(beside);
      delete(place);
      Files.createDirectories(beside);
      SafeTensors.write(beside.resolve(WEIGHTS), weights);
      memory.accept(beside.resolve(MEMORY));
      Files.writeString(beside.resolve(DIGESTS), digests(beside));
      force(beside.resolve(MEMORY));
      force(beside.resolve(DIGESTS));
      Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
      force(folder);
      for (Path old : places().stream().skip(STAY).toList()) {
        delete(old);
      }
    } catch (IOException | RuntimeException e) {
      throw TrainingException.notKept(folder, e);
    }
  }

  /** Newest first. */
  private List<Path> places() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(path -> path.getFileName().toString().matches(PREFIX + "\\d{9,}"))
          .sorted(Comparator.comparingLong(Checkpoints::steps).reversed())
          .toList();
    } catch (IOException e) {
      throw TrainingException.notKept(folder, e);
    }
  }

  private static long steps(Path place) {
    return Long.parseLong(place.getFileName().toString().substring(PREFIX.length()));
  }

  private static boolean isWhole(Path place) {
    try {
      return Files.exists(place.resolve(DIGESTS))
          && Files.readString(place.resolve(DIGESTS)).equals(digests(place));
    } catch (IOException e) {
      return false;
    }
  }

  /** As {@code sha256sum} writes them. */
  private static String digests(Path place) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String name : List.of(WEIGHTS, MEMORY)) {
      lines.append(sha256(place.resolve(name))).append("  ").append(name).append('\n');
    }
    return lines.toString();
  }

  private static String sha256(Path file) throws IOException {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void delete(Path place) throws IOException {
    if (!Files.exists(place)) {
      return;
    }
    try (Stream<Path> inside = Files.walk(place)) {
      for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
