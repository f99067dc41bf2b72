package io.landshift.ops.bench;

import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.Extent;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.Jp2Writer;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A series of products of one whole tile, made once from a real scene and kept: SAFE products with
 * JPEG 2000 bands, or their twins, STAC items with the same pixels as COGs.
 *
 * <p>Pixels are those of one real date, mirrored to the size of a tile. Earlier dates are that date
 * with other radiometric offsets, so that no two looks are equal; on the last dates, patches of
 * known place have the spectrum of bare soil. Every pixel has noise of its own, another one before
 * and after. Clouds are discs in the scene classification. Dates of the same numbers share their
 * files.
 */
public final class BenchSeries {
  /**
   * When the scenes of a series were sensed.
   *
   * @param name of its folder
   * @param changedFrom the first of the dates on which the planted changes show
   * @param paced whether a scene comes only when the one before it is done, as in real life
   */
  public record Dates(String name, List<LocalDate> days, LocalDate changedFrom, boolean paced) {
    /** Four scenes of one season: three looks, and the scene that is compared with them. */
    public static final Dates FOUR =
        new Dates(
            "four",
            List.of(
                LocalDate.of(2018, 7, 2),
                LocalDate.of(2019, 7, 17),
                LocalDate.of(2020, 7, 7),
                LocalDate.of(2021, 7, 4)),
            LocalDate.of(2021, 1, 1),
            false);

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
      return new Dates("year", days, LocalDate.of(2021, 7, 1), true);
    }

    public Dates {
      days = List.copyOf(days);
    }
  }

  /** How products are stored. */
  public enum Format {
    /** STAC items over cloud-optimised GeoTIFFs. */
    COG("tif"),
    /** SAFE products over JPEG 2000. */
    SAFE("jp2");

    private final String suffix;

    Format(String suffix) {
      this.suffix = suffix;
    }
  }

  private final BenchGround ground;
  private final Path folder;
  private final Format format;
  private final Grid grid;
  private final Dates dates;

  private BenchSeries(BenchGround ground, Path folder, Format format, Grid grid, Dates dates) {
    this.ground = ground;
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
   * @return the folder of the products, a source of scenes
   * @throws LandshiftException STORAGE_UNAVAILABLE where it cannot be written
   */
  public static Path make(Path source, Path folder, Format format, int pixels, Dates dates) {
    Path whole = folder.resolve(dates.name() + "-" + pixels + "-" + format.suffix);
    if (Files.exists(whole.resolve(PlantedTruth.FILE))) {
      return whole;
    }
    double size = pixels * 10.0;
    Grid tile =
        Grids.cellsOf(
                new Extent("EPSG:32618", 399960, 4200000 - size, 399960 + size, 4200000),
                10,
                BenchScene.TILE)
            .getFirst()
            .grid();
    Grid grid = Grid.newBuilder(tile).setWidth(pixels).setHeight(pixels).build();
    try {
      new BenchSeries(new BenchGround(source, pixels), whole, format, grid, dates).write();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return whole;
  }

  private void write() throws IOException {
    writeRasters();
    List<BenchScene> scenes = new ArrayList<>();
    for (int date = 0; date < dates.days().size(); date++) {
      LocalDate day = dates.days().get(date);
      scenes.add(new BenchScene(date, day, !day.isBefore(dates.changedFrom())));
    }
    switch (format) {
      case COG -> StacTwin.write(folder, scenes, this::bandFile, this::classesFile);
      case SAFE -> SafeTwin.write(folder, grid, scenes, this::bandFile, this::classesFile);
    }
    // Last: whoever sees it finds everything whole.
    new PlantedTruth(dates.changedFrom().toString(), ground.patches()).write(folder);
  }

  /** Writes the rasters, one thread each: encoding JPEG 2000 takes half a minute per band. */
  private void writeRasters() {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      List<Future<?>> written = new ArrayList<>();
      for (BenchBand band : BenchBand.ALL) {
        for (boolean changed : new boolean[] {false, true}) {
          written.add(
              threads.submit(() ->
                  write(
                      bandFile(band, changed),
                      band.metres(),
                      RasterType.UINT16,
                      ground.numbers(band, changed))));
        }
      }
      for (int date = 0; date < dates.days().size(); date++) {
        int each = date;
        LocalDate day = dates.days().get(date);
        written.add(
            threads.submit(
                () -> write(classesFile(day), 20, RasterType.UINT8, ground.classes(each))));
      }
      for (Future<?> each : written) {
        each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LandshiftException(FailureReason.INTERNAL, "interrupted while making products", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof LandshiftException known
          ? known
          : new LandshiftException(FailureReason.INTERNAL, "a product cannot be made", e);
    }
  }

  private Path bandFile(BenchBand band, boolean changed) {
    return folder.resolve(band.name() + (changed ? "-changed." : ".") + format.suffix);
  }

  private Path classesFile(LocalDate day) {
    return folder.resolve("SCL-" + day + "." + format.suffix);
  }

  private void write(Path file, int metres, RasterType type, RowSource rows) {
    if (Files.exists(file)) {
      return;
    }
    int side = grid.getWidth() * 10 / metres;
    Grid own = Grid.newBuilder(grid).setPixelSize(metres).setWidth(side).setHeight(side).build();
    Path unfinished = file.resolveSibling("unfinished-" + file.getFileName());
    switch (format) {
      case COG ->
          CogWriter.write(
              unfinished,
              own,
              new PixelWindow(0, 0, side, side),
              CogLayout.of(type, "numbers").withNodata(0),
              rows);
      case SAFE -> Jp2Writer.write(unfinished, own, type, rows);
    }
    try {
      Files.move(unfinished, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
