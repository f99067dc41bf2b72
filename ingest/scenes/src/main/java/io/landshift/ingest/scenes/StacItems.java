package io.landshift.ingest.scenes;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.ingest.raster.CellWindow;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.schemas.Backscatter;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.MaskAsset;
import io.landshift.schemas.MaskKind;
import io.landshift.schemas.SceneAvailable;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A STAC item becomes scenes: one per grid cell that its rasters touch.
 *
 * <p>Reads STAC 1.0 and 1.1 with the extensions eo, raster, proj, grid, mgrs, sar, sat and view,
 * and the dialects of Earth Search, Planetary Computer and USGS. Pure apart from looking at the
 * rasters' headers; those of rasters on the network are not looked at where the item says where
 * they lie: reading them finds out whether that was true. Thread-safe.
 */
public final class StacItems {
  private StacItems() {}

  /**
   * The scenes of an item.
   *
   * @param item the item's JSON
   * @param hrefs how its hrefs are resolved
   * @param rules what rasters may be opened
   * @param itemHref where the item itself is, for {@code derived_from}; or null
   * @return scenes in the order of their grid codes, not yet announced ({@code announcedAt} is the
   *     epoch)
   * @throws LandshiftException METADATA_INVALID, ASSETS_ABSENT, ASSET_MISSING, ASSET_UNREADABLE,
   *     HREF_REFUSED or LIMIT_EXCEEDED; where a raster on the network has to be looked at, also
   *     SOURCE_UNAVAILABLE and ACCESS_DENIED
   */
  public static List<SceneAvailable> read(
      JsonNode item, HrefResolver hrefs, RasterRules rules, @Nullable String itemHref) {
    requireItem(item);
    ProductIdentity identity = ProductIdentity.of(item);
    if (identity.sensor().equals(KnownBands.SENTINEL_1)) {
      RadarScenes.requireCorrected(item);
    }
    ItemAssets assets = ItemAssets.of(item, identity, hrefs);
    List<String> located = new ArrayList<>();
    for (ItemAssets.Band band : assets.bands()) {
      located.add(locate(band.asset(), hrefs.files()));
    }
    List<MaskAsset> masks = new ArrayList<>();
    ItemAssets.Asset classes = assets.sceneClassification();
    if (classes != null) {
      masks.add(new MaskAsset(MaskKind.SCENE_CLASSIFICATION, locate(classes, hrefs.files()), 1));
    }
    SceneAvailable.Builder scene =
        describe(identity)
            .setBands(bands(assets, located))
            .setMasks(masks)
            .setSource(hrefs.files().location());
    Optionals.set(itemHref, scene::setItemHref);
    RadarScenes.require(scene);
    ItemPlacement.Placement placement =
        new ItemPlacement(item, rules, hrefs.takesRemote()).of(assets.bands(), located);
    List<SceneAvailable> scenes = onGrid(scene, placement.raster(), identity.gridCode());
    if (!placement.own() && scenes.size() > 1) {
      // Such a raster is laid over the scene's window when it is read: it must be the whole of it.
      throw Fields.invalid(
          "The item's rasters have no georeference and lie on several grid cells. Write the"
              + " georeference into the rasters.");
    }
    return scenes;
  }

  private static void requireItem(JsonNode item) {
    if (!"Feature".equals(Fields.text(item, "type")) || !item.path("properties").isObject()) {
      throw Fields.invalid(
          "This is not a STAC item: its type is not Feature, or it has no properties.");
    }
  }

  private static SceneAvailable.Builder describe(ProductIdentity identity) {
    SceneAvailable.Builder scene =
        SceneAvailable.newBuilder()
            .setSensor(identity.sensor())
            .setProductId(identity.productId())
            .setGeneration(identity.generation())
            .setSensingTime(identity.sensingTime())
            .setAnnouncedAt(Instant.EPOCH);
    Optionals.set(identity.platform(), scene::setPlatform);
    Optionals.set(identity.processingBaseline(), scene::setProcessingBaseline);
    Optionals.set(identity.processingLevel(), scene::setProcessingLevel);
    Optionals.set(identity.datatakeId(), scene::setDatatakeId);
    Optionals.set(identity.relativeOrbit(), scene::setRelativeOrbit);
    Optionals.set(identity.orbitDirection(), scene::setOrbitDirection);
    Optionals.set(identity.incidenceAngle(), scene::setIncidenceAngle);
    return scene;
  }

  private static List<BandAsset> bands(ItemAssets assets, List<String> located) {
    List<BandAsset> bands = new ArrayList<>();
    for (int i = 0; i < located.size(); i++) {
      ItemAssets.Band band = assets.bands().get(i);
      bands.add(
          band(
              band.meaning(),
              located.get(i),
              band.index(),
              band.scale(),
              band.offset(),
              band.nodata(),
              band.backscatter()));
    }
    return bands;
  }

  /** A band of a scene, with what is not known left out. */
  static BandAsset band(
      BandMeaning meaning,
      String href,
      int index,
      double scale,
      double offset,
      @Nullable Double nodata,
      @Nullable Backscatter backscatter) {
    BandAsset.Builder band =
        BandAsset.newBuilder()
            .setName(meaning.name())
            .setModality(meaning.modality())
            .setHref(href)
            .setBand(index)
            .setScale(scale)
            .setOffset(offset);
    Optionals.set(meaning.commonName(), band::setCommonName);
    Optionals.set(meaning.centerWavelength(), band::setCenterWavelength);
    Optionals.set(nodata, band::setNodata);
    Optionals.set(backscatter, band::setBackscatter);
    return band.build();
  }

  /** The scene once per grid cell that the raster touches. */
  static List<SceneAvailable> onGrid(
      SceneAvailable.Builder scene, RasterInfo raster, @Nullable String gridCode) {
    List<SceneAvailable> scenes = new ArrayList<>();
    for (CellWindow cell : Grids.cellsOf(raster, gridCode)) {
      scenes.add(
          SceneAvailable.newBuilder(scene).setGrid(cell.grid()).setWindow(cell.window()).build());
    }
    return scenes;
  }

  private static String locate(ItemAssets.Asset asset, ProductFiles files) {
    return switch (asset.target()) {
      case HrefResolver.InRoot inRoot -> files.href(inRoot.path());
      case HrefResolver.OnMachine onMachine -> {
        if (!Files.isRegularFile(onMachine.path())) {
          throw new LandshiftException(
              FailureReason.ASSET_MISSING, "There is no file " + onMachine.path() + ".");
        }
        yield onMachine.path().toString();
      }
      case HrefResolver.Remote remote -> remote.href();
    };
  }
}
