package io.landshift.ingest.scenes;

import io.landshift.ingest.raster.CellWindow;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.MaskAsset;
import io.landshift.schemas.MaskKind;
import io.landshift.schemas.SceneAvailable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Sentinel-2 SAFE product (L1C or L2A, of any baseline) becomes scenes: one for each granule.
 *
 * <p>Everything is taken from the metadata of product and granule: GDAL 3.6 hides the offsets, and
 * names and dates say nothing of them. A product is read only where it is whole: every band that it
 * lists must be there and open. Reflectance = number / quantification + offset / quantification;
 * the bands are the JPEG 2000 files themselves, each in its finest resolution.
 *
 * <p>Pure apart from reading the product's files; thread-safe.
 */
public final class SafeScenes {
  private static final int MAXIMUM_METADATA_BYTES = 32 << 20;
  private static final int MAXIMUM_GRANULES = 200;
  private static final Pattern METADATA =
      Pattern.compile(
          "(?i)(?:.*/)?(?:MTD_MSIL(?:1C|2A)\\.xml|S2[A-Z]_(?:OPER|USER)_MTD_SAFL(?:1C|2A)[^/]*\\.xml)");
  private static final Pattern BAND = Pattern.compile(".*_(B(?:0[1-9]|1[0-2]|8A))(?:_([126]0)m)?");
  private static final Set<String> KNOWN_PLATFORMS =
      Set.of("sentinel-2a", "sentinel-2b", "sentinel-2c", "sentinel-2d");
  private static final Logger log = LoggerFactory.getLogger(SafeScenes.class);

  private final ProductFiles files;
  private final String root;
  private final RasterRules rules;

  private SafeScenes(ProductFiles files, String root, RasterRules rules) {
    this.files = files;
    this.root = root;
    this.rules = rules;
  }

  /** Whether a file, by its name, is the metadata of a SAFE product. */
  public static boolean isProductMetadata(String path) {
    return METADATA.matcher(path).matches() && !path.contains("/GRANULE/");
  }

  /**
   * The scenes of a product.
   *
   * @param metadata path of the product's metadata; the product is the folder that it lies in
   * @param rules what rasters may be opened
   * @return scenes in the order of their grid codes, not yet announced ({@code announcedAt} is the
   *     epoch)
   * @throws LandshiftException METADATA_INVALID, SCENE_INCOMPLETE, ASSET_UNREADABLE, HREF_REFUSED
   *     or LIMIT_EXCEEDED
   */
  public static List<SceneAvailable> read(ProductFiles files, String metadata, RasterRules rules) {
    int folder = metadata.lastIndexOf('/');
    String root = folder < 0 ? "" : metadata.substring(0, folder + 1);
    return new SafeScenes(files, root, rules).read(metadata);
  }

