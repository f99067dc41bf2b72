package io.landshift.training.samples;

import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.scenes.BandRequest;
import io.landshift.ingest.scenes.KnownBands;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.ingest.scenes.Sidecar;
import io.landshift.ingest.scenes.SidecarScenes;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One cloudless scene of Sentinel-2 as seen above the atmosphere, a raster a band ({@code
 * B02.tif}), without a date: one sample of one look. Dark ground is made dark as at the surface
 * (dark object subtraction, Chavez 1988).
 */
public final class SingleSceneSet implements SampleSet<Sample.Unlabelled> {
  /** What the darkest hundredth reflects. */
  private static final float DARK = 0.015f;

  private static final String FINEST = "B02";

  private final Source source;
  private final Path folder;
  private final List<BandRequest> bands;

  /**
   * @param name of the set
   * @param folder of the rasters
   * @param bands what to read, in order
   */
  public SingleSceneSet(String name, Licence licence, Path folder, List<BandRequest> bands) {
    this.source = new Source(name, name, name, licence, false);
    this.folder = folder;
    this.bands = List.copyOf(bands);
  }

  @Override
  public List<Source> sources() {
    return List.of(source);
  }

  @Override
  public Sample.Unlabelled read(Source wanted) {
    Grid grid = Grids.gridOf(SetFiles.info(raster(FINEST)));
    List<BandAsset> assets = new ArrayList<>();
    SceneAvailable scene = announced(FINEST, grid);
    for (BandRequest band : bands) {
      String name = SetFiles.sentinelBand(band);
      if (name != null) {
        assets.addAll(announced(name, grid).getBands());
      }
    }
    scene = SceneAvailable.newBuilder(scene).setBands(assets).build();
    PixelWindow whole = new PixelWindow(0, 0, grid.getWidth(), grid.getHeight());
    Look look = SceneLooks.read(scene, whole, bands, MaskParameters.DEFAULT, SetFiles.RULES);
    float[] @Nullable [] planes = look.planes().clone();
    for (int band = 0; band < planes.length; band++) {
      float[] plane = planes[band];
      planes[band] = plane == null ? null : withoutHaze(plane);
    }
    Look clear = Look.clear(null, look.unit(), look.bands(), look.width(), look.height(), planes);
    return new Sample.Unlabelled(source, List.of(clear));
  }

  private SceneAvailable announced(String band, Grid grid) {
    Sidecar sidecar =
        Sidecar.of(
            KnownBands.SENTINEL_2,
            List.of(band),
            1e-4,
            0.0,
            0.0,
            // Nobody says when; the look has no time.
            Instant.EPOCH);
    return SidecarScenes.onGrid(raster(band), sidecar, source.name(), grid, SetFiles.RULES);
  }

  private Path raster(String band) {
    return folder.resolve(band + ".tif");
  }

  private static float[] withoutHaze(float[] plane) {
    float[] sorted = plane.clone();
    Arrays.sort(sorted);
    float haze = Math.max(0, sorted[sorted.length / 100] - DARK);
    float[] lowered = new float[plane.length];
    for (int pixel = 0; pixel < plane.length; pixel++) {
      lowered[pixel] = Math.max(SceneReader.LEAST_REFLECTANCE, plane[pixel] - haze);
    }
    return lowered;
  }
}
