package io.landshift.ops.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.Extent;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.Jp2Writer;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * A series of products of one whole tile, made once from a real scene and kept: STAC items over COG
 * or JPEG 2000 bands.
 *
 * <p>Pixels are those of one real date, mirrored to the size of a tile. Earlier dates are that date
 * with other radiometric offsets, so that no two looks are equal; on the last date, patches of
 * known place have the spectrum of bare soil and every pixel has noise of its own. Clouds are discs
 * in the scene classification.
 */
public final class BenchSeries {
  /** What bands the model takes, with their pixel size in metres and the number of bare soil. */
  private static final List<Band> BANDS =
      List.of(
          new Band("B02", 10, 900),
          new Band("B03", 10, 1100),
          new Band("B04", 10, 1500),
          new Band("B08", 10, 2300),
          new Band("B8A", 20, 2500),
          new Band("B11", 20, 3200),
          new Band("B12", 20, 2700));

  /**
   * When the scenes of a series were sensed.
   *
   * @param name of its folder
   * @param changedFrom the first of the dates on which the planted changes show
   */
  public record Dates(String name, List<LocalDate> days, LocalDate changedFrom) {
    /** Four scenes of one season: three looks, and the scene that is compared with them. */
    public static final Dates FOUR =
        new Dates(
            "four",
            List.of(
                LocalDate.of(2018, 7, 2),
                LocalDate.of(2019, 7, 17),
                LocalDate.of(2020, 7, 7),
                LocalDate.of(2021, 7, 4)),
            LocalDate.of(2021, 1, 1));

    /** A look every twenty days for three years, then 73 scenes in one: one every five days. */
    public static Dates year() {
      List<LocalDate> days = new ArrayList<>();
      LocalDate first = LocalDate.of(2021, 1, 1);
      for (LocalDate day = LocalDate.of(2018, 1, 3); day.isBefore(first); day = day.plusDays(20)) {
        days.add(day);
      }
      for (int i = 0; i < 73; i++) {
        days.add(first.plusDays(5L * i));
      }
      return new Dates("year", days, LocalDate.of(2021, 7, 1));
    }

    public Dates {
      days = List.copyOf(days);
    }
  }

  /** Patches are squares on a lattice, one in each cell of this many pixels. */
  private static final int PATCH_CELL = 610;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** How bands are stored. */
  public enum Format {
    COG("tif", "image/tiff; application=geotiff; profile=cloud-optimized"),
    JP2("jp2", "image/jp2");

    private final String suffix;
    private final String mediaType;

    Format(String suffix, String mediaType) {
      this.suffix = suffix;
      this.mediaType = mediaType;
    }
  }

  private record Band(String name, int metres, int soil) {}

  private final Path source;
  private final Path folder;
  private final Format format;
  private final Grid grid;
  private final Dates dates;

  private BenchSeries(Path source, Path folder, Format format, Grid grid, Dates dates) {
    this.source = source;
    this.folder = folder;
    this.format = format;
    this.grid = grid;
    this.dates = dates;
  }

