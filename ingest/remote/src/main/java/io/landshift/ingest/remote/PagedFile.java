package io.landshift.ingest.remote;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A remote file whose pages are fetched when they are first read and kept in a sparse file.
 * Thread-safe; one request at a time, so no page is fetched twice at once.
 */
final class PagedFile {
  static final int PAGE = 1 << 20;

  /** Pages that one request fetches at most, once a file turns out to be read from end to end. */
  static final int LONGEST_RUN = 8;

  private final Source source;
  private final Path path;
  private final long limit;
  private final BitSet present = new BitSet();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable FileChannel channel;
  private @Nullable String entityTag;
  private volatile long cached;
  private long size = -1;
  private int expected;
  private int run = 1;

  /** Fetches bytes {@code first} to {@code last}, both inclusive, or up to the file's end. */
  interface Source {
    GuardedHttp.Part fetch(long first, long last);
  }

  /**
   * @param path of the sparse file, which does not exist yet
   * @param limit most bytes of the file
   */
  PagedFile(Source source, Path path, long limit) {
    this.source = source;
    this.path = path;
    this.limit = limit;
  }

  /**
   * The file's size in bytes.
   *
   * @throws LandshiftException what fetching throws
   */
  long size(ByteBudget budget) {
    lock.lock();
    try {
      if (size < 0) {
        fetch(0, 1, budget);
      }
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** Fetches what is missing of the whole file, from its start to its end. */
  void fetchAll(ByteBudget budget) {
    lock.lock();
    try {
      long bytes = size(budget);
      run = LONGEST_RUN;
      require(0, pageOf(bytes - 1), budget);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads into the buffer's remaining bytes.
   *
   * @param position within the file, as all that is read
   */
  void read(long position, ByteBuffer into, ByteBudget budget) {
    lock.lock();
    try {
      long end = position + into.remaining();
      if (end > size(budget)) {
        throw replaced();
      }
      require(pageOf(position), pageOf(end - 1), budget);
      FileChannel file = channel();
      while (into.hasRemaining()) {
        if (file.read(into, end - into.remaining()) < 0) {
          throw new IOException("the cache's file ends early");
        }
      }
    } catch (IOException e) {
      throw cacheFailed(e);
    } finally {
      lock.unlock();
    }
  }

  /** Bytes that are on disk; does not wait for a fetch. */
  long cached() {
    return cached;
  }

  /** Gives the disk back unless somebody reads right now; what is read later is fetched again. */
  boolean tryClear() {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      clear();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void clear() {
    try {
      if (channel != null) {
        channel.close();
      }
      channel = null;
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw cacheFailed(e);
    }
    // Size and tag stay: what is fetched again must be of the same file.
    present.clear();
    cached = 0;
    run = 1;
  }

  private void require(int first, int last, ByteBudget budget) {
    int pages = pageOf(size - 1) + 1;
    int page = present.nextClearBit(first);
    while (page <= last) {
      run = page == expected ? Math.min(LONGEST_RUN, run * 2) : 1;
      int wanted = Math.max(run, Math.min(LONGEST_RUN, last - page + 1));
      int count = 1;
      while (count < wanted && page + count < pages && !present.get(page + count)) {
        count++;
      }
      fetch(page, count, budget);
      expected = page + count;
      page = present.nextClearBit(page + count);
    }
  }

  private void fetch(int page, int count, ByteBudget budget) {
    long first = (long) page * PAGE;
    long last = first + (long) count * PAGE - 1;
    GuardedHttp.Part part = source.fetch(first, last);
    budget.spend(part.bytes().length);
    boolean changed =
        size >= 0 && (part.total() != size || !Objects.equals(part.entityTag(), entityTag));
    if (changed) {
      throw replaced();
    }
    if (part.total() > limit || part.total() < 1) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED,
          "The remote file has " + part.total() + " bytes; 1 to " + limit + " are read.");
    }
    size = part.total();
    entityTag = part.entityTag();
    try {
      ByteBuffer bytes = ByteBuffer.wrap(part.bytes());
      while (bytes.hasRemaining()) {
        int written = channel().write(bytes, first + bytes.position());
        if (written < 0) {
          throw new IOException("nothing is written");
        }
      }
    } catch (IOException e) {
      throw cacheFailed(e);
    }
    present.set(page, page + count);
    cached = (long) present.cardinality() * PAGE;
  }

  private FileChannel channel() throws IOException {
    if (channel == null) {
      channel =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.SPARSE);
    }
    return channel;
  }

  private static int pageOf(long position) {
    return Math.toIntExact(position / PAGE);
  }

  private static LandshiftException replaced() {
    return new LandshiftException(
        FailureReason.ASSET_UNREADABLE,
        "The remote file was replaced while it was read. Announce the scene again.");
  }

  private static LandshiftException cacheFailed(IOException e) {
    return new LandshiftException(
        FailureReason.STORAGE_UNAVAILABLE, "The cache of remote files cannot be used: " + e, e);
  }
}
