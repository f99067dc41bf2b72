package io.landshift.model.bundle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Bundles to be damaged: copies of the one that comes with the product. */
final class BundleFixture {
  private BundleFixture() {}

  /** All files of spectral-baseline; the map may be changed. */
  static Map<String, byte[]> files() {
    Bundle bundle = Bundles.spectralBaseline();
    Map<String, byte[]> files = new TreeMap<>();
    bundle.paths().forEach(path -> files.put(path, bundle.file(path)));
    return files;
  }

  /** The same with one graph replaced, and with digests that fit. */
  static Map<String, byte[]> withGraph(GraphRole role, byte[] onnx) {
    Bundle bundle = Bundles.spectralBaseline();
    Map<GraphRole, byte[]> graphs = new EnumMap<>(GraphRole.class);
    for (GraphRole each : GraphRole.values()) {
      graphs.put(each, each == role ? onnx : bundle.graph(each));
    }
    Map<String, byte[]> selfTest = new TreeMap<>();
    bundle.manifest().selfTest().files().forEach(path -> selfTest.put(path, bundle.file(path)));
    return BundleWriter.files(bundle.manifest(), graphs, selfTest);
  }

  /** The same with text replaced in the manifest. */
  static Map<String, byte[]> withManifestText(String text, String replacement) {
    Map<String, byte[]> files = files();
    String json = new String(files.get(Bundle.MANIFEST), StandardCharsets.UTF_8);
    if (!json.contains(text)) {
      throw new IllegalArgumentException("the manifest does not contain " + text);
    }
    files.put(Bundle.MANIFEST, json.replace(text, replacement).getBytes(StandardCharsets.UTF_8));
    return files;
  }

  static Path folder(Map<String, byte[]> files, Path folder) throws IOException {
    BundleWriter.write(files, folder);
    return folder;
  }

  static Path zip(Map<String, byte[]> files, Path zip) throws IOException {
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      for (var file : files.entrySet()) {
        entries.putNextEntry(new ZipEntry(file.getKey()));
        entries.write(file.getValue());
        entries.closeEntry();
      }
    }
    return zip;
  }
}
