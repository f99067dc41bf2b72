package io.landshift.ingest.scenes;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.ingest.raster.Extent;
import io.landshift.ingest.raster.GeoTransform;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Where the rasters of an item lie: that of its finest band, in whose pixels the scene is
 * processed.
 *
 * <p>What the raster itself states wins: items are known to state another pixel size than their
 * rasters have. Where the raster has no georeference (a bare JPEG 2000 codestream), its own size is
 * laid over the box that the item states. A raster on the network is not opened for this where the
 * item states all: one request for each item of a catalogue would be as many as it has items.
 */
final class ItemPlacement {
  private final JsonNode properties;
  private final RasterRules rules;
  private final boolean remote;

  /**
   * @param remote whether the rasters are on the network
   */
  ItemPlacement(JsonNode item, RasterRules rules, boolean remote) {
    this.properties = item.path("properties");
    this.rules = rules;
    this.remote = remote;
  }

  /**
   * A raster and where it lies.
   *
   * @param own whether the raster says so itself, or is expected to
   */
  record Placement(RasterInfo raster, boolean own) {}

  /**
   * The raster that gives the scene its grid.
   *
   * @param hrefs of the bands, in their order
   */
  Placement of(List<ItemAssets.Band> bands, List<String> hrefs) {
    int finest = 0;
    double finestPixel = Double.POSITIVE_INFINITY;
    for (int i = 0; i < bands.size(); i++) {
      double pixel = statedPixel(bands.get(i)).orElse(Double.POSITIVE_INFINITY);
      if (pixel < finestPixel) {
        finest = i;
        finestPixel = pixel;
      }
    }
    if (finestPixel < Double.POSITIVE_INFINITY) {
      return placed(bands.get(finest), hrefs.get(finest));
    }
    Placement best = placed(bands.getFirst(), hrefs.getFirst());
    for (int i = 1; i < bands.size(); i++) {
      Placement other = placed(bands.get(i), hrefs.get(i));
      if (Grids.pixelSize(other.raster()) < Grids.pixelSize(best.raster())) {
        best = other;
      }
    }
    return best;
  }

  private Placement placed(ItemAssets.Band band, String href) {
    Extent expected = remote ? statedExtent(band.asset().node()) : null;
    if (expected != null) {
      return new Placement(stated(expected, first(band.asset().node(), "proj:shape")), true);
    }
    RasterInfo info = Rasters.inspect(href, rules);
    if (!info.crs().isEmpty()) {
      return new Placement(info, true);
    }
    Extent stated = statedExtent(band.asset().node());
    if (stated == null) {
      throw Fields.invalid(
          "Neither the raster "
              + href
              + " nor the item says where it lies: add a georeference, or"
              + " proj:code, proj:shape and proj:transform.");
    }
    GeoTransform transform = filling(stated, info.width(), info.height());
    return new Placement(
        new RasterInfo(stated.crs(), transform, info.width(), info.height(), info.bands()), false);
  }

  private RasterInfo stated(Extent extent, JsonNode shape) {
    double height = shape.get(0).doubleValue();
    double width = shape.get(1).doubleValue();
    if (width * height > rules.maxPixels()) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED,
          "proj:shape states more than " + rules.maxPixels() + " pixels.");
    }
    return new RasterInfo(
        extent.crs(),
        filling(extent, (int) width, (int) height),
        (int) width,
        (int) height,
        List.of());
  }

  private static GeoTransform filling(Extent extent, int width, int height) {
    return new GeoTransform(
        extent.minX(),
        (extent.maxX() - extent.minX()) / width,
        0,
        extent.maxY(),
        0,
        (extent.minY() - extent.maxY()) / height);
  }

  private OptionalDouble statedPixel(ItemAssets.Band band) {
    JsonNode asset = band.asset().node();
    JsonNode transform = first(asset, "proj:transform");
    if (transform.size() >= 6 && transform.get(0).isNumber()) {
      return OptionalDouble.of(Math.abs(transform.get(0).doubleValue()));
    }
    JsonNode resolution =
        asset.path("raster:bands").path(band.index() - 1).path("spatial_resolution");
    for (JsonNode number :
        List.of(resolution, asset.path("raster:spatial_resolution"), asset.path("gsd"))) {
      if (number.isNumber()) {
        return OptionalDouble.of(number.doubleValue());
      }
    }
    return OptionalDouble.empty();
  }

  private @Nullable Extent statedExtent(JsonNode asset) {
    Optional<String> crs = statedCrs(asset);
    JsonNode shape = first(asset, "proj:shape");
    JsonNode transform = first(asset, "proj:transform");
    if (crs.isEmpty() || shape.size() != 2 || transform.size() < 6) {
      return null;
    }
    double[] t = new double[6];
    for (int i = 0; i < 6; i++) {
      t[i] = transform.get(i).asDouble(Double.NaN);
    }
    double height = shape.get(0).asDouble();
    double width = shape.get(1).asDouble();
    boolean northUp = t[0] > 0 && t[1] == 0 && t[3] == 0 && t[4] < 0;
    if (!northUp || !(width > 0) || !(height > 0)) {
      throw Fields.invalid("proj:transform and proj:shape do not describe a north-up raster.");
    }
    return new Extent(crs.get(), t[2], t[5] + height * t[4], t[2] + width * t[0], t[5]);
  }

  private Optional<String> statedCrs(JsonNode asset) {
    JsonNode code = first(asset, "proj:code");
    if (code.isTextual()) {
      return Optional.of(code.textValue());
    }
    JsonNode epsg = first(asset, "proj:epsg");
    if (epsg.isInt()) {
      return Optional.of("EPSG:" + epsg.intValue());
    }
    JsonNode wkt = first(asset, "proj:wkt2");
    return wkt.isTextual() ? Optional.of(wkt.textValue()) : Optional.empty();
  }

  /** The field of the asset, or of the item where the asset does not have it. */
  private JsonNode first(JsonNode asset, String field) {
    return asset.hasNonNull(field) ? asset.path(field) : properties.path(field);
  }
}
