package io.landshift.store;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A {@link PixelStore} in a local folder: one compressed file per content.
 *
 * <p>A content is written to an unfinished file beside its place, forced to disk, and renamed: a
 * reader sees all of it or nothing, and a crash leaves at most an unfinished file. Reading and
 * writing do not heed the thread's interruption. Safe for use by several threads, and by several
 * processes that share the folder.
 */
public final class LocalPixelStore implements PixelStore {
  /** Larger contents are neither written nor believed, unless the store is told otherwise. */
  public static final long DEFAULT_LIMIT = 1L << 30;

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final String UNFINISHED = ".unfinished";

  private final Path root;
  private final long limit;

  /**
   * @param root the folder; it is made with the first content
   */
  public LocalPixelStore(Path root) {
    this(root, DEFAULT_LIMIT);
  }

  /**
   * @param root the folder; it is made with the first content
   * @param limit largest content in bytes, at most 2,000,000,000
   */
  public LocalPixelStore(Path root, long limit) {
    if (limit < 0 || limit > 2_000_000_000) {
      throw new IllegalArgumentException("limit " + limit + " is not within 0..2,000,000,000");
    }
    this.root = root;
    this.limit = limit;
  }

  @Override
  public String put(ChunkKey key, PixelKind kind, byte[] content) {
    return put(key, kind, content.length, out -> out.write(content));
  }

  @Override
  public String put(ChunkKey key, PixelKind kind, int length, Content content) {
    requireLimit(length);
    return put(key, kind, StoredForm.encode(length, content));
  }

  @Override
  public String putWords(ChunkKey key, PixelKind kind, short[] words, int width) {
    requireLimit((long) Short.BYTES * words.length);
    return put(key, kind, StoredForm.encode(words, width));
  }

  private String put(ChunkKey key, PixelKind kind, StoredForm.Encoded stored) {
    Path file = file(key, kind, stored.digest());
    if (!Files.exists(file)) {
      try {
        write(file, stored);
      } catch (IOException e) {
        throw failure("write", file, e);
      }
    }
    return stored.digest();
  }

  private void requireLimit(long bytes) {
    if (bytes > limit) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED,
          "a content of " + bytes + " bytes exceeds the store's limit of " + limit);
    }
  }

  private static void write(Path file, StoredForm.Encoded stored) throws IOException {
    Path folder = file.resolveSibling("");
    Files.createDirectories(folder);
    Path unfinished =
        file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + UNFINISHED);
    try {
      try (FileOutputStream out = new FileOutputStream(unfinished.toFile())) {
        out.write(stored.bytes(), 0, stored.size());
        out.getFD().sync();
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      deleteAfter(unfinished, e);
      throw e;
    }
    forceNames(folder);
  }

  /** The name too must outlive a power cut. A channel heeds interruption, which has to wait. */
  private static void forceNames(Path folder) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
          names.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void deleteAfter(Path unfinished, IOException failure) {
    try {
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public byte[] get(ChunkKey key, PixelKind kind, String digest) {
    return content(key, kind, digest).bytes();
  }

  @Override
  public byte[] get(ChunkKey key, PixelKind kind, String digest, int from, int count) {
    return content(key, kind, digest).bytes(from, count);
  }

  @Override
  public InputStream open(ChunkKey key, PixelKind kind, String digest) {
    return content(key, kind, digest).stream();
  }

  @Override
  public short[] getWords(ChunkKey key, PixelKind kind, String digest, int from, int count) {
    return content(key, kind, digest).words(from, count);
  }

  @Override
  public void getWords(ChunkKey key, PixelKind kind, String digest, Wanted wanted, short[] into) {
    content(key, kind, digest).words(wanted, into);
  }

  private StoredContent content(ChunkKey key, PixelKind kind, String digest) {
    Path file = file(key, kind, digest);
    return StoredContent.of(read(file), digest, limit, file.toString());
  }

  private byte[] read(Path file) {
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      // What cannot be packed becomes little larger.
      int most = (int) Math.min(Integer.MAX_VALUE - 8L, limit + limit / 128 + 1024);
      byte[] stored = in.readNBytes(most);
      if (in.read() >= 0) {
        throw StoredContent.corrupt(file.toString(), "it has more than " + most + " bytes");
      }
      return stored;
    } catch (FileNotFoundException e) {
      if (Files.exists(file)) {
        throw failure("read", file, e);
      }
      throw new LandshiftException(
          FailureReason.STORAGE_CORRUPT,
          "stored pixels "
              + file
              + " are gone: bring the store's folder back as it was, or begin anew without the"
              + " state that refers to them",
          e);
    } catch (IOException e) {
      throw failure("read", file, e);
    }
  }

  @Override
  public void delete(ChunkKey key, PixelKind kind, String digest) {
    Path file = file(key, kind, digest);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failure("delete", file, e);
    }
  }

  @Override
  public boolean contains(ChunkKey key, PixelKind kind, String digest) {
    return Files.isRegularFile(file(key, kind, digest));
  }

  /**
   * Deletes the unfinished files that writers left behind which were killed.
   *
   * @param before files that were written to since then are left alone: give the writers that still
   *     run enough time
   * @return how many were deleted
   * @throws LandshiftException STORAGE_UNAVAILABLE if the folder cannot be read or written
   */
  public int deleteUnfinished(Instant before) {
    if (!Files.isDirectory(root)) {
      return 0;
    }
    int deleted = 0;
    try (Stream<Path> files = Files.walk(root, 4)) {
      List<Path> unfinished =
          files.filter(file -> file.getFileName().toString().endsWith(UNFINISHED)).toList();
      for (Path file : unfinished) {
        deleted += deleteIfOlder(file, FileTime.from(before)) ? 1 : 0;
      }
    } catch (IOException e) {
      throw failure("read", root, e);
    }
    return deleted;
  }

  private static boolean deleteIfOlder(Path file, FileTime before) throws IOException {
    try {
      return Files.getLastModifiedTime(file).compareTo(before) < 0 && Files.deleteIfExists(file);
    } catch (NoSuchFileException e) {
      return false; // Its writer has finished it in the meantime.
    }
  }

  private Path file(ChunkKey key, PixelKind kind, String digest) {
    if (!DIGEST.matcher(digest).matches()) {
      throw new IllegalArgumentException("'" + digest + "' is not a SHA-256 in hexadecimal");
    }
    return root.resolve(key.gridCode())
        .resolve(key.folder())
        .resolve(kind.folder())
        .resolve(digest + ".pixels");
  }

  private static LandshiftException failure(String verb, Path file, IOException cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
      return new LandshiftException(
          FailureReason.STORAGE_FULL,
          "cannot " + verb + " " + file + ": the disk is full; free or add space and try again",
          cause);
    }
    return new LandshiftException(
        FailureReason.STORAGE_UNAVAILABLE,
        "cannot " + verb + " " + file + ": " + message + "; check the folder, its owner and disk",
        cause);
  }
}
