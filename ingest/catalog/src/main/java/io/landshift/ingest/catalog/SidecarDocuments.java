package io.landshift.ingest.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ingest.scenes.HrefResolver;
import io.landshift.ingest.scenes.Json;
import io.landshift.ingest.scenes.ProductFiles;
import io.landshift.ingest.scenes.Sidecar;
import io.landshift.ingest.scenes.SidecarScenes;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plain rasters with sidecars: those that a {@code series.json} lists, and those with a {@code
 * NAME.json} beside them, in any folder below the root. A {@code NAME.json} takes its defaults from
 * the {@code series.json} of its folder; a raster that the series lists has no other sidecar.
 */
final class SidecarDocuments implements SceneDocuments {
  /** How the path of a folder's description ends. */
  static final String SERIES_SUFFIX = Sidecar.SERIES;

  private static final List<String> RASTERS = List.of(".tif", ".tiff", ".jp2", ".TIF", ".TIFF");

  private final ProductFiles files;
  private final RasterRules rules;
  private final HrefResolver hrefs;

  SidecarDocuments(ProductFiles files, RasterRules rules, List<Path> allowedRoots) {
    this.files = files;
    this.rules = rules;
    this.hrefs = new HrefResolver(files, "", allowedRoots);
  }

  @Override
  public ProductFiles files() {
    return files;
  }

  @Override
  public List<Entry> entries(Consumer<SceneFailure> failures) {
    List<String> paths = files.list();
    List<Entry> entries = new ArrayList<>();
    Set<String> listed = new HashSet<>();
    for (String path : paths) {
      if (fileName(path).equals(Sidecar.SERIES)) {
        addSeries(path, entries, listed, failures);
      }
    }
    for (String path : paths) {
      Optional<String> raster = rasterBeside(path);
      if (raster.isPresent() && !listed.contains(raster.get())) {
        entries.add(new Entry(path, ""));
      }
    }
    Collections.sort(entries);
    return entries;
  }

  @Override
  public List<SceneAvailable> read(Entry entry) {
    JsonNode json = document(entry.document());
    if (entry.part().isEmpty()) {
      String raster = rasterBeside(entry.document()).orElseThrow(() -> missing(entry.document()));
      return scenes(
          Sidecar.read(json, seriesBeside(entry.document()), entry.document()),
          entry.document(),
          raster);
    }
    return scenes(
        Sidecar.readFromSeries(json, entry.part(), entry.document()),
        entry.document(),
        inRoot(entry.document(), entry.part()));
  }

  private List<SceneAvailable> scenes(Sidecar sidecar, String document, String raster) {
    String href = files.href(raster);
    return SidecarScenes.onCells(
        sidecar,
        href,
        Rasters.inspect(href, rules),
        stem(fileName(raster)),
        mask -> files.href(inRoot(document, mask)),
        files.location());
  }

  private void addSeries(
      String path, List<Entry> entries, Set<String> listed, Consumer<SceneFailure> failures) {
    List<String> names;
    try {
      names = Sidecar.filesOfSeries(document(path), path);
    } catch (LandshiftException e) {
      failures.accept(FoundScenes.failureOf(e, files, new Entry(path, "")));
      return;
    }
    for (String file : names) {
      Entry entry = new Entry(path, file);
      try {
        listed.add(inRoot(path, file));
        entries.add(entry);
      } catch (LandshiftException e) {
        failures.accept(FoundScenes.failureOf(e, files, entry));
      }
    }
  }

  private String inRoot(String document, String file) {
    if (hrefs.forDocument(document).resolve(file) instanceof HrefResolver.InRoot target) {
      return target.path();
    }
    throw new LandshiftException(
        FailureReason.HREF_REFUSED,
        "The file " + file + " of " + document + " is not below the folder. Name it relatively.");
  }

  private @Nullable JsonNode seriesBeside(String document) {
    int folder = document.lastIndexOf('/');
    String series = document.substring(0, folder + 1) + Sidecar.SERIES;
    return files.size(series).isPresent() ? document(series) : null;
  }

  /** The raster {@code NAME.tif} beside {@code NAME.json}, unless that is a STAC document. */
  private Optional<String> rasterBeside(String path) {
    if (!path.endsWith(".json") || fileName(path).equals(Sidecar.SERIES)) {
      return Optional.empty();
    }
    String stem = path.substring(0, path.length() - ".json".length());
    Optional<String> raster =
        RASTERS.stream()
            .map(ending -> stem + ending)
            .filter(name -> files.size(name).isPresent())
            .findFirst();
    return raster.isPresent() && !isStac(path) ? raster : Optional.empty();
  }

  private boolean isStac(String path) {
    try {
      return document(path).has("stac_version");
    } catch (LandshiftException e) {
      return false;
    }
  }

  private JsonNode document(String path) {
    return Json.object(files.read(path, Json.MAXIMUM_BYTES), path);
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String stem(String fileName) {
    for (String ending : RASTERS) {
      if (fileName.toLowerCase(Locale.ROOT).endsWith(ending.toLowerCase(Locale.ROOT))) {
        return fileName.substring(0, fileName.length() - ending.length());
      }
    }
    return fileName;
  }

  private static LandshiftException missing(String document) {
    return new LandshiftException(
        FailureReason.ASSET_MISSING, "There is no raster for " + document + ".");
  }
}
