package io.landshift.model.bundle;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Reads all files of a bundle into memory, within limits; knows nothing of their meaning. */
final class BundleFiles {
  private static final Pattern SAFE_PATH =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
  private static final int INFLATION_COUNTS_FROM = 1 << 20;

  private final BundleLimits limits;
  private final Map<String, byte[]> files = new TreeMap<>();
  private long totalBytes;
  private byte @Nullable [] signature;

  private BundleFiles(BundleLimits limits) {
    this.limits = limits;
  }

  /**
   * Content by path, of a folder or a zip; a detached signature is not part of it.
   *
   * @param key whose signature the files must have; null asks for none
   * @throws LandshiftException MODEL_SIGNATURE_INVALID, MODEL_INVALID, LIMIT_EXCEEDED or
   *     STORAGE_UNAVAILABLE
   */
  static Map<String, byte[]> read(Path folderOrZip, BundleLimits limits, @Nullable ModelKey key) {
    BundleFiles files = new BundleFiles(limits);
    try {
      if (Files.isDirectory(folderOrZip)) {
        files.addFolder(folderOrZip);
      } else if (Files.isRegularFile(folderOrZip)) {
        files.addZip(folderOrZip);
      } else {
        throw Invalid.model("no bundle at " + folderOrZip + ": name a folder or a zip");
      }
    } catch (IOException | UncheckedIOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, "cannot read the bundle " + folderOrZip, e);
    }
    if (key != null) {
      BundleSignature.require(folderOrZip, files.files, files.signature, key);
    }
    return files.files;
  }

  /**
   * The bytes of one file.
   *
   * @throws LandshiftException ASSET_MISSING, LIMIT_EXCEEDED or STORAGE_UNAVAILABLE
   */
  static byte[] one(Path file, int maxBytes) {
    if (!Files.isRegularFile(file)) {
      throw new LandshiftException(FailureReason.ASSET_MISSING, "there is no file " + file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes);
      if (in.read() >= 0) {
        throw Invalid.limit(file + " is larger than the " + maxBytes + " bytes that are allowed");
      }
      return bytes;
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, "cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Whether a path of a bundle stays inside it on every file system. */
  static boolean isSafe(String path) {
    return path.length() <= 200 && SAFE_PATH.matcher(path).matches();
  }

  private void addFolder(Path folder) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).toList();
    }
    for (Path path : paths) {
      String name = folder.relativize(path).toString().replace('\\', '/');
      // A link may lead out of the bundle, and its target may change after the check.
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        throw Invalid.model(name + " is not a plain file; a bundle holds no links");
      }
      try (InputStream in = Files.newInputStream(path)) {
        add(name, in, limits.maxFileBytes());
      }
    }
  }

  private void addZip(Path zip) throws IOException {
    try (ZipFile file = new ZipFile(zip.toFile())) {
      Enumeration<? extends ZipEntry> entries = file.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        if (entry.isDirectory()) {
          continue;
        }
        try (InputStream in = file.getInputStream(entry)) {
          add(entry.getName(), in, inflationLimit(entry));
        }
      }
    } catch (java.util.zip.ZipException e) {
      throw Invalid.model(zip + " is not an intact zip: " + e.getMessage(), e);
    } catch (java.io.EOFException | IllegalArgumentException e) {
      throw Invalid.model(zip + " is not an intact zip", e);
    }
  }

  private int inflationLimit(ZipEntry entry) {
    long packed = Math.max(0, entry.getCompressedSize());
    long inflated = Math.max(INFLATION_COUNTS_FROM, packed * limits.maxInflation());
    return (int) Math.min(limits.maxFileBytes(), inflated);
  }

  private void add(String name, InputStream in, int maxBytes) throws IOException {
    if (!isSafe(name)) {
      throw Invalid.model(
          "the path '" + name + "' is refused; use letters, digits, '.', '_', '-' and '/'");
    }
    if (name.equals(BundleSignature.FILE)) {
      addSignature(in);
      return;
    }
    if (files.size() >= limits.maxFiles()) {
      throw Invalid.limit("a bundle may hold " + limits.maxFiles() + " files");
    }
    int room = (int) Math.min(maxBytes, limits.maxTotalBytes() - totalBytes);
    byte[] bytes = in.readNBytes(room);
    if (in.read() >= 0) {
      throw Invalid.limit(
          "%s is larger than allowed (%d bytes a file, %d in all, inflation %d)"
              .formatted(
                  name, limits.maxFileBytes(), limits.maxTotalBytes(), limits.maxInflation()));
    }
    totalBytes += bytes.length;
    if (files.put(name, bytes) != null) {
      throw Invalid.model("the file " + name + " is in the bundle twice");
    }
  }

  private void addSignature(InputStream in) throws IOException {
    if (signature != null) {
      throw Invalid.model("the file " + BundleSignature.FILE + " is in the bundle twice");
    }
    signature = in.readNBytes(BundleSignature.MAX_BYTES);
    if (in.read() >= 0) {
      throw Invalid.limit(
          "%s is larger than %d bytes: no signature is"
              .formatted(BundleSignature.FILE, BundleSignature.MAX_BYTES));
    }
  }
}
