package io.landshift.ops.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the maps that a run has written. */
final class ProductMaps {
  private ProductMaps() {}

  /** The maps of the last scene: its folder's name has the last date. */
  static List<Path> ofLastScene(Path maps) throws IOException {
    try (Stream<Path> walk = Files.walk(maps)) {
      List<Path> all = walk.filter(file -> file.toString().endsWith(".tif")).sorted().toList();
      Path folder = all.getLast().resolveSibling("");
      return all.stream().filter(file -> file.resolveSibling("").equals(folder)).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
