package io.landshift.detection;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.ingest.raster.Footprint;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The STAC item of a scene's products: STAC 1.1.0 with the projection and processing extensions.
 */
final class ProductItem {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern MGRS_PIXEL_SIZE = Pattern.compile("-[0-9.]+m$");
  private static final String EXTENSIONS = "https://stac-extensions.github.io/";

  private ProductItem() {}

  /**
   * The item as JSON text. Equal products give equal text: it carries no time of writing.
   *
   * @param footprint of the scene's window
   * @param maps file by name of the map, in the item's folder
   */
  static byte[] json(
      FoldedScene folded, String modelName, Footprint footprint, Map<String, Path> maps) {
    ScenePlan plan = folded.plan();
    SceneAvailable scene = plan.scene();
    try {
      ObjectNode item = JSON.createObjectNode();
      item.put("type", "Feature").put("stac_version", "1.1.0");
      item.putArray("stac_extensions")
          .add(EXTENSIONS + "projection/v2.0.0/schema.json")
          .add(EXTENSIONS + "processing/v1.2.0/schema.json");
      item.put("id", scene.getProductId() + "-" + plan.modelDigest().substring(0, 12));
      item.set("geometry", JSON.readTree(footprint.geometry()));
      ArrayNode box = item.putArray("bbox");
      for (double edge : footprint.bbox()) {
        box.add(edge);
      }
      item.set("properties", properties(folded, modelName));
      item.set("links", links(scene));
      item.set("assets", assets(maps));
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(item);
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.INTERNAL, "the item of " + scene.getProductId() + " cannot be written", e);
    }
  }

  private static ObjectNode properties(FoldedScene folded, String modelName) {
    ScenePlan plan = folded.plan();
    SceneAvailable scene = plan.scene();
    Grid grid = scene.getGrid();
    PixelWindow window = scene.getWindow();
    ObjectNode properties = JSON.createObjectNode();
    properties.put("datetime", scene.getSensingTime().toString());
    if (scene.getPlatform() != null) {
      properties.put("platform", scene.getPlatform());
    }
    properties.putArray("instruments").add(scene.getSensor());
    if (grid.getCode().startsWith("MGRS-")) {
      // The extension knows the tile only; another pixel size than 10 m stands behind it.
      properties.put("grid:code", MGRS_PIXEL_SIZE.matcher(grid.getCode()).replaceFirst(""));
    }
    if (grid.getCrs().startsWith("EPSG:")) {
      properties.put("proj:code", grid.getCrs());
    }
    properties.putArray("proj:shape").add(window.getHeight()).add(window.getWidth());
    properties
        .putArray("proj:transform")
        .add(grid.getPixelSize())
        .add(0)
        .add(grid.getOriginX() + window.getX() * grid.getPixelSize())
        .add(0)
        .add(-grid.getPixelSize())
        .add(grid.getOriginY() - window.getY() * grid.getPixelSize());
    properties.put("processing:level", "L3");
    properties.put(
        "processing:lineage",
        "compared with earlier looks of the season, folded into the disturbance lifecycle");
    properties.put("landshift:generation", scene.getGeneration());
    properties.put("landshift:model", modelName);
    properties.put("landshift:model_digest", plan.modelDigest());
    Double east = SceneFindings.shiftEast(folded);
    Double south = SceneFindings.shiftSouth(folded);
    if (east != null && south != null) {
      properties.put("landshift:shift_east", east).put("landshift:shift_south", south);
    }
    return properties;
  }

  private static ArrayNode links(SceneAvailable scene) {
    ArrayNode links = JSON.createArrayNode();
    if (scene.getItemHref() != null) {
      links.addObject().put("rel", "derived_from").put("href", scene.getItemHref());
    }
    return links;
  }

  private static ObjectNode assets(Map<String, Path> maps) {
    ObjectNode assets = JSON.createObjectNode();
    maps.forEach((name, file) -> {
      ObjectNode asset = assets.putObject(name);
      asset.put("href", "./" + file.getFileName());
      asset.put("type", "image/tiff; application=geotiff; profile=cloud-optimized");
      asset.putArray("roles").add("data");
    });
    return assets;
  }

  /** Writes a file whole or not at all. */
  static void write(Path file, byte[] content) {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      deleteAfter(temporary, e);
      boolean full = String.valueOf(e.getMessage()).contains("No space left");
      throw new LandshiftException(
          full ? FailureReason.STORAGE_FULL : FailureReason.STORAGE_UNAVAILABLE,
          file + " cannot be written: " + e.getMessage() + "; free space or rights, then replay",
          e);
    }
  }

  private static void deleteAfter(Path temporary, IOException failure) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
