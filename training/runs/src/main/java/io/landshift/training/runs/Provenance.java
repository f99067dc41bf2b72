package io.landshift.training.runs;

import io.landshift.model.bundle.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What weights came from, beside their configuration.
 *
 * @param sets digest of the files of each set, as {@link Digests#ofBundle} has it
 * @param code digest of the sources that the program was built from, as the launcher computes it
 * @param machine that trained
 */
record Provenance(Map<String, String> sets, String code, String machine) {
  /** The launcher says which sources the program was built from. */
  private static final String SOURCES = "landshift.sources";

  /** Of sets and of the program that runs. */
  static Provenance of(Sets sets, List<String> names) {
    Map<String, String> digests = new LinkedHashMap<>();
    names.forEach(name -> digests.put(name, digest(sets.data(), sets.folders(name))));
    return new Provenance(digests, System.getProperty(SOURCES, "not known"), here());
  }

  private static String digest(Path data, List<Path> folders) {
    Map<String, byte[]> files = new TreeMap<>();
    for (Path folder : folders) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          files.put(data.relativize(file).toString(), Files.readAllBytes(file));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Digests.ofBundle(files);
  }

  /** This one. */
  static String here() {
    return String.format(
        Locale.ROOT,
        "%s %s, %d processors of which one computed, Java %s",
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version());
  }
}
