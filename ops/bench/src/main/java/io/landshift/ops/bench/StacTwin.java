package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The made scenes as a STAC collection. */
final class StacTwin {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MEDIA_TYPE =
      "image/tiff; application=geotiff; profile=cloud-optimized";

  private StacTwin() {}

  /** Writes the items beside their rasters, and the collection. */
  static void write(
      Path folder,
      List<BenchScene> scenes,
      BenchScene.BandFiles bands,
      BenchScene.ClassesFiles classes)
      throws IOException {
    ObjectNode collection = JSON.createObjectNode();
    collection.put("type", "Collection").put("stac_version", "1.0.0").put("id", "bench");
    var links = collection.putArray("links");
    for (BenchScene scene : scenes) {
      String name = scene.product() + ".json";
      JSON.writeValue(folder.resolve(name).toFile(), item(scene, bands, classes));
      links.addObject().put("rel", "item").put("href", "./" + name);
    }
    JSON.writeValue(folder.resolve("collection.json").toFile(), collection);
  }

  private static ObjectNode item(
      BenchScene scene, BenchScene.BandFiles bands, BenchScene.ClassesFiles classes) {
    ObjectNode item = JSON.createObjectNode();
    item.put("type", "Feature").put("stac_version", "1.0.0").put("id", scene.product());
    item.putNull("geometry");
    item.putObject("properties")
        .put("datetime", scene.day() + "T15:59:11Z")
        .put("platform", "sentinel-2a")
        .put("constellation", "sentinel-2")
        .put("s2:mgrs_tile", BenchScene.TILE)
        .put("s2:processing_baseline", "02.14")
        .put("processing:level", "L2A");
    item.putArray("links");
    ObjectNode assets = item.putObject("assets");
    for (BenchBand band : BenchBand.ALL) {
      ObjectNode asset = asset(assets, band.name(), bands.of(band, scene.changed()));
      asset.putArray("eo:bands").addObject().put("name", band.name());
      asset
          .putArray("raster:bands")
          .addObject()
          .put("nodata", 0)
          .put("scale", 1e-4)
          .put("offset", scene.addedNumber(band) / 1e4);
    }
    asset(assets, "scl", classes.of(scene.day()));
    return item;
  }

  private static ObjectNode asset(ObjectNode assets, String key, Path file) {
    return assets.putObject(key).put("href", "./" + file.getFileName()).put("type", MEDIA_TYPE);
  }
}
