package io.landshift.ingest.scenes;

import io.landshift.ingest.raster.Conversion;
import io.landshift.ingest.raster.DecodeCounter;
import io.landshift.ingest.raster.Extent;
import io.landshift.ingest.raster.GridBand;
import io.landshift.ingest.raster.RasterBand;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Resampling;
import io.landshift.schemas.Backscatter;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.MaskAsset;
import io.landshift.schemas.MaskKind;
import io.landshift.schemas.Modality;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a scene window by window on its grid: reflectances or backscatter of the bands that were
 * asked for, and what is clear.
 *
 * <p>Reflectance = number * scale + offset, rounded half up to whole steps of 1e-4, the resolution
 * of the products themselves; a number that means no data is recognised before scaling and becomes
 * NaN. Radar becomes decibels of gamma0 ({@link Gamma0}); where power of 0 has to be resampled, it
 * is left out. Other modalities are scaled and not rounded. Valid optical reflectances below {@link
 * #LEAST_REFLECTANCE} (dark pixels after the offset is taken off) are raised to it, so that they
 * are neither lost as no data nor turn a ratio's sign. Bands on a coarser or other grid are
 * resampled linearly, masks by nearest neighbour.
 *
 * <p>The quality follows {@link CloudMask}. A pixel where any band that was asked for and is in the
 * scene has no data is {@link Quality#NODATA}. A scene without a mask is clear wherever it has
 * data, but for the haze test. The haze test needs blue, red and a near infrared and is left out
 * without them. Clouds and snow are grown with a halo of classes around the window, so that they
 * are equal for any split into windows; the haze test is per window by definition.
 *
 * <p>Owns the open rasters: close it. Not thread-safe: one thread opens, reads and closes. Windows
 * are best read row of windows by row, left to right, so that each block is decoded once.
 */
public final class SceneReader implements AutoCloseable {
  /** The smallest reflectance of a valid optical pixel: one step of the stored features. */
  public static final float LEAST_REFLECTANCE = 1e-4f;

  /** Reflectances are given in steps of 1e-4, the resolution of the products and of features. */
  private static final int STEPS = 10_000;

  /** The largest number of 16 bits. */
  private static final float SATURATED = 65_535;

  private static final List<BandRequest> HAZE_BANDS =
      List.of(
          new BandRequest("blue", 0.49, false),
          new BandRequest("red", 0.665, false),
          new BandRequest("nir", 0.842, false));

  private final SceneAvailable scene;
  private final MaskParameters parameters;
  private final double pixelMetres;
  private final int halo;
  private final List<@Nullable BandAsset> bands = new ArrayList<>();
  private final List<BandAsset> alongBands = new ArrayList<>();
  private final List<BandAsset> hazeBands = new ArrayList<>();
  private final Map<BandAsset, GridBand> open = new HashMap<>();
  private final List<OpenMask> masks = new ArrayList<>();
  private final Map<GridBand, float[]> scratch = new HashMap<>();

  /** A mask of one or more bands that is open with {@code halo} pixels around the grid. */
  private record OpenMask(MaskKind kind, List<GridBand> bands, int halo) {}

  private SceneReader(SceneAvailable scene, MaskParameters parameters) {
    this.scene = scene;
    this.parameters = parameters;
    this.pixelMetres = GroundScale.metresPerPixel(scene.getGrid());
    this.halo = parameters.halo(pixelMetres);
  }

  /**
   * Opens the rasters of a scene.
   *
   * @param bands what is wanted, in the order of the chunks' planes
   * @param counter counts the blocks that are decoded
   * @throws LandshiftException BAND_MISSING where the scene lacks a required band, else what {@link
   *     GridBand} throws: ASSET_MISSING, ASSET_UNREADABLE, NO_OVERLAP, HREF_REFUSED, ...
   */
  public static SceneReader open(
      SceneAvailable scene,
      List<BandRequest> bands,
      MaskParameters parameters,
      RasterRules rules,
      DecodeCounter counter) {
    return open(scene, bands, List.of(), parameters, rules, counter);
  }

  /**
   * Opens the rasters of a scene, and bands to be read along with its chunks by {@link #readAlong}.
   *
   * @param along bands that are no part of the chunks; all of them are required
   * @throws LandshiftException as the other method
   */
  public static SceneReader open(
      SceneAvailable scene,
      List<BandRequest> bands,
      List<BandRequest> along,
      MaskParameters parameters,
      RasterRules rules,
      DecodeCounter counter) {
    SceneReader reader = new SceneReader(scene, parameters);
    try {
      reader.openBands(bands, rules, counter);
      for (BandRequest request : along) {
        BandAsset band = find(scene, request).orElseThrow();
        reader.alongBands.add(band);
        reader.openBand(band, rules, counter);
      }
      reader.openMasks(rules, counter);
      return reader;
    } catch (RuntimeException e) {
      try (reader) {
        throw e;
      }
    }
  }

  /**
   * Whether the scene has each of the bands that are asked for.
   *
   * @throws LandshiftException BAND_MISSING where it lacks a required one
   */
  public static boolean[] presence(SceneAvailable scene, List<BandRequest> bands) {
    boolean[] present = new boolean[bands.size()];
    for (int i = 0; i < present.length; i++) {
      present[i] = find(scene, bands.get(i)).isPresent();
    }
    return present;
  }

  /**
   * Reads one window.
   *
   * @param window within the scene's grid; what lies outside the scene is {@link Quality#NODATA}
   * @throws LandshiftException ASSET_UNREADABLE where a block cannot be decoded;
   *     RADIOMETRY_CONTRADICTED where radar is not written as the scene states, unless that is
   *     accepted
   */
  public HarmonisedChunk read(PixelWindow window) {
    int pixels = Math.multiplyExact(window.getWidth(), window.getHeight());
    Map<BandAsset, float[]> planes = new HashMap<>();
    for (Map.Entry<BandAsset, GridBand> band : open.entrySet()) {
      // Only planes of bands that were asked for leave this reader.
      float[] plane =
          bands.contains(band.getKey()) ? new float[pixels] : scratch(band.getValue(), pixels);
      readPlane(band.getKey(), band.getValue(), window, plane);
      planes.put(band.getKey(), plane);
    }
    float[][] chunk = new float[bands.size()][];
    byte[] quality = new byte[pixels];
    Arrays.fill(quality, Quality.CLEAR);
    for (int i = 0; i < chunk.length; i++) {
      float[] plane = planes.get(bands.get(i));
      if (plane != null) {
        chunk[i] = plane;
        markNodata(plane, quality);
      }
    }
    applyMasks(window, quality);
    return new HarmonisedChunk(window, chunk, judged(planes, window, quality));
  }

  /** A plane that is used again for the next window of the same size. */
  private float[] scratch(GridBand band, int pixels) {
    float[] plane = scratch.get(band);
    if (plane == null || plane.length != pixels) {
      plane = new float[pixels];
      scratch.put(band, plane);
    }
    return plane;
  }

  /**
   * Reads one window of a band that was opened along with the chunks'. Blocks that the latest chunk
   * has needed are not decoded again, as long as the window does not begin south of the chunk.
   *
   * @param index position among the bands opened along
   * @param window within the scene's grid
   * @return [row][column] as {@link HarmonisedChunk#bands} has it
   * @throws LandshiftException ASSET_UNREADABLE where a block cannot be decoded
   */
  public float[] readAlong(int index, PixelWindow window) {
    BandAsset band = alongBands.get(index);
    int pixels = Math.multiplyExact(window.getWidth(), window.getHeight());
    float[] plane = new float[pixels];
    readPlane(band, Objects.requireNonNull(open.get(band)), window, plane);
    return plane;
  }

  /** How large the grid's pixels are on the ground. */
  public double metresPerPixel() {
    return pixelMetres;
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    List<GridBand> all = new ArrayList<>(open.values());
    masks.forEach(mask -> all.addAll(mask.bands()));
    for (GridBand band : all) {
      try {
        band.close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    open.clear();
    masks.clear();
    scratch.clear();
    if (failure != null) {
      throw failure;
    }
  }

  private void openBands(List<BandRequest> requests, RasterRules rules, DecodeCounter counter) {
    for (BandRequest request : requests) {
      BandAsset band = find(scene, request).orElse(null);
      bands.add(band);
      openBand(band, rules, counter);
    }
    if (!parameters.hazeTest()) {
      return;
    }
    List<Optional<BandAsset>> haze =
        HAZE_BANDS.stream().map(request -> request.find(scene.getBands())).toList();
    if (haze.stream().allMatch(Optional::isPresent)) {
      for (Optional<BandAsset> band : haze) {
        hazeBands.add(band.orElseThrow());
        openBand(band.orElseThrow(), rules, counter);
      }
    }
  }

  private void openBand(@Nullable BandAsset band, RasterRules rules, DecodeCounter counter) {
    if (band != null && !open.containsKey(band)) {
      RasterBand source =
          new RasterBand(band.getHref(), band.getBand(), nodataOf(band), extentOfScene());
      GridBand opened =
          GridBand.open(
              source, scene.getGrid(), Resampling.BILINEAR, conversion(band), rules, counter);
      open.put(band, opened);
      requireOverlap(opened, scene.getWindow(), band.getHref());
    }
  }

  /** The numbers that mean no data: no power of radar is 0, whatever the product states. */
  private static List<Double> nodataOf(BandAsset band) {
    List<Double> nodata = new ArrayList<>();
    if (band.getNodata() != null) {
      nodata.add(band.getNodata());
    }
    if (band.getBackscatter() == Backscatter.POWER && band.getOffset() == 0) {
      nodata.add(0.0);
    }
    return nodata;
  }

  private void openMasks(RasterRules rules, DecodeCounter counter) {
    for (MaskAsset mask : scene.getMasks()) {
      int count = bandsOf(mask.getKind());
      if (count > 0) {
        int grown = mask.getKind() == MaskKind.CLEAR ? 0 : halo;
        // Registered before its bands are opened: close() then finds those of a half open mask.
        OpenMask opened = new OpenMask(mask.getKind(), new ArrayList<>(), grown);
        masks.add(opened);
        for (int i = 0; i < count; i++) {
          RasterBand source =
              new RasterBand(mask.getHref(), mask.getBand() + i, List.of(), extentOfScene());
          GridBand band =
              GridBand.open(
                  source, widened(scene.getGrid(), grown), Resampling.NEAREST, rules, counter);
          opened.bands().add(band);
          requireOverlap(band, widened(scene.getWindow(), grown), mask.getHref());
        }
      }
    }
  }

  /** How many bands of its raster a mask has; 0 where the kind is not understood. */
  private static int bandsOf(MaskKind kind) {
    return switch (kind) {
      case SCENE_CLASSIFICATION, CLEAR, QA60, CLOUD -> 1;
      case CLOUD_CLASSIFICATION -> 3;
      case OTHER -> 0;
    };
  }

  /** A raster elsewhere on the grid is announced for the wrong place; it is not without data. */
  private static void requireOverlap(GridBand band, PixelWindow window, String href) {
    if (!band.overlaps(window)) {
      throw new LandshiftException(
          FailureReason.NO_OVERLAP,
          "The raster does not touch the window "
              + window
              + " that it was announced for: "
              + href
              + ". Announce the window that it covers.");
    }
  }

  /** A window of the grid, with a margin all around, on the grid with that margin. */
  private static PixelWindow widened(PixelWindow window, int margin) {
    return new PixelWindow(
        window.getX(),
        window.getY(),
        window.getWidth() + 2 * margin,
        window.getHeight() + 2 * margin);
  }

  /** The grid with a margin, so that the halo reaches over the grid's own borders. */
  private static Grid widened(Grid grid, int margin) {
    return Grid.newBuilder(grid)
        .setOriginX(grid.getOriginX() - margin * grid.getPixelSize())
        .setOriginY(grid.getOriginY() + margin * grid.getPixelSize())
        .setWidth(grid.getWidth() + 2 * margin)
        .setHeight(grid.getHeight() + 2 * margin)
        .build();
  }

  /** Where a raster lies that has no georeference of its own. */
  private Extent extentOfScene() {
    Grid grid = scene.getGrid();
    PixelWindow window = scene.getWindow();
    double size = grid.getPixelSize();
    double left = grid.getOriginX() + window.getX() * size;
    double top = grid.getOriginY() - window.getY() * size;
    return new Extent(
        grid.getCrs(), left, top - window.getHeight() * size, left + window.getWidth() * size, top);
  }

  private void readPlane(BandAsset band, GridBand source, PixelWindow window, float[] plane) {
    source.read(window, plane);
    if (band.getModality() == Modality.RADAR) {
      toDecibels(plane, band);
    }
  }

  /** What is made of the numbers of a band. */
  private Conversion conversion(BandAsset band) {
    double scale = band.getScale();
    double offset = band.getOffset();
    Conversion scaled =
        band.getModality() == Modality.OPTICAL
            ? (numbers, from, to) -> toReflectance(numbers, from, to, scale * STEPS, offset * STEPS)
            : (numbers, from, to) -> toScale(numbers, from, to, scale, offset);
    if (!scene.getSensor().equals(KnownBands.SENTINEL_2)) {
      return scaled;
    }
    return (numbers, from, to) -> {
      leaveOutSaturated(numbers, from, to);
      scaled.convert(numbers, from, to);
    };
  }

  private void toDecibels(float[] plane, BandAsset band) {
    Backscatter written = band.getBackscatter();
    if (written == null || written == Backscatter.OTHER) {
      throw Fields.invalid(
          "The scene does not say whether "
              + band.getName()
              + " is in decibels or in linear power: announce it again.");
    }
    if (!scene.getAccepted().contains(FailureReason.RADIOMETRY_CONTRADICTED)) {
      Gamma0.contradiction(plane, written)
          .ifPresent(contradiction -> {
            throw new LandshiftException(
                FailureReason.RADIOMETRY_CONTRADICTED,
                band.getName() + " of " + scene.getProductId() + " " + contradiction);
          });
    }
    Gamma0.toDecibels(plane, written);
  }

  /** Sentinel-2 writes the largest number where the detector was blinded: it is no reflectance. */
  private static void leaveOutSaturated(float[] numbers, int from, int to) {
    for (int i = from; i < to; i++) {
      if (numbers[i] == SATURATED) {
        numbers[i] = Float.NaN;
      }
    }
  }

  /** In whole steps first: then no rounding of what lies between decides a tie. */
  private static void toReflectance(
      float[] numbers, int from, int to, double stepsPerNumber, double stepsAdded) {
    for (int i = from; i < to; i++) {
      // NaN stays NaN: Math.max keeps it.
      double steps = Math.max(1, Math.floor(numbers[i] * stepsPerNumber + stepsAdded + 0.5));
      numbers[i] = (float) (steps / STEPS);
    }
  }

  private static void toScale(float[] numbers, int from, int to, double scale, double offset) {
    for (int i = from; i < to; i++) {
      numbers[i] = (float) (numbers[i] * scale + offset);
    }
  }

  private static void markNodata(float[] plane, byte[] quality) {
    for (int i = 0; i < quality.length; i++) {
      if (Float.isNaN(plane[i])) {
        quality[i] = Quality.NODATA;
      }
    }
  }

  private void applyMasks(PixelWindow window, byte[] quality) {
    for (OpenMask mask : masks) {
      PixelWindow wide = widened(window, mask.halo());
      byte[] masked = masked(mask, wide, window);
      for (int i = 0; i < quality.length; i++) {
        // The first mask that speaks against a pixel names why; nodata outranks all.
        if (quality[i] == Quality.CLEAR || masked[i] == Quality.NODATA) {
          quality[i] = masked[i];
        }
      }
    }
  }

  private byte[] masked(OpenMask mask, PixelWindow wide, PixelWindow window) {
    List<float[]> planes = new ArrayList<>();
    for (GridBand band : mask.bands()) {
      float[] numbers = scratch(band, Math.multiplyExact(wide.getWidth(), wide.getHeight()));
      band.read(wide, numbers);
      planes.add(numbers);
    }
    float[] first = planes.getFirst();
    return switch (mask.kind()) {
      case CLEAR -> CloudMask.fromClear(first);
      case CLOUD_CLASSIFICATION ->
          classified(CloudMask.classesOfCloudClassification(planes), wide, window, mask.halo());
      case QA60 -> classified(CloudMask.classesOfQa60(first), wide, window, mask.halo());
      case CLOUD -> classified(CloudMask.classesOfCloud(first), wide, window, mask.halo());
      case SCENE_CLASSIFICATION, OTHER -> classified(first, wide, window, mask.halo());
    };
  }

  private byte[] classified(float[] numbers, PixelWindow wide, PixelWindow window, int margin) {
    return CloudMask.fromSceneClassification(
        numbers,
        wide.getWidth(),
        wide.getHeight(),
        margin,
        margin,
        window.getWidth(),
        window.getHeight(),
        parameters.cloudGrowth(pixelMetres),
        parameters.snowGrowth(pixelMetres));
  }

  private byte[] judged(Map<BandAsset, float[]> planes, PixelWindow window, byte[] quality) {
    byte[] judged = quality;
    if (!hazeBands.isEmpty()) {
      judged =
          CloudMask.withHaze(
              judged,
              plane(planes, 0),
              plane(planes, 1),
              plane(planes, 2),
              window.getWidth(),
              window.getHeight(),
              parameters.hazeGrowth(pixelMetres),
              parameters);
    }
    return CloudMask.withEnoughClear(judged, parameters);
  }

  private float[] plane(Map<BandAsset, float[]> planes, int hazeBand) {
    return Objects.requireNonNull(planes.get(hazeBands.get(hazeBand)));
  }

  private static Optional<BandAsset> find(SceneAvailable scene, BandRequest request) {
    Optional<BandAsset> band = request.find(scene.getBands());
    if (band.isEmpty() && request.required()) {
      String there = String.join(", ", scene.getBands().stream().map(SceneReader::named).toList());
      throw new LandshiftException(
          FailureReason.BAND_MISSING,
          "The scene "
              + scene.getProductId()
              + " has no band "
              + request.commonName()
              + ", which the bundle requires. It has "
              + there
              + ".");
    }
    return band;
  }

  private static String named(BandAsset band) {
    String common = band.getCommonName();
    return common == null ? band.getName() : band.getName() + " (" + common + ")";
  }
}