  /**
   * Makes the series where it is not there yet.
   *
   * @param source folder of the real scene's bands
   * @param folder where the series is kept; each size and format has its own folder in it
   * @param pixels side of the tile in pixels of 10 m, a multiple of 6, at most 10980
   * @param dates when the scenes were sensed
   * @return the folder of the STAC items
   */
  public static Path make(Path source, Path folder, Format format, int pixels, Dates dates) {
    Path whole = folder.resolve(dates.name() + "-" + pixels + "-" + format.suffix);
    if (Files.exists(whole.resolve("collection.json"))) {
      return whole;
    }
    double size = pixels * 10.0;
    Grid tile =
        Grids.cellsOf(
                new Extent("EPSG:32618", 399960, 4200000 - size, 399960 + size, 4200000),
                10,
                "18SVG")
            .getFirst()
            .grid();
    Grid grid = Grid.newBuilder(tile).setWidth(pixels).setHeight(pixels).build();
    try {
      new BenchSeries(source, whole, format, grid, dates).write();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return whole;
  }

  private void write() throws IOException {
    for (Band band : BANDS) {
      Texture texture = Texture.read(source.resolve(band.name() + ".tif"));
      for (boolean changed : new boolean[] {false, true}) {
        Path file = bandFile(band, changed);
        if (!Files.exists(file)) {
          write(file, band.metres(), RasterType.UINT16, shorts(band, texture, changed));
        }
      }
    }
    Texture red = Texture.read(source.resolve("B04.tif"));
    Texture near = Texture.read(source.resolve("B08.tif"));
    for (int date = 0; date < dates.days().size(); date++) {
      Path file = classes(date);
      if (!Files.exists(file)) {
        write(file, 20, RasterType.UINT8, classes(red, near, date));
      }
    }
    ObjectNode collection = JSON.createObjectNode();
    collection.put("type", "Collection").put("stac_version", "1.0.0").put("id", "bench");
    var links = collection.putArray("links");
    for (int date = 0; date < dates.days().size(); date++) {
      String name = item(date).path("id").asText() + ".json";
      JSON.writeValue(folder.resolve(name).toFile(), item(date));
      links.addObject().put("rel", "item").put("href", "./" + name);
    }
    JSON.writeValue(folder.resolve("truth.json").toFile(), truth());
    // Last: whoever sees it finds everything whole.
    JSON.writeValue(folder.resolve("collection.json").toFile(), collection);
  }

  private Path bandFile(Band band, boolean changed) {
    return folder.resolve(band.name() + (changed ? "-changed." : ".") + format.suffix);
  }

  private Path classes(int date) {
    return folder.resolve("SCL-" + dates.days().get(date) + "." + format.suffix);
  }

  private void write(Path file, int metres, RasterType type, RowSource rows) {
    int side = grid.getWidth() * 10 / metres;
    Grid own = Grid.newBuilder(grid).setPixelSize(metres).setWidth(side).setHeight(side).build();
    Path unfinished = file.resolveSibling("unfinished." + format.suffix);
    switch (format) {
      case COG ->
          CogWriter.write(
              unfinished,
              own,
              new PixelWindow(0, 0, side, side),
              CogLayout.of(type, "numbers").withNodata(0),
              rows);
      case JP2 -> Jp2Writer.write(unfinished, own, type, rows);
    }
    try {
      Files.move(unfinished, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RowSource shorts(Band band, Texture texture, boolean changed) {
    int side = grid.getWidth() * 10 / band.metres();
    int scale = band.metres() / 10;
    return (index, top, height, into) -> {
      var numbers = into.asShortBuffer();
      for (int y = top; y < top + height; y++) {
        for (int x = 0; x < side; x++) {
          int number = Math.max(1, texture.at(x, y));
          if (changed) {
            number = isPatch(x * scale, y * scale) ? band.soil() : number;
            number = Math.max(1, number + noise(x, y, band.name().hashCode()));
          }
          numbers.put((short) number);
        }
      }
    };
  }

  /** -15..15, about the sensor's own noise over dark ground; fixed for a place. */
  private static int noise(int x, int y, int seed) {
    int hash = x * 0x9E3779B1 ^ Integer.rotateLeft(y * 0x85EBCA77, 15) ^ seed;
    hash = (hash ^ hash >>> 15) * 0x2C1B3C6D;
    return Math.floorMod(hash ^ hash >>> 13, 31) - 15;
  }

  /** Whether something happened here, pixels of 10 m: squares of 8 to 47 pixels. */
  private static boolean isPatch(int x, int y) {
    int side = side(x / PATCH_CELL, y / PATCH_CELL);
    return x % PATCH_CELL >= 200
        && x % PATCH_CELL < 200 + side
        && y % PATCH_CELL >= 300
        && y % PATCH_CELL < 300 + side;
  }

  private static int side(int column, int row) {
    return 8 + 2 * Math.floorMod(column * 7 + row * 13, 20);
  }

  private ObjectNode truth() {
    ObjectNode truth = JSON.createObjectNode();
    truth.put("changedFrom", dates.changedFrom().toString());
    var patches = truth.putArray("patches");
    int cells = grid.getWidth() / PATCH_CELL;
    for (int row = 0; row < cells; row++) {
      for (int column = 0; column < cells; column++) {
        patches
            .addObject()
            .put("x", column * PATCH_CELL + 200)
            .put("y", row * PATCH_CELL + 300)
            .put("side", side(column, row));
      }
    }
    return truth;
  }

  private RowSource classes(Texture red, Texture near, int date) {
    int side = grid.getWidth() / 2;
    return (index, top, height, into) -> {
      for (int y = top; y < top + height; y++) {
        for (int x = 0; x < side; x++) {
          into.put((byte) sceneClass(red.at(2 * x, 2 * y), near.at(2 * x, 2 * y), x, y, date));
        }
      }
    };
  }

  /** Discs of cloud with their shadows, about an eighth of the tile, elsewhere on each date. */
  private static int sceneClass(int red, int near, int x, int y, int date) {
    int cloud = disc(x + 331 * date, y + 173 * date);
    if (cloud != 0) {
      return cloud;
    }
    if (near < red) {
      return 6;
    }
    return near - red > 0.35 * (near + red) ? 4 : 5;
  }

  private static int disc(int x, int y) {
    int cell = 700;
    int column = x / cell;
    int row = y / cell;
    int radius = 60 + Math.floorMod(column * 31 + row * 17, 7) * 20;
    int dx = x % cell - cell / 2;
    int dy = y % cell - cell / 2;
    if (dx * dx + dy * dy < radius * radius) {
      return 9;
    }
    return (dx + 40) * (dx + 40) + (dy - 40) * (dy - 40) < radius * radius ? 3 : 0;
  }

  private ObjectNode item(int date) {
    LocalDate day = dates.days().get(date);
    boolean changed = !day.isBefore(dates.changedFrom());
    String compact = day.format(DateTimeFormatter.BASIC_ISO_DATE);
    ObjectNode item = JSON.createObjectNode();
    item.put("type", "Feature").put("stac_version", "1.0.0");
    item.put("id", "S2A_MSIL2A_%sT155911_N0214_R097_T18SVG_%sT200000".formatted(compact, compact));
    item.putNull("geometry");
    item.putObject("properties")
        .put("datetime", day + "T15:59:11Z")
        .put("platform", "sentinel-2a")
        .put("constellation", "sentinel-2")
        .put("s2:mgrs_tile", "18SVG")
        .put("s2:processing_baseline", "02.14")
        .put("processing:level", "L2A");
    item.putArray("links");
    ObjectNode assets = item.putObject("assets");
    for (Band band : BANDS) {
      ObjectNode asset = assets.putObject(band.name());
      asset.put("href", "./" + bandFile(band, changed).getFileName());
      asset.put("type", format.mediaType);
      asset.putArray("eo:bands").addObject().put("name", band.name());
      asset
          .putArray("raster:bands")
          .addObject()
          .put("nodata", 0)
          .put("scale", 1e-4)
          .put("offset", (date % 7 - 3) * 0.0007);
    }
    assets
        .putObject("scl")
        .put("href", "./" + classes(date).getFileName())
        .put("type", format.mediaType);
    return item;
  }
}
