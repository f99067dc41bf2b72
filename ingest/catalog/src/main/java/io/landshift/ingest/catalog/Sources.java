package io.landshift.ingest.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.scenes.FolderFiles;
import io.landshift.ingest.scenes.Json;
import io.landshift.ingest.scenes.ProductFiles;
import io.landshift.ingest.scenes.Sidecar;
import io.landshift.ingest.scenes.ZipFiles;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Opens a source by looking at what is there. Pure factory.
 *
 * <p>Understood are a STAC catalogue or collection ({@code catalog.json} or {@code collection.json}
 * in the root of a folder or zip, or such a file itself), which says itself what belongs to it; and
 * without one everything below that describes scenes: Sentinel-2 SAFE products (folders and zips),
 * rasters with sidecars ({@code series.json}, or {@code NAME.json} beside {@code NAME.tif}), STAC
 * items.
 */
public final class Sources {
  /** How often a watched folder is looked at unless stated otherwise. */
  public static final Duration INTERVAL = Duration.ofSeconds(5);

  /** How long an unfinished entry of a watched folder is waited for unless stated otherwise. */
  public static final Duration PATIENCE = Duration.ofMinutes(30);

  private Sources() {}

  /**
   * A source that is read once.
   *
   * @param path a folder, a zip, or a STAC or {@code series.json} file
   * @throws LandshiftException ASSET_MISSING, METADATA_INVALID where nothing there is understood,
   *     or what is wrong with the zip
   */
  public static SceneSource of(Path path) {
    return of(path, List.of());
  }

  /**
   * A source that is read once.
   *
   * @param allowedRoots folders below which absolute hrefs may name rasters
   */
  public static SceneSource of(Path path, List<Path> allowedRoots) {
    if (!Files.exists(path)) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING, "There is nothing at " + path + ". Check the path.");
    }
    if (Files.isDirectory(path)) {
      return open(new FolderFiles(path), null, allowedRoots);
    }
    if (ZipFiles.isZip(path)) {
      return open(new ZipFiles(path), null, allowedRoots);
    }
    if (path.toString().endsWith(".json")) {
      Path file = path.toAbsolutePath().normalize();
      Path folder = file.getParent();
      if (folder != null) {
        return open(new FolderFiles(folder), file.getFileName().toString(), allowedRoots);
      }
    }
    throw notUnderstood(path.toString());
  }

  /**
   * A folder that is watched for STAC items, sidecars and SAFE products.
   *
   * @param interval between two looks
   * @param patience how long an unfinished entry is waited for
   * @param clock measures patience
   */
  public static SceneSource watch(
      Path folder, List<Path> allowedRoots, Duration interval, Duration patience, Clock clock) {
    FolderFiles files = new FolderFiles(folder);
    RasterRules rules = rules(files, allowedRoots);
    return new WatchedSource(
        files, lyingAround(files, rules, allowedRoots), interval, patience, clock);
  }

  /** All ways in which files describe scenes without a catalogue. */
  private static List<SceneDocuments> lyingAround(
      ProductFiles files, RasterRules rules, List<Path> allowedRoots) {
    return List.of(
        new SafeDocuments(files, rules),
        new SidecarDocuments(files, rules, allowedRoots),
        new StacDocuments(files, null, rules, allowedRoots));
  }

  private static SceneSource open(
      ProductFiles files, @Nullable String document, List<Path> allowedRoots) {
    try {
      RasterRules rules = rules(files, allowedRoots);
      return new OneShotSource(files, documents(files, document, rules, allowedRoots));
    } catch (RuntimeException e) {
      try (files) {
        throw e;
      }
    }
  }

  private static List<SceneDocuments> documents(
      ProductFiles files, @Nullable String document, RasterRules rules, List<Path> allowedRoots) {
    if (document != null && document.equals(Sidecar.SERIES)) {
      return List.of(new SidecarDocuments(files, rules, allowedRoots));
    }
    if (document != null) {
      JsonNode node = Json.object(files.read(document, Json.MAXIMUM_BYTES), document);
      if (!node.has("stac_version")) {
        throw notUnderstood(document + " in " + files.location());
      }
      return List.of(new StacDocuments(files, document, rules, allowedRoots));
    }
    for (String root : StacDocuments.ROOTS) {
      if (files.size(root).isPresent()) {
        return List.of(new StacDocuments(files, root, rules, allowedRoots));
      }
    }
    List<SceneDocuments> layouts = lyingAround(files, rules, allowedRoots);
    if (layouts.stream().anyMatch(Sources::findsAny)) {
      return layouts;
    }
    throw notUnderstood(files.location());
  }

  private static boolean findsAny(SceneDocuments layout) {
    List<SceneFailure> failures = new ArrayList<>();
    return !layout.entries(failures::add).isEmpty() || !failures.isEmpty();
  }

  /** Rasters below the source's root, and below the roots that are allowed beside it. */
  private static RasterRules rules(ProductFiles files, List<Path> allowedRoots) {
    List<Path> roots = new ArrayList<>(allowedRoots);
    roots.add(Path.of(files.location()));
    return RasterRules.anywhere().withRoots(roots);
  }

  private static LandshiftException notUnderstood(String where) {
    return new LandshiftException(
        FailureReason.METADATA_INVALID,
        "Nothing at "
            + where
            + " describes scenes. Needed is one of: a STAC catalog.json or"
            + " collection.json, Sentinel-2 SAFE products, STAC items beside their rasters, a series.json that names dated"
            + " rasters, or a NAME.json beside each NAME.tif.");
  }
}
