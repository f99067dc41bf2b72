package io.landshift.ingest.scenes;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.schemas.Backscatter;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The usable assets of a STAC item: bands by meaning with their radiometry, and masks; immutable.
 *
 * <p>A band that is there twice (COG and JPEG 2000) is taken once, the COG first. Assets on the
 * network are left out by sources that read files; for the others, of an asset's href and its
 * alternates (extension {@code alternate}) the first that is allowed is taken, https before s3.
 *
 * @param bands in the order of the sensor's own names
 * @param sceneClassification the Sen2Cor scene classification, or null
 * @param remote how many assets were left out because they are on the network
 */
record ItemAssets(List<Band> bands, @Nullable Asset sceneClassification, int remote) {
  private static final int MAXIMUM_ASSETS = 500;
  private static final int MAXIMUM_BANDS = 1000;
  private static final int MAXIMUM_ALTERNATES = 8;
  private static final Set<String> NOT_DATA =
      Set.of("thumbnail", "overview", "visual", "metadata", "date", "preview");
  private static final Set<String> NOT_DATA_KEYS =
      Set.of("thumbnail", "overview", "visual", "preview", "rendered_preview", "tilejson");

  /**
   * A file of the item.
   *
   * @param node the asset's JSON
   */
  record Asset(String key, JsonNode node, HrefResolver.Target target) {}

  /**
   * One band of a file.
   *
   * @param index band number in the file, from 1
   * @param nodata null where not stated
   * @param backscatter how a radar band is written; null for others
   */
  record Band(
      Asset asset,
      int index,
      BandMeaning meaning,
      double scale,
      double offset,
      @Nullable Double nodata,
      @Nullable Backscatter backscatter) {}

