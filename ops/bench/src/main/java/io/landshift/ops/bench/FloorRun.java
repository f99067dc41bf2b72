package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.Overviews;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ingest.raster.RowSource;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.model.inference.RuntimeOptions;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.MaskAsset;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The floor under one scene: the same reading with GDAL alone, the same graphs alone, the same maps
 * written with GDAL alone, one after the other on one thread. The main class of a process of its
 * own.
 */
final class FloorRun {
  private static final ObjectMapper JSON = new ObjectMapper();

  private FloorRun() {}

  /**
   * Measures, and writes what it found.
   *
   * @param arguments file for the result, folder of the products, folder with the maps that the
   *     pipeline wrote of them
   */
  public static void main(String[] arguments) throws IOException {
    SceneAvailable scene = lastScene(Path.of(arguments[1]));
    Path maps = Path.of(arguments[2]);
    ObjectNode result = JSON.createObjectNode();
    result.put("read", cpuSeconds(() -> read(scene)));
    graphs(scene, result.putObject("graphs"));
    List<Path> files = ProductMaps.ofLastScene(maps);
    ObjectNode writes = result.putObject("write");
    for (Path file : files) {
      writes.put(
          file.getFileName().toString(), write(file, Path.of(arguments[0]).resolveSibling("")));
    }
    double sum = result.path("read").asDouble();
    for (String part : List.of("graphs", "write")) {
      for (var each : result.path(part)) {
        sum += each.asDouble();
      }
    }
    result.put("cpuSeconds", sum);
    result.put("squareKilometres", squareKilometres(scene));
    JSON.writeValue(Path.of(arguments[0]).toFile(), result);
    System.exit(0);
  }

  private static double squareKilometres(SceneAvailable scene) {
    double side = scene.getGrid().getPixelSize() / 1000;
    return (double) scene.getWindow().getWidth() * scene.getWindow().getHeight() * side * side;
  }

  private static double cpuSeconds(Runnable work) {
    double before = ProcessFigures.now().cpuSeconds();
    work.run();
    return ProcessFigures.now().cpuSeconds() - before;
  }

  private static void read(SceneAvailable scene) {
    for (BandAsset band : scene.getBands()) {
      Rasters.decodeAll(band.getHref(), band.getBand(), RasterRules.anywhere());
    }
    for (MaskAsset mask : scene.getMasks()) {
      Rasters.decodeAll(mask.getHref(), mask.getBand(), RasterRules.anywhere());
    }
  }

  private static void graphs(SceneAvailable scene, ObjectNode seconds) {
    long pixels = (long) scene.getWindow().getWidth() * scene.getWindow().getHeight();
    try (ModelSession session =
        ModelRuntime.open(Bundles.spectralBaseline(), RuntimeOptions.cpu())) {
      for (GraphRole role : List.of(GraphRole.ENCODER, GraphRole.SEGMENTATION, GraphRole.CHANGE)) {
        int side =
            role == GraphRole.ENCODER
                ? session.manifest().window().size()
                : session.manifest().window().headSize();
        int windows = Math.toIntExact(Math.ceilDiv(pixels, (long) side * side));
        session.runAlone(role, Math.min(windows, 64));
        seconds.put(role.key(), cpuSeconds(() -> session.runAlone(role, windows)));
      }
    }
  }

  /** Writes a map anew from memory. */
  private static double write(Path file, Path folder) {
    var info = Rasters.inspect(file.toString(), RasterRules.anywhere());
    float[] numbers = Rasters.readAll(file.toString(), 1, RasterRules.anywhere());
    RasterType type = info.bands().getFirst().type();
    boolean average = file.getFileName().toString().endsWith("score.tif");
    CogLayout layout =
        CogLayout.of(type, "numbers")
            .withOverviews(average ? Overviews.AVERAGE : Overviews.NEAREST)
            .withNodata(type == RasterType.UINT8 ? 255 : 65535);
    RowSource rows = rows(type, numbers, info.width());
    var grid =
        io.landshift.schemas.Grid.newBuilder()
            .setCode("FLOOR")
            .setCrs(info.crs())
            .setOriginX(info.geoTransform().x())
            .setOriginY(info.geoTransform().y())
            .setPixelSize(info.geoTransform().xPerColumn())
            .setWidth(info.width())
            .setHeight(info.height())
            .build();
    var window = new io.landshift.schemas.PixelWindow(0, 0, info.width(), info.height());
    return cpuSeconds(
        () -> CogWriter.write(folder.resolve("floor.tif"), grid, window, layout, rows));
  }

  private static RowSource rows(RasterType type, float[] numbers, int width) {
    if (type == RasterType.UINT8) {
      byte[] bytes = new byte[numbers.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (Float.isNaN(numbers[i]) ? 255 : (int) numbers[i]);
      }
      return RowSource.ofBytes(width, bytes);
    }
    short[] shorts = new short[numbers.length];
    for (int i = 0; i < shorts.length; i++) {
      shorts[i] = (short) (Float.isNaN(numbers[i]) ? 65535 : (int) numbers[i]);
    }
    return RowSource.ofShorts(width, shorts);
  }

  private static SceneAvailable lastScene(Path products) {
    try (SceneSource source = Sources.of(products)) {
      return source
          .scenes(failure -> {
            throw new LandshiftException(failure.reason(), failure.toString());
          })
          .getLast();
    }
  }
}
