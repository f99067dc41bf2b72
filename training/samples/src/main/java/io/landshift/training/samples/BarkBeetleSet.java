package io.landshift.training.samples;

import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.KnownBands;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.Sidecar;
import io.landshift.ingest.scenes.SidecarScenes;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Pairs of Sentinel-2 composites of September 2019 and 2020 over Czech forest with masks of
 * bark-beetle damage ({@code 2019-09/ID.tif}, {@code 2020-09/ID.tif}, {@code mask/ID.tif}). Labels
 * are noisy: damage is visible outside of them, too. No licence: experiments only.
 *
 * <p>Rasters that overlap or nearly touch are one place: {@link Places}.
 */
public final class BarkBeetleSet implements SampleSet<Sample.Changed> {
  /** The set's name. */
  public static final String NAME = "bark_beetle_train";

  private static final List<String> CLASSES = List.of("sound", "damaged");
  private static final List<String> BANDS =
      List.of("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12");
  private static final double SCALE = 1e-4;
  private static final Instant BEFORE = Instant.parse("2019-09-15T00:00:00Z");
  private static final Instant AFTER = Instant.parse("2020-09-15T00:00:00Z");

  private final Path folder;
  private final List<BandRequest> bands;
  private final List<Source> sources;

  /**
   * @param folder of the set
   * @param bands what to read, in order
   */
  public BarkBeetleSet(Path folder, List<BandRequest> bands) {
    this.folder = folder;
    this.bands = List.copyOf(bands);
    Map<String, RasterInfo> rasters = new TreeMap<>();
    for (String name : SetFiles.names(folder.resolve("mask"))) {
      rasters.put(name, SetFiles.info(raster("mask", name)));
    }
    Map<String, String> places = Places.of(rasters);
    this.sources =
        rasters.keySet().stream()
            .map(name ->
                new Source(
                    NAME, name, places.getOrDefault(name, name), Licence.EXPERIMENT_ONLY, false))
            .toList();
  }

  @Override
  public List<Source> sources() {
    return sources;
  }

  @Override
  public Sample.Changed read(Source source) {
    Path mask = raster("mask", source.name());
    Grid grid = Grids.gridOf(SetFiles.info(mask));
    return new Sample.Changed(
        source,
        look(raster("2019-09", source.name()), BEFORE, grid),
        look(raster("2020-09", source.name()), AFTER, grid),
        SetFiles.labels(SetFiles.band(mask, 1), CLASSES, true, 0, 1));
  }

  /** Read as {@code detect --pairs} reads it. */
  private Look look(Path raster, Instant time, Grid grid) {
    Sidecar sidecar = Sidecar.of(KnownBands.SENTINEL_2, BANDS, SCALE, 0, 0.0, time);
    SceneAvailable scene = SidecarScenes.onGrid(raster, sidecar, "look", grid, SetFiles.RULES);
    PixelWindow window = scene.getWindow();
    return SceneLooks.read(scene, window, bands, MaskParameters.DEFAULT, SetFiles.RULES);
  }

  private Path raster(String part, String name) {
    return folder.resolve(part).resolve(name + ".tif");
  }
}
