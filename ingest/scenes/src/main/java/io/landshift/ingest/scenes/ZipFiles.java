package io.landshift.ingest.scenes;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The files of a zip, checked as a whole when it is opened: no entry leaves its root, none is there
 * twice, none unpacks to much more than it is. Thread-safe; holds the zip open until closed.
 */
public final class ZipFiles implements ProductFiles {
  private static final int MAXIMUM_ENTRIES = 200_000;
  private static final long MAXIMUM_TOTAL_BYTES = 1L << 40;
  private static final long UNSUSPECTED_BYTES = 16L << 20;
  // Deflate reaches at most 1032:1; constant rasters come to some hundreds, at small sizes.
  private static final long MAXIMUM_RATIO = 200;

  private final Path path;
  private final ZipFile zip;
  private final TreeMap<String, ZipEntry> entries = new TreeMap<>();

  /**
   * @param path an existing zip
   * @throws LandshiftException ASSET_MISSING, ASSET_UNREADABLE where it is not a zip, HREF_REFUSED
   *     where an entry's name leaves the root, LIMIT_EXCEEDED where it is too large for its size
   */
  public ZipFiles(Path path) {
    try {
      this.path = path.toRealPath();
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING, "There is no file " + path + ". Check the path.", e);
    }
    this.zip = open(this.path);
    try {
      index();
    } catch (LandshiftException | IllegalArgumentException e) {
      close();
      throw e instanceof LandshiftException known ? known : unreadable(this.path, e);
    }
  }

  /** Whether a file starts as a zip does. */
  public static boolean isZip(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(4);
      return start.length == 4
          && start[0] == 'P'
          && start[1] == 'K'
          && (start[2] == 3 || start[2] == 5);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String location() {
    return path.toString();
  }

  @Override
  public List<String> list() {
    return List.copyOf(entries.keySet());
  }

  @Override
  public OptionalLong size(String name) {
    ZipEntry entry = entries.get(name);
    return entry == null ? OptionalLong.empty() : OptionalLong.of(Math.max(0, entry.getSize()));
  }

  @Override
  public byte[] read(String name, int limit) {
    try (InputStream in = zip.getInputStream(entry(name))) {
      return Limits.readAtMost(in, limit, name + " in " + path);
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.ASSET_UNREADABLE, name + " in " + path + " cannot be unpacked.", e);
    }
  }

  @Override
  public String href(String name) {
    return "zip:" + path + "!/" + entry(name).getName();
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, "The zip " + path + " cannot be closed.", e);
    }
  }

  private ZipEntry entry(String name) {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING,
          "There is no file " + name + " in " + path + ". Is the product complete?");
    }
    return entry;
  }

  private void index() {
    if (zip.size() > MAXIMUM_ENTRIES) {
      throw exceeded("holds more than " + MAXIMUM_ENTRIES + " files");
    }
    Set<String> names = new HashSet<>();
    long total = 0;
    for (Iterator<? extends ZipEntry> all = zip.entries().asIterator(); all.hasNext(); ) {
      ZipEntry entry = all.next();
      checkName(entry.getName());
      if (!names.add(entry.getName())) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID,
            "The zip " + path + " holds " + entry.getName() + " twice. Pack it again.");
      }
      if (!entry.isDirectory()) {
        checkSize(entry);
        total += Math.max(0, entry.getSize());
        entries.put(entry.getName(), entry);
      }
    }
    if (total > MAXIMUM_TOTAL_BYTES) {
      throw exceeded("unpacks to more than " + MAXIMUM_TOTAL_BYTES + " bytes");
    }
  }

  private void checkName(String name) {
    boolean leaves =
        name.isEmpty()
            || name.startsWith("/")
            || name.indexOf('\\') >= 0
            || name.indexOf('\0') >= 0
            || name.matches("(?s)^[A-Za-z]:.*")
            || !Collections.disjoint(List.of(name.split("/", -1)), List.of("..", "."));
    if (leaves) {
      throw new LandshiftException(
          FailureReason.HREF_REFUSED,
          "The zip " + path + " is refused: its entry \"" + name + "\" leaves the root.");
    }
  }

  private void checkSize(ZipEntry entry) {
    long packed = Math.max(1, entry.getCompressedSize());
    if (entry.getSize() > UNSUSPECTED_BYTES && entry.getSize() / packed > MAXIMUM_RATIO) {
      throw exceeded("unpacks its entry " + entry.getName() + " to over 200 times its size");
    }
  }

  private LandshiftException exceeded(String what) {
    return new LandshiftException(
        FailureReason.LIMIT_EXCEEDED, "The zip " + path + " is refused: it " + what + ".");
  }

  private static ZipFile open(Path path) {
    try {
      return new ZipFile(path.toFile());
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private static LandshiftException unreadable(Path path, Exception e) {
    return new LandshiftException(
        FailureReason.ASSET_UNREADABLE,
        path + " is not a zip, or is damaged: " + e.getMessage(),
        e);
  }
}
