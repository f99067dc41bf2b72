package io.landshift.detection;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.Footprint;
import io.landshift.ingest.raster.Footprints;
import io.landshift.ingest.raster.Overviews;
import io.landshift.ingest.raster.RasterType;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.schemas.SceneAvailable;
import io.landshift.store.PixelStore;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the maps of a scene from the stored chunks: cloud-optimised GeoTIFFs, then the STAC item
 * that names them. The item appears last, so whoever sees it finds every map whole.
 */
final class SceneProducts {
  /** What a score's map holds where there is no score. */
  static final int NO_SCORE = 65535;

  /** One step of a score's map, in lifecycle units. */
  static final double SCORE_STEP = 0.01;

  /** What a status map holds where a pixel was never observed. */
  static final int NO_STATUS = 255;

  private final PixelStore store;
  private final DetectionSettings settings;

  SceneProducts(PixelStore store, DetectionSettings settings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * What was written.
   *
   * @param maps path by name of the map
   * @param item path of the STAC item
   */
  record Written(Map<String, String> maps, String item) {}

  /**
   * Writes every map that the settings ask for; what was there before is replaced.
   *
   * @throws io.landshift.schemas.LandshiftException STORAGE_FULL or STORAGE_UNAVAILABLE
   */
  Written write(FoldedScene scene, BundleManifest manifest) {
    ScenePlan plan = scene.plan();
    ProductPaths paths = ProductPaths.of(settings.productFolder(), plan);
    Map<String, Path> maps = writeMaps(paths, scene, manifest);
    SceneAvailable announced = plan.scene();
    Footprint footprint = Footprints.footprintWgs84(announced.getGrid(), announced.getWindow());
    ProductItem.write(paths.item(), ProductItem.json(scene, manifest.name(), footprint, maps));
    Map<String, String> hrefs = new LinkedHashMap<>();
    maps.forEach((name, file) -> hrefs.put(name, file.toString()));
    return new Written(hrefs, paths.item().toString());
  }

  private Map<String, Path> writeMaps(
      ProductPaths paths, FoldedScene scene, BundleManifest manifest) {
    SceneAvailable announced = scene.plan().scene();
    Map<String, Path> maps = new LinkedHashMap<>();
    for (Map.Entry<String, Layer> layer : layers(scene, manifest).entrySet()) {
      Path file = paths.map(layer.getKey());
      CogWriter.write(
          file,
          announced.getGrid(),
          announced.getWindow(),
          layer.getValue().layout(),
          layer.getValue().mosaic());
      maps.put(layer.getKey(), file);
    }
    return maps;
  }

  private record Layer(CogLayout layout, ChunkMosaic mosaic) {}

  private Map<String, Layer> layers(FoldedScene scene, BundleManifest manifest) {
    Map<String, Layer> layers = new LinkedHashMap<>();
    if (settings.products().contains(DetectionSettings.Product.LAND_COVER)) {
      layers.put("land-cover", new Layer(landCover(manifest), ChunkMosaic.landCover(store, scene)));
    }
    if (settings.products().contains(DetectionSettings.Product.PROBABILITIES)) {
      int classes = manifest.classes().size();
      layers.put(
          "land-cover-probabilities",
          new Layer(probabilities(manifest), ChunkMosaic.probabilities(store, scene, classes)));
    }
    for (int i = 0; i < manifest.scores().size(); i++) {
      String name = manifest.scores().get(i).name();
      if (settings.products().contains(DetectionSettings.Product.SCORE)) {
        layers.put(name + "-score", new Layer(score(), ChunkMosaic.score(store, scene, i)));
      }
      if (settings.products().contains(DetectionSettings.Product.STATUS)) {
        layers.put(name + "-status", new Layer(status(), ChunkMosaic.status(store, scene, i)));
      }
      if (settings.products().contains(DetectionSettings.Product.DAYS)) {
        layers.put(name + "-days", new Layer(days(), ChunkMosaic.days(store, scene, i)));
      }
    }
    return layers;
  }

  private static CogLayout landCover(BundleManifest manifest) {
    int[][] colours = new int[manifest.classes().size() + 1][];
    colours[0] = new int[] {0, 0, 0, 0};
    Map<String, String> names = new LinkedHashMap<>();
    for (BundleManifest.LandCoverClass type : manifest.classes()) {
      colours[type.value()] = rgb(type.colour());
      names.put("class_" + type.value(), type.name());
    }
    return CogLayout.of(RasterType.UINT8, "land-cover")
        .withNodata(ChunkClasses.UNKNOWN)
        .withTags(names)
        .withColours(colours)
        .withOverviews(Overviews.MODE);
  }

  private static CogLayout probabilities(BundleManifest manifest) {
    String[] names =
        manifest.classes().stream().map(BundleManifest.LandCoverClass::name).toArray(String[]::new);
    return CogLayout.of(RasterType.UINT8, names)
        .withNodata(ChunkClasses.NO_PROBABILITY & 0xFF)
        .withScale(1.0 / ChunkClasses.PROBABILITY_STEPS, 0)
        .withOverviews(Overviews.AVERAGE);
  }

  private static CogLayout score() {
    return CogLayout.of(RasterType.UINT16, "score")
        .withNodata(NO_SCORE)
        .withScale(SCORE_STEP, 0)
        .withOverviews(Overviews.AVERAGE);
  }

  /** Users of OPERA DIST-ALERT know these colours. */
  private static CogLayout status() {
    int[] byCode = {
      0x121212, 0x005555, 0x897F4E, 0xDEE043, 0x008888, 0xE48727, 0xE01B07, 0x777777, 0xDDDDDD
    };
    int[][] colours = new int[NO_STATUS + 1][];
    for (int code = 0; code <= NO_STATUS; code++) {
      colours[code] = code < byCode.length ? rgb(byCode[code]) : new int[] {0, 0, 0, 0};
    }
    return CogLayout.of(RasterType.UINT8, "status").withNodata(NO_STATUS).withColours(colours);
  }

  private static CogLayout days() {
    return CogLayout.of(RasterType.INT16, "first-day", "confirmed-day").withNodata(-1);
  }

  private static int[] rgb(int colour) {
    return new int[] {colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF, 255};
  }
}