  private List<SceneAvailable> read(String metadata) {
    SafeProduct product = SafeProduct.of(xml(metadata));
    if (product.granules().size() > MAXIMUM_GRANULES) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED,
          metadata + " lists more than " + MAXIMUM_GRANULES + " granules.");
    }
    if (!KNOWN_PLATFORMS.contains(product.platform())) {
      log.warn(
          "{} is a spacecraft that this version does not know: read all the same",
          product.platform());
    }
    List<SceneAvailable> scenes = new ArrayList<>();
    for (SafeProduct.Granule granule : merged(product.granules())) {
      scenes.addAll(scenes(product, granule, metadata));
    }
    scenes.sort(Comparator.comparing(scene -> scene.getGrid().getCode()));
    return scenes;
  }

  /** Old products list a granule once for each resolution. */
  private static List<SafeProduct.Granule> merged(List<SafeProduct.Granule> granules) {
    Map<String, SafeProduct.Granule> byId = new LinkedHashMap<>();
    for (SafeProduct.Granule granule : granules) {
      byId.merge(
          granule.id(),
          granule,
          (a, b) -> {
            List<String> images = new ArrayList<>(a.images());
            images.addAll(b.images());
            return new SafeProduct.Granule(a.id(), images);
          });
    }
    return List.copyOf(byId.values());
  }

  private List<SceneAvailable> scenes(
      SafeProduct product, SafeProduct.Granule granule, String metadata) {
    String folder = folderOf(granule);
    List<String> inFolder = files.list().stream().filter(path -> path.startsWith(folder)).toList();
    SafeTile tile = SafeTile.of(xml(granuleMetadata(folder, inFolder)));
    List<BandAsset> bands = bands(product, granule, folder);
    SceneAvailable.Builder scene =
        SceneAvailable.newBuilder()
            .setSensor(KnownBands.SENTINEL_2)
            .setPlatform(product.platform())
            .setProductId(productId(product, tile))
            .setGeneration(product.generation().toEpochMilli())
            .setSensingTime(product.datatakeStart())
            .setProcessingBaseline(product.baseline())
            .setProcessingLevel(product.level())
            .setDatatakeId(product.datatakeId())
            .setRelativeOrbit(product.relativeOrbit())
            .setOrbitDirection(product.orbitDirection())
            .setBands(bands)
            .setMasks(masks(inFolder))
            .setSource(files.location())
            .setItemHref(files.href(metadata))
            .setAnnouncedAt(Instant.EPOCH);
    List<SceneAvailable> scenes = new ArrayList<>();
    for (CellWindow cell : Grids.cellsOf(tile.extent(), 10, tile.tile())) {
      scenes.add(
          SceneAvailable.newBuilder(scene).setGrid(cell.grid()).setWindow(cell.window()).build());
    }
    return scenes;
  }

  private static String productId(SafeProduct product, SafeTile tile) {
    String letter = product.platform().substring("sentinel-2".length()).toUpperCase(Locale.ROOT);
    return ProductIdentity.sentinel2(
        "S2" + letter + "_MSI" + product.level(),
        product.datatakeStart(),
        product.relativeOrbit(),
        tile.tile(),
        tile.datastripStart());
  }

  /** Where a granule's files are: its images say it, or its id where these are bare names. */
  private String folderOf(SafeProduct.Granule granule) {
    for (String image : granule.images()) {
      Matcher place = Pattern.compile("(GRANULE/[^/]+/).*").matcher(image);
      if (place.matches()) {
        return path(place.group(1));
      }
    }
    return path("GRANULE/" + granule.id() + "/");
  }

  /** A path of the metadata below the product's folder. */
  private String path(String relative) {
    for (String part : relative.split("/", -1)) {
      if (part.equals("..") || part.equals(".")) {
        throw new LandshiftException(
            FailureReason.HREF_REFUSED,
            "The metadata names \"" + relative + "\", which leaves the product.");
      }
    }
    if (relative.startsWith("/") || relative.contains("\\") || relative.indexOf('\0') >= 0) {
      throw new LandshiftException(
          FailureReason.HREF_REFUSED,
          "The metadata names \"" + relative + "\", which is no path in the product.");
    }
    return root + relative;
  }

  private static String granuleMetadata(String folder, List<String> inFolder) {
    return inFolder.stream()
        .filter(path -> path.indexOf('/', folder.length()) < 0)
        .filter(path -> path.endsWith("MTD_TL.xml") || path.matches(".*_MTD_L(1C|2A)_.*\\.xml"))
        .findFirst()
        .orElseThrow(
            () -> incomplete("the granule metadata (MTD_TL.xml) in " + folder + " is not"));
  }

  private List<BandAsset> bands(SafeProduct product, SafeProduct.Granule granule, String folder) {
    List<BandAsset> bands = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    finest(granule)
        .forEach((name, image) -> {
          String file = (image.contains("/") ? path(image) : folder + "IMG_DATA/" + image) + ".jp2";
          if (files.size(file).orElse(0) == 0) {
            missing.add(name);
          } else {
            bands.add(band(product, name, file));
          }
        });
    if (!missing.isEmpty()) {
      missing.sort(Comparator.naturalOrder());
      throw incomplete("the files of the bands " + String.join(", ", missing) + " are not");
    }
    if (bands.isEmpty()) {
      throw incomplete("a band that its metadata lists is not");
    }
    bands.sort(Comparator.comparing(BandAsset::getName));
    return bands;
  }

  /** The image of each band in its finest resolution, by the band's name. */
  private static Map<String, String> finest(SafeProduct.Granule granule) {
    Map<String, String> images = new HashMap<>();
    Map<String, Integer> metres = new HashMap<>();
    for (String image : granule.images()) {
      Matcher band = BAND.matcher(image);
      if (band.matches()) {
        int size = band.group(2) == null ? 10 : Integer.parseInt(band.group(2));
        if (size < metres.getOrDefault(band.group(1), Integer.MAX_VALUE)) {
          metres.put(band.group(1), size);
          images.put(band.group(1), image);
        }
      }
    }
    return images;
  }

  private BandAsset band(SafeProduct product, String name, String file) {
    String href = files.href(file);
    // Opens it: a file that is there and no raster must not be announced.
    Rasters.inspect(href, rules);
    BandMeaning meaning =
        KnownBands.byName(KnownBands.SENTINEL_2, name)
            .orElseThrow(() -> Fields.invalid("There is no band " + name + " of Sentinel-2."));
    return StacItems.band(
        meaning,
        href,
        1,
        1 / product.quantification(),
        product.offsets().getOrDefault(name, 0.0) / product.quantification(),
        product.nodata(),
        null);
  }

  /** The best mask that the product has. */
  private List<MaskAsset> masks(List<String> inFolder) {
    return mask(inFolder, ".*_SCL(?:_L2A_[^/]*)?_20m\\.jp2", MaskKind.SCENE_CLASSIFICATION)
        .or(() -> mask(inFolder, ".*_SCL_[^/]*20m\\.jp2", MaskKind.SCENE_CLASSIFICATION))
        .or(() -> mask(inFolder, ".*/MSK_CLASSI_B00\\.jp2", MaskKind.CLOUD_CLASSIFICATION))
        .or(() -> mask(inFolder, ".*/QA60\\.(?:jp2|tif)", MaskKind.QA60))
        .or(() -> mask(inFolder, ".*/CLM\\.(?:jp2|tif)", MaskKind.CLOUD))
        .map(List::of)
        .orElse(List.of());
  }

  private Optional<MaskAsset> mask(List<String> inFolder, String name, MaskKind kind) {
    @Nullable String file =
        inFolder.stream()
            .filter(path -> path.matches(name) && files.size(path).orElse(0) > 0)
            .findFirst()
            .orElse(null);
    if (file == null) {
      return Optional.empty();
    }
    String href = files.href(file);
    Rasters.inspect(href, rules);
    return Optional.of(new MaskAsset(kind, href, 1));
  }

  private SafeXml xml(String path) {
    return SafeXml.parse(files.read(path, MAXIMUM_METADATA_BYTES), path);
  }

  private static LandshiftException incomplete(String what) {
    return new LandshiftException(
        FailureReason.SCENE_INCOMPLETE,
        "The product is not whole: " + what + " there. Get it again, or wait until it is written.");
  }
}