  /**
   * @throws LandshiftException ASSETS_ABSENT where no band is usable, HREF_REFUSED where an href of
   *     a band leaves the root, METADATA_INVALID, LIMIT_EXCEEDED
   */
  static ItemAssets of(JsonNode item, ProductIdentity identity, HrefResolver hrefs) {
    JsonNode assets = item.path("assets");
    if (!assets.isObject() || assets.isEmpty()) {
      throw new LandshiftException(
          FailureReason.ASSETS_ABSENT,
          "The item names no assets. Announce it again when its rasters are there.");
    }
    if (assets.size() > MAXIMUM_ASSETS) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED,
          "The item has " + assets.size() + " assets; at most " + MAXIMUM_ASSETS + " are read.");
    }
    return new Collector(item, identity, hrefs).collect();
  }

  /** Walks the assets once. */
  private static final class Collector {
    private final JsonNode item;
    private final ProductIdentity identity;
    private final HrefResolver hrefs;
    private final Map<String, Band> bands = new LinkedHashMap<>();
    private @Nullable Asset sceneClassification;
    private final Map<String, LandshiftException> refused = new LinkedHashMap<>();
    private int remote;

    Collector(JsonNode item, ProductIdentity identity, HrefResolver hrefs) {
      this.item = item;
      this.identity = identity;
      this.hrefs = hrefs;
    }

    ItemAssets collect() {
      for (Map.Entry<String, JsonNode> entry : item.path("assets").properties()) {
        take(entry.getKey(), entry.getValue());
      }
      requireWhatWasRefused();
      if (bands.isEmpty()) {
        throw new LandshiftException(FailureReason.ASSETS_ABSENT, whyNoBands());
      }
      List<Band> ordered = new ArrayList<>(bands.values());
      ordered.sort(Comparator.comparing(band -> band.meaning().name()));
      return new ItemAssets(ordered, sceneClassification, remote);
    }

    private String whyNoBands() {
      if (remote > 0) {
        return "All "
            + remote
            + " rasters of the item are on the network. Download them beside"
            + " the item and name them by relative hrefs.";
      }
      return item.path("assets").properties().stream().anyMatch(asset -> isZarr(asset.getValue()))
          ? "The item's bands are Zarr, which is not read. Announce the same product as SAFE or"
              + " as an item of GeoTIFF or JPEG 2000 rasters, or convert its bands"
              + " (gdal_translate -of COG) and name these."
          : "The item names no raster with a known band. Give its assets eo:bands or bands.";
    }

    /** A copy at a place that is not allowed does no harm where the band is there otherwise. */
    private void requireWhatWasRefused() {
      refused.forEach((band, refusal) -> {
        boolean there = band.isEmpty() ? sceneClassification != null : bands.containsKey(band);
        if (!there) {
          throw refusal;
        }
      });
    }

    private void take(String key, JsonNode node) {
      if (!node.isObject() || !isData(key, node)) {
        return;
      }
      boolean mask = isSceneClassification(key);
      List<BandMeaning> meanings = mask ? List.of() : meanings(key, node);
      if (!mask && meanings.isEmpty()) {
        return;
      }
      HrefResolver.Target target;
      try {
        target = target(key, node);
      } catch (LandshiftException e) {
        if (!hrefs.takesRemote() || e.reason() != FailureReason.HREF_REFUSED) {
          throw e;
        }
        names(mask, meanings).forEach(name -> refused.putIfAbsent(name, e));
        return;
      }
      if (target instanceof HrefResolver.Remote && !hrefs.takesRemote()) {
        remote++;
        return;
      }
      Asset asset = new Asset(key, node, target);
      if (mask) {
        if (sceneClassification == null || isCloudOptimised(node)) {
          sceneClassification = asset;
        }
        return;
      }
      for (int i = 0; i < meanings.size(); i++) {
        add(
            new BandReading(identity, item.path("properties"), node, i)
                .band(asset, meanings.get(i)));
      }
    }

    private static List<String> names(boolean mask, List<BandMeaning> meanings) {
      return mask ? List.of("") : meanings.stream().map(BandMeaning::name).toList();
    }

    private HrefResolver.Target target(String key, JsonNode node) {
      String href = Fields.requiredText(node, "href", "the asset " + key);
      if (!hrefs.takesRemote() || !node.path("alternate").isObject()) {
        return hrefs.resolve(href);
      }
      List<String> candidates = new ArrayList<>(List.of(href));
      for (JsonNode alternate : node.path("alternate")) {
        if (candidates.size() <= MAXIMUM_ALTERNATES && alternate.path("href").isTextual()) {
          candidates.add(alternate.path("href").textValue());
        }
      }
      candidates.sort(Comparator.comparing(each -> each.regionMatches(true, 0, "s3:", 0, 3)));
      LandshiftException first = null;
      for (String candidate : candidates) {
        try {
          return hrefs.resolve(candidate);
        } catch (LandshiftException e) {
          first = first == null ? e : first;
        }
      }
      throw Objects.requireNonNull(first);
    }

    private void add(Band band) {
      Band other = bands.get(band.meaning().name());
      if (other == null
          || (isCloudOptimised(band.asset().node()) && !isCloudOptimised(other.asset().node()))) {
        bands.put(band.meaning().name(), band);
      }
    }

    /** What each band of the asset's file sees; empty where the asset has no known band. */
    private List<BandMeaning> meanings(String key, JsonNode node) {
      JsonNode listed = node.has("eo:bands") ? node.path("eo:bands") : node.path("bands");
      if (listed.size() > MAXIMUM_BANDS) {
        throw new LandshiftException(
            FailureReason.LIMIT_EXCEEDED, "The asset " + key + " lists too many bands.");
      }
      List<BandMeaning> meanings = new ArrayList<>();
      for (int i = 0; i < listed.size(); i++) {
        meanings.add(meaning(key + "-" + (i + 1), listed.get(i), node));
      }
      if (meanings.size() == 1 && !isSpectral(meanings.getFirst())) {
        meanings.clear();
      }
      if (meanings.isEmpty() && hasCommonName(node)) {
        meanings.add(meaning(key, node, node));
      }
      if (meanings.isEmpty()) {
        KnownBands.byName(identity.sensor(), key)
            .or(() -> KnownBands.byName(identity.sensor(), polarisation(node)))
            .ifPresent(meanings::add);
      }
      return meanings;
    }

    /** The polarisation of backscatter that is told by no name, or nothing. */
    private static String polarisation(JsonNode node) {
      JsonNode polarisations = node.path("sar:polarizations");
      return polarisations.size() == 1 && node.path("roles").toString().contains("\"data\"")
          ? polarisations.path(0).asText()
          : "";
    }

    private BandMeaning meaning(String otherwise, JsonNode band, JsonNode asset) {
      String common = eitherText(band, "common_name", "eo:common_name");
      Double wavelength = eitherNumber(band, "center_wavelength", "eo:center_wavelength");
      String name = Fields.textOr(band, "name", common == null ? otherwise : common);
      if (common == null && wavelength == null) {
        var known = KnownBands.byName(identity.sensor(), name);
        if (known.isPresent()) {
          return known.get();
        }
        common = Fields.text(asset, "eo:common_name");
      }
      return KnownBands.describe(identity.sensor(), name, common, wavelength);
    }
  }

  private static boolean isSpectral(BandMeaning meaning) {
    return meaning.commonName() != null || meaning.centerWavelength() != null;
  }

  private static boolean hasCommonName(JsonNode node) {
    return node.has("eo:common_name") || node.has("eo:center_wavelength");
  }

  private static @Nullable String eitherText(JsonNode node, String first, String second) {
    String text = Fields.text(node, first);
    return text == null ? Fields.text(node, second) : text;
  }

  private static @Nullable Double eitherNumber(JsonNode node, String first, String second) {
    Double number = Fields.number(node, first);
    return number == null ? Fields.number(node, second) : number;
  }

  private static boolean isData(String key, JsonNode node) {
    if (NOT_DATA_KEYS.contains(key.toLowerCase(Locale.ROOT).replace("-jp2", ""))) {
      return false;
    }
    for (JsonNode role : node.path("roles")) {
      if (NOT_DATA.contains(role.asText())) {
        return false;
      }
    }
    String type = Fields.textOr(node, "type", "image/tiff").toLowerCase(Locale.ROOT);
    return type.startsWith("image/tiff")
        || type.startsWith("image/jp2")
        || type.startsWith("image/vnd.stac.geotiff")
        || type.startsWith("application/geotiff");
  }

  private static boolean isZarr(JsonNode asset) {
    return Fields.textOr(asset, "type", "").contains("zarr")
        || Fields.textOr(asset, "href", "").contains(".zarr");
  }

  private static boolean isCloudOptimised(JsonNode node) {
    return Fields.textOr(node, "type", "").contains("cloud-optimized");
  }

  private static boolean isSceneClassification(String key) {
    String plain = key.toLowerCase(Locale.ROOT).replace("-jp2", "").replaceAll("_[0-9]{2}m$", "");
    return plain.equals("scl") || plain.equals("scene_classification");
  }
}
