package io.landshift.ingest.catalog;

import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.scenes.ProductFiles;
import io.landshift.ingest.scenes.SafeScenes;
import io.landshift.ingest.scenes.ZipFiles;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** SAFE products: folders anywhere below the root, and zips with a product inside. */
final class SafeDocuments implements SceneDocuments {
  private final ProductFiles files;
  private final RasterRules rules;

  SafeDocuments(ProductFiles files, RasterRules rules) {
    this.files = files;
    this.rules = rules;
  }

  @Override
  public ProductFiles files() {
    return files;
  }

  @Override
  public List<Entry> entries(Consumer<SceneFailure> failures) {
    List<Entry> entries = new ArrayList<>();
    for (String path : files.list()) {
      if (isProduct(path)) {
        entries.add(new Entry(path, ""));
      }
    }
    Collections.sort(entries);
    return entries;
  }

  /** The folders of products that are no zips, each with a slash behind it; the root is empty. */
  static Set<String> folders(List<String> paths) {
    return paths.stream()
        .filter(SafeScenes::isProductMetadata)
        .map(path -> path.substring(0, path.lastIndexOf('/') + 1))
        .collect(Collectors.toSet());
  }

  /** Zips are taken for products by their names alone. */
  private static boolean isProduct(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return SafeScenes.isProductMetadata(path)
        || (name.toLowerCase(Locale.ROOT).endsWith(".zip") && name.matches("S2[A-Z]_.*"));
  }

  @Override
  public List<SceneAvailable> read(Entry entry) {
    if (SafeScenes.isProductMetadata(entry.document())) {
      return SafeScenes.read(files, entry.document(), rules);
    }
    // Hrefs into the zip stay valid when it is closed.
    try (ZipFiles zip = new ZipFiles(Path.of(files.href(entry.document())))) {
      List<SceneAvailable> scenes = new ArrayList<>();
      for (String path : zip.list()) {
        if (SafeScenes.isProductMetadata(path)) {
          scenes.addAll(SafeScenes.read(zip, path, rules));
        }
      }
      if (scenes.isEmpty()) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID,
            "The zip "
                + entry.document()
                + " holds no SAFE product (MTD_MSIL1C.xml or"
                + " MTD_MSIL2A.xml).");
      }
      return scenes;
    }
  }
}
