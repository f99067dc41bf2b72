package io.landshift.ingest.catalog;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Writes small real scenes: rasters of 64 x 64 pixels and the documents beside them. */
final class SmallScenes {
  private static final int SIDE = 64;

  private SmallScenes() {}

  static void raster(Path file, String... bands) {
    short[] numbers = new short[SIDE * SIDE];
    Arrays.fill(numbers, (short) 1500);
    short[][] planes = new short[bands.length][];
    Arrays.fill(planes, numbers);
    Grid grid = new Grid("TEST", "EPSG:32633", 499_980.0, 5_100_000.0, 10.0, SIDE, SIDE);
    CogWriter.write(
        file,
        grid,
        new PixelWindow(0, 0, SIDE, SIDE),
        CogLayout.of(RasterType.UINT16, bands),
        RowSource.ofShorts(SIDE, planes));
  }

  /** An item with one band; the raster is not written. */
  static String item(String id, String datetime, String href) {
    return String.format(
        Locale.ROOT,
        """
        {"type": "Feature", "stac_version": "1.0.0", "id": "%s",
         "properties": {"datetime": "%s", "constellation": "sentinel-2", "grid:code": "MGRS-33TWL"},
         "assets": {"red": {"href": "%s", "type": "image/tiff",
           "eo:bands": [{"name": "B04", "common_name": "red", "center_wavelength": 0.665}],
           "raster:bands": [{"scale": 0.0001, "offset": 0, "nodata": 0}]}}}
        """,
        id,
        datetime,
        href);
  }

  /** A whole item in its own folder. */
  static void itemWithRaster(Path folder, String id, String datetime) {
    write(folder.resolve(id).resolve(id + ".json"), item(id, datetime, "./B04.tif"));
    raster(folder.resolve(id).resolve("B04.tif"), "B04");
  }

  static void collection(Path file, String... links) {
    StringBuilder json =
        new StringBuilder("{\"type\": \"Collection\", \"stac_version\": \"1.0.0\",");
    json.append(" \"id\": \"c\", \"links\": [");
    for (int i = 0; i < links.length; i++) {
      json.append(i == 0 ? "" : ", ");
      String rel = links[i].endsWith("catalog.json") ? "child" : "item";
      json.append("{\"rel\": \"").append(rel).append("\", \"href\": \"").append(links[i]);
      json.append("\"}");
    }
    write(file, json + "]}");
  }

  static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
