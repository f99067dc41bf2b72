package io.landshift.ingest.scenes;

import io.landshift.ingest.raster.BandInfo;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.schemas.Backscatter;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.MaskAsset;
import io.landshift.schemas.Modality;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A plain raster and its {@link Sidecar} become scenes. Pure functions; thread-safe. */
public final class SidecarScenes {
  private SidecarScenes() {}

  /**
   * The scenes of a raster: one per grid cell that it touches.
   *
   * @param href of the raster
   * @param raster what the raster says of itself
   * @param maskHref turns the file name of a mask into its href
   * @param source the folder
   * @throws LandshiftException METADATA_INVALID where sidecar and raster contradict each other
   */
  public static List<SceneAvailable> onCells(
      Sidecar sidecar,
      String href,
      RasterInfo raster,
      String productId,
      UnaryOperator<String> maskHref,
      String source) {
    return StacItems.onGrid(
        describe(sidecar, href, raster, productId, maskHref, source), raster, null);
  }

  /**
   * The scene of one raster on an explicit grid, whatever grid the raster itself is on: it is
   * warped when it is read. For comparing rasters without a catalogue; masks are not looked for.
   *
   * @param raster a file that GDAL reads
   * @param sidecar what the raster does not say of itself
   * @param productId tells the scene from others of the grid
   * @param grid such as {@link Grids#gridOf} of the first raster; the scene covers all of it
   * @throws LandshiftException METADATA_INVALID where sidecar and raster contradict each other, and
   *     what {@link Rasters#inspect} throws
   */
  public static SceneAvailable onGrid(
      Path raster, Sidecar sidecar, String productId, Grid grid, RasterRules rules) {
    String href = raster.toAbsolutePath().normalize().toString();
    return describe(
            sidecar,
            href,
            Rasters.inspect(href, rules),
            productId,
            mask -> {
              throw Fields.invalid("Masks in other files are not read here: " + mask + ".");
            },
            href)
        .setGrid(grid)
        .setWindow(new PixelWindow(0, 0, grid.getWidth(), grid.getHeight()))
        .build();
  }

  private static SceneAvailable.Builder describe(
      Sidecar sidecar,
      String href,
      RasterInfo raster,
      String productId,
      UnaryOperator<String> maskHref,
      String source) {
    String product = sidecar.product() == null ? productId : sidecar.product();
    SceneAvailable.Builder scene =
        SceneAvailable.newBuilder()
            .setSensor(sidecar.sensor())
            .setProductId(ProductIdentity.safeId(product))
            .setGeneration(sidecar.generation())
            .setSensingTime(sidecar.sensingTime())
            .setBands(bands(sidecar, href, raster))
            .setMasks(masks(sidecar, href, raster, maskHref))
            .setSource(source)
            .setAnnouncedAt(Instant.EPOCH);
    Optionals.set(sidecar.platform(), platform -> scene.setPlatform(Fields.slug(platform)));
    Optionals.set(sidecar.level(), scene::setProcessingLevel);
    Optionals.set(sidecar.orbit().direction(), scene::setOrbitDirection);
    Optionals.set(sidecar.orbit().relative(), scene::setRelativeOrbit);
    Optionals.set(sidecar.orbit().datatake(), scene::setDatatakeId);
    Optionals.set(sidecar.orbit().incidenceAngle(), scene::setIncidenceAngle);
    RadarScenes.require(scene);
    return scene;
  }

  private static List<BandAsset> bands(Sidecar sidecar, String href, RasterInfo raster) {
    List<Sidecar.Band> listed = listedBands(sidecar, href, raster);
    if (listed.size() > raster.bands().size()) {
      throw Fields.invalid(
          "The sidecar names "
              + listed.size()
              + " bands, but "
              + href
              + " has "
              + raster.bands().size()
              + ".");
    }
    List<BandAsset> bands = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < listed.size(); i++) {
      Sidecar.Band band = listed.get(i);
      if (band == null) {
        continue;
      }
      BandMeaning meaning = meaning(sidecar.sensor(), band);
      if (!names.add(meaning.name())) {
        throw Fields.invalid(
            "The sidecar of " + href + " names the band " + meaning.name() + " twice.");
      }
      BandInfo own = raster.bands().get(i);
      bands.add(
          StacItems.band(
              meaning,
              href,
              i + 1,
              first(band.scale(), sidecar.scale(), own.scale()),
              first(band.offset(), sidecar.offset(), own.offset()),
              band.nodata() == null ? sidecar.nodata() : band.nodata(),
              backscatter(sidecar, meaning)));
    }
    if (bands.isEmpty()) {
      throw new LandshiftException(
          FailureReason.ASSETS_ABSENT, "No band of " + href + " is used: name its bands.");
    }
    return bands;
  }

  private static @Nullable Backscatter backscatter(Sidecar sidecar, BandMeaning meaning) {
    if (meaning.modality() != Modality.RADAR) {
      return null;
    }
    if (sidecar.unit() == null) {
      throw Fields.invalid(
          "The sidecar must say how "
              + meaning.name()
              + " is written: \"unit\" \"dB\" or \"power\".");
    }
    return RadarScenes.written(sidecar.unit(), meaning.name());
  }

  /** The bands that the sidecar lists, or else those that the raster describes and we know. */
  private static List<Sidecar.Band> listedBands(Sidecar sidecar, String href, RasterInfo raster) {
    if (!sidecar.bands().isEmpty()) {
      return sidecar.bands();
    }
    List<Sidecar.Band> described = new ArrayList<>();
    boolean any = false;
    for (BandInfo band : raster.bands()) {
      boolean known = KnownBands.byName(sidecar.sensor(), band.description()).isPresent();
      any |= known;
      described.add(
          known ? new Sidecar.Band(band.description(), null, null, null, null, null) : null);
    }
    if (!any) {
      throw Fields.invalid(
          "The "
              + raster.bands().size()
              + " bands of "
              + href
              + " have no known names. Name them in order, as in B02,B03,B04,B08.");
    }
    return described;
  }

  private static double first(@Nullable Double one, @Nullable Double two, double three) {
    if (one != null) {
      return one;
    }
    return two == null ? three : two;
  }

  private static BandMeaning meaning(String sensor, Sidecar.Band band) {
    if (band.commonName() == null && band.wavelength() == null) {
      return KnownBands.byName(sensor, band.name())
          .orElseGet(() -> new BandMeaning(band.name(), null, null, Modality.OPTICAL));
    }
    return KnownBands.describe(sensor, band.name(), band.commonName(), band.wavelength());
  }

  private static List<MaskAsset> masks(
      Sidecar sidecar, String href, RasterInfo raster, UnaryOperator<String> maskHref) {
    List<MaskAsset> masks = new ArrayList<>();
    for (Sidecar.Mask mask : sidecar.masks()) {
      String file = mask.file();
      if (file == null && mask.band() > raster.bands().size()) {
        throw Fields.invalid(
            "The sidecar names band "
                + mask.band()
                + " as a mask, but "
                + href
                + " has "
                + raster.bands().size()
                + " bands.");
      }
      masks.add(
          new MaskAsset(mask.kind(), file == null ? href : maskHref.apply(file), mask.band()));
    }
    return masks;
  }
}
