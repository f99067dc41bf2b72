package io.landshift.ops.local;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.Grid;
import io.landshift.schemas.MaskAsset;
import io.landshift.schemas.MaskKind;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Scenes with the texture of a real Sentinel-2 scene (bench/virginia_s2_l1c, CC0), mirrored to the
 * size that is asked for.
 *
 * <p>All dates share one set of rasters, so that many dates cost few pixels: a date has its own
 * radiometry (gain and offset of every band), its own window, may lie under a cloud, and may be
 * after the disturbance, whose patches cross the borders of chunks.
 */
final class VirginiaScenes {
  private static final List<Source> BANDS =
      List.of(
          new Source("B02", "blue", 0.49, 1),
          new Source("B03", "green", 0.56, 1),
          new Source("B04", "red", 0.665, 1),
          new Source("B08", "nir", 0.842, 1),
          new Source("B11", "swir16", 1.61, 2),
          new Source("B12", "swir22", 2.19, 2));

  /** Rectangles of disturbed ground: x, y, width, height in pixels from the centre. */
  private static final int[][] PATCHES = {
    {-21, -17, 40, 30}, {60, 90, 12, 25}, {-150, 33, 20, 20}, {-90, -180, 55, 9}, {130, -60, 7, 7}
  };

  /** Column and row of the real scene that come to lie in the centre: there it is wooded. */
  private static final int FOREST = 450;

  private final Path folder;
  private final Grid grid;
  private final PixelWindow extent;

  private record Source(String name, String commonName, double wavelength, int factor) {
    /** In the visible blue and green, bare ground is nearly as vegetation. */
    boolean isDisturbed() {
      return !commonName.equals("blue") && !commonName.equals("green");
    }
  }

  private VirginiaScenes(Path folder, Grid grid, PixelWindow extent) {
    this.folder = folder;
    this.grid = grid;
    this.extent = extent;
  }

  /** What is special about a date. */
  record Day(double gain, double offset, boolean disturbed, boolean cloudy) {
    /** A clear day before the disturbance. */
    static Day clear(double gain, double offset) {
      return new Day(gain, offset, false, false);
    }

    Day afterDisturbance() {
      return new Day(gain, offset, true, cloudy);
    }

    Day underCloud() {
      return new Day(gain, offset, disturbed, true);
    }
  }

  /**
   * Makes the rasters; skips the test where the shared data are absent.
   *
   * @param extent of the rasters; the disturbance is around its centre
   */
  static VirginiaScenes make(Path folder, PixelWindow extent) {
    Path data = data();
    Grid grid =
        new Grid(
            "EPSG32618-10m-C0003R0042", "EPSG:32618", 307_200.0, 4_403_200.0, 10.0, 10_240, 10_240);
    VirginiaScenes scenes = new VirginiaScenes(folder, grid, extent);
    for (Source band : BANDS) {
      short[] pixels = scenes.mirrored(data.resolve(band.name() + ".tif"), band.factor());
      scenes.write(band.name(), pixels);
      if (band.isDisturbed()) {
        scenes.disturb(band, pixels);
        scenes.write(band.name() + "-after", pixels);
      }
    }
    scenes.writeMask();
    return scenes;
  }

  /** The folder of the real scene; skips the test where it is absent. */
  static Path data() {
    String root = System.getProperty("landshift.data", "");
    Assumptions.assumeFalse(
        root.isEmpty() || root.startsWith("${"), "no shared data: set -Dlandshift.data=FOLDER");
    Path folder = Path.of(root, "bench/virginia_s2_l1c");
    Assumptions.assumeTrue(Files.isDirectory(folder), folder + " is not there");
    return folder;
  }

  /** The numbers over the extent, less those of dark ground as a crude correction of the air. */
  private short[] mirrored(Path file, int factor) {
    RasterInfo info = Rasters.inspect(file.toString(), RasterRules.anywhere());
    float[] source = Rasters.readAll(file.toString(), 1, RasterRules.anywhere());
    float[] sorted = source.clone();
    Arrays.sort(sorted);
    int dark = (int) sorted[sorted.length / 100] - 100;
    int left = FOREST - extent.getWidth() / 2;
    int top = FOREST - extent.getHeight() / 2;
    short[] pixels = new short[extent.getWidth() * extent.getHeight()];
    for (int y = 0; y < extent.getHeight(); y++) {
      int row = mirror(Math.floorDiv(top + y, factor), info.height()) * info.width();
      for (int x = 0; x < extent.getWidth(); x++) {
        int column = mirror(Math.floorDiv(left + x, factor), info.width());
        int number = (int) source[row + column] - dark;
        pixels[y * extent.getWidth() + x] = (short) Math.max(1, number);
      }
    }
    return pixels;
  }

  private static int mirror(int index, int length) {
    int within = Math.floorMod(index, 2 * length);
    return within < length ? within : 2 * length - 1 - within;
  }

  /** Vegetation becomes bare ground. */
  private void disturb(Source band, short[] pixels) {
    for (int[] patch : PATCHES) {
      for (int y = 0; y < patch[3]; y++) {
        for (int x = 0; x < patch[2]; x++) {
          int column = extent.getWidth() / 2 + patch[0] + x;
          int row = extent.getHeight() / 2 + patch[1] + y;
          int at = row * extent.getWidth() + column;
          pixels[at] = (short) disturbed(band.commonName(), pixels[at]);
        }
      }
    }
  }

