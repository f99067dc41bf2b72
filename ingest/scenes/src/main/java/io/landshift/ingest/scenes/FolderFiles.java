package io.landshift.ingest.scenes;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;

/**
 * The files below a folder. Links are followed only where they stay below the folder; hidden files
 * and folders are not listed. Thread-safe; holds nothing open.
 */
public final class FolderFiles implements ProductFiles {
  private static final int MAXIMUM_FILES = 500_000;
  private static final int MAXIMUM_DEPTH = 16;

  private final Path root;

  /**
   * @param root an existing folder
   * @throws LandshiftException ASSET_MISSING where it is not there or not a folder
   */
  public FolderFiles(Path root) {
    try {
      this.root = root.toRealPath();
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING, "There is no folder " + root + ". Check the path.", e);
    }
    if (!Files.isDirectory(this.root)) {
      throw new LandshiftException(FailureReason.ASSET_MISSING, root + " is not a folder.");
    }
  }

  @Override
  public String location() {
    return root.toString();
  }

  @Override
  public List<String> list() {
    List<String> paths = new ArrayList<>();
    try {
      Files.walkFileTree(
          root, EnumSet.noneOf(FileVisitOption.class), MAXIMUM_DEPTH, new Lister(root, paths));
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, "The folder " + root + " cannot be listed.", e);
    }
    Collections.sort(paths);
    return paths;
  }

  @Override
  public OptionalLong size(String path) {
    try {
      Path file = root.resolve(path);
      return Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
    } catch (NoSuchFileException | InvalidPathException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, path + " in " + root + " cannot be examined.", e);
    }
  }

  @Override
  public byte[] read(String path, int limit) {
    Path file = real(path);
    try (InputStream in = Files.newInputStream(file)) {
      return Limits.readAtMost(in, limit, file.toString());
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.ASSET_UNREADABLE, "The file " + file + " cannot be read.", e);
    }
  }

  @Override
  public String href(String path) {
    return real(path).toString();
  }

  @Override
  public void close() {
    // Nothing is held open.
  }

  /** The file itself, with links resolved; checked when it is used, so that no link slips by. */
  private Path real(String path) {
    Path file;
    try {
      file = root.resolve(path).toRealPath();
    } catch (IOException | InvalidPathException e) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING,
          "There is no file " + path + " in " + root + ". Is the product complete?",
          e);
    }
    if (!file.startsWith(root)) {
      throw new LandshiftException(
          FailureReason.HREF_REFUSED,
          path + " in " + root + " is a link that leaves the folder. Copy the file into it.");
    }
    return file;
  }

  /** Collects visible files as paths relative to the root. */
  private static final class Lister extends SimpleFileVisitor<Path> {
    private final Path root;
    private final List<String> paths;

    Lister(Path root, List<String> paths) {
      this.root = root;
      this.paths = paths;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return !folder.equals(root) && isHidden(folder)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!isHidden(file) && !attributes.isDirectory()) {
        paths.add(root.relativize(file).toString().replace('\\', '/'));
      }
      if (paths.size() > MAXIMUM_FILES) {
        throw new LandshiftException(
            FailureReason.LIMIT_EXCEEDED,
            "The folder " + root + " holds more than " + MAXIMUM_FILES + " files. Split it.");
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      // A file that went away while listing is not there: what needs it says so.
      return FileVisitResult.CONTINUE;
    }

    private static boolean isHidden(Path file) {
      Path name = file.getFileName();
      return name != null && name.toString().startsWith(".");
    }
  }
}
