package io.landshift.training.samples;

import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.ingest.raster.Extent;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.KnownBands;
import io.landshift.ingest.scenes.LocalGrid;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.Sidecar;
import io.landshift.ingest.scenes.SidecarScenes;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * The looks of one place over years, without labels, read as serving reads scenes: one sample.
 * Ground of the demo is held out whatever the set is called.
 */
public final class SeriesSet implements SampleSet<Sample.Unlabelled> {
  private final Source source;
  private final Grid grid;
  private final List<SceneAvailable> scenes;
  private final List<BandRequest> bands;

  private SeriesSet(
      String name,
      Licence licence,
      Grid grid,
      List<SceneAvailable> scenes,
      List<BandRequest> bands) {
    double side = grid.getPixelSize();
    Extent ground =
        new Extent(
            grid.getCrs(),
            grid.getOriginX(),
            grid.getOriginY() - side * grid.getHeight(),
            grid.getOriginX() + side * grid.getWidth(),
            grid.getOriginY());
    this.source = new Source(name, name, name, licence, TrainingGuard.holdsOut(ground));
    this.grid = grid;
    this.scenes = scenes;
    this.bands = List.copyOf(bands);
  }

  /**
   * A series that describes itself: a STAC collection, products, or rasters with sidecars, in a
   * folder or zip. Entries that are no scene are left out.
   *
   * @param name of the set
   * @param path as {@link Sources#of(Path)} takes it
   * @param bands what to read, in order
   * @throws io.landshift.schemas.LandshiftException as {@link Sources#of(Path)}, METADATA_INVALID
   *     where no scene is found
   */
  public static SeriesSet of(String name, Licence licence, Path path, List<BandRequest> bands) {
    try (SceneSource found = Sources.of(path)) {
      List<SceneAvailable> scenes = found.scenes(failure -> {});
      if (scenes.isEmpty()) {
        throw SetFiles.invalid("no scene in " + path);
      }
      Grid grid = LocalGrid.ofFirst(scenes);
      return new SeriesSet(name, licence, grid, LocalGrid.onto(grid, scenes), bands);
    }
  }

  /**
   * Sentinel-2 rasters named by their day, {@code 20230511.tif}, whose bands have descriptions.
   *
   * @param folder of the rasters, all of one place
   * @param offset of the reflectance: -0.1 where the offset of baseline 04.00 is still in
   */
  public static SeriesSet ofDated(
      String name, Licence licence, Path folder, double offset, List<BandRequest> bands) {
    List<String> days = SetFiles.names(folder);
    if (days.isEmpty()) {
      throw SetFiles.invalid("no raster in " + folder);
    }
    Grid grid = Grids.gridOf(SetFiles.info(folder.resolve(days.getFirst() + ".tif")));
    List<SceneAvailable> scenes = new ArrayList<>();
    for (String day : days) {
      Sidecar sidecar =
          Sidecar.of(
              KnownBands.SENTINEL_2,
              List.of(),
              1e-4,
              offset,
              0.0,
              LocalDate.parse(day, DateTimeFormatter.BASIC_ISO_DATE)
                  .atStartOfDay(ZoneOffset.UTC)
                  .toInstant());
      Path raster = folder.resolve(day + ".tif");
      scenes.add(SidecarScenes.onGrid(raster, sidecar, day, grid, SetFiles.RULES));
    }
    return new SeriesSet(name, licence, grid, scenes, bands);
  }

  @Override
  public List<Source> sources() {
    return List.of(source);
  }

  /** Where the pixels lie. */
  public Grid grid() {
    return grid;
  }

  /** How many looks there are. */
  public int size() {
    return scenes.size();
  }

  @Override
  public Sample.Unlabelled read(Source wanted) {
    PixelWindow whole = new PixelWindow(0, 0, grid.getWidth(), grid.getHeight());
    List<Look> looks = new ArrayList<>();
    for (SceneAvailable scene : scenes) {
      looks.add(SceneLooks.read(scene, whole, bands, MaskParameters.DEFAULT, SetFiles.RULES));
    }
    return new Sample.Unlabelled(source, looks);
  }
}