  private static int disturbed(String band, int number) {
    return switch (band) {
      case "red" -> number + 900;
      case "nir" -> number / 2;
      case "swir16" -> number + 800;
      case "swir22" -> number + 1200;
      default -> throw new IllegalArgumentException(band);
    };
  }

  /** A cloud over the upper left of the centre, as a clear mask. */
  private void writeMask() {
    byte[] clear = new byte[extent.getWidth() * extent.getHeight()];
    Arrays.fill(clear, (byte) 1);
    int centreX = extent.getWidth() / 2 - 60;
    int centreY = extent.getHeight() / 2 - 40;
    for (int y = 0; y < extent.getHeight(); y++) {
      for (int x = 0; x < extent.getWidth(); x++) {
        if (Math.hypot(x - centreX, y - centreY) < 150) {
          clear[y * extent.getWidth() + x] = 0;
        }
      }
    }
    CogWriter.write(
        folder.resolve("clear.tif"),
        grid,
        extent,
        CogLayout.of(RasterType.UINT8, "clear"),
        RowSource.ofBytes(extent.getWidth(), clear));
  }

  private void write(String name, short[] pixels) {
    CogWriter.write(
        folder.resolve(name + ".tif"),
        grid,
        extent,
        CogLayout.of(RasterType.UINT16, name).withNodata(0),
        RowSource.ofShorts(extent.getWidth(), pixels));
  }

  /** The grid of the scenes. */
  Grid grid() {
    return grid;
  }

  /** The pixels that the rasters cover. */
  PixelWindow extent() {
    return extent;
  }

  /** A square window around the centre of the extent. */
  PixelWindow centre(int side) {
    return new PixelWindow(
        extent.getX() + (extent.getWidth() - side) / 2,
        extent.getY() + (extent.getHeight() - side) / 2,
        side,
        side);
  }

  /** The scenes on a grid whose origin is the rasters' own, so that chunks begin where they do. */
  VirginiaScenes aligned() {
    Grid shifted =
        new Grid(
            "EPSG32618-10m-aligned",
            grid.getCrs(),
            grid.getOriginX() + extent.getX() * grid.getPixelSize(),
            grid.getOriginY() - extent.getY() * grid.getPixelSize(),
            grid.getPixelSize(),
            extent.getWidth(),
            extent.getHeight());
    return new VirginiaScenes(
        folder, shifted, new PixelWindow(0, 0, extent.getWidth(), extent.getHeight()));
  }

  /**
   * Announces a scene.
   *
   * @param window what it covers
   */
  SceneAvailable scene(LocalDate date, PixelWindow window, Day day) {
    List<BandAsset> bands = new ArrayList<>();
    for (Source band : BANDS) {
      String after = day.disturbed() && band.isDisturbed() ? "-after" : "";
      bands.add(
          BandAsset.newBuilder()
              .setName(band.name())
              .setCommonName(band.commonName())
              .setCenterWavelength(band.wavelength())
              .setHref(folder.resolve(band.name() + after + ".tif").toString())
              .setScale(1e-4 * day.gain())
              .setOffset(day.offset())
              .setNodata(0.0)
              .build());
    }
    Instant sensed = date.atTime(LocalTime.of(15, 50)).toInstant(ZoneOffset.UTC);
    return SceneAvailable.newBuilder()
        .setGrid(grid)
        .setWindow(window)
        .setSensor("sentinel-2-msi")
        .setPlatform("sentinel-2a")
        .setProductId("S2A_" + date.toString().replace("-", ""))
        .setSensingTime(sensed)
        .setBands(bands)
        .setMasks(day.cloudy() ? List.of(cloud()) : List.of())
        .setSource(folder.toString())
        .setItemHref(folder.resolve("S2A_" + date + ".json").toString())
        .setAnnouncedAt(sensed.plusSeconds(3600))
        .build();
  }

  /**
   * Ten dates of three summers: five of reference, then the disturbance, two clear looks at it, one
   * under a cloud, and two more. All cover the centre, but for one that covers the whole extent.
   *
   * @param side of the centre, pixels
   */
  List<SceneAvailable> series(int side) {
    PixelWindow centre = centre(side);
    return List.of(
        scene(LocalDate.of(2019, 6, 25), centre, Day.clear(1.00, 0.000)),
        scene(LocalDate.of(2019, 7, 10), centre, Day.clear(1.01, 0.001)),
        scene(LocalDate.of(2019, 8, 5), centre, Day.clear(0.99, 0.002)),
        scene(LocalDate.of(2020, 7, 1), centre, Day.clear(1.02, 0.000)),
        scene(LocalDate.of(2020, 7, 20), centre, Day.clear(1.00, 0.003)),
        scene(LocalDate.of(2021, 7, 2), centre, Day.clear(0.98, 0.002).afterDisturbance()),
        scene(LocalDate.of(2021, 7, 12), extent, Day.clear(1.01, 0.001).afterDisturbance()),
        scene(
            LocalDate.of(2021, 7, 17), centre, Day.clear(1.03, 0).afterDisturbance().underCloud()),
        scene(LocalDate.of(2021, 7, 22), centre, Day.clear(0.99, 0.000).afterDisturbance()),
        scene(LocalDate.of(2021, 8, 1), centre, Day.clear(1.00, 0.002).afterDisturbance()));
  }

  private MaskAsset cloud() {
    return MaskAsset.newBuilder()
        .setKind(MaskKind.CLEAR)
        .setHref(folder.resolve("clear.tif").toString())
        .build();
  }
}
