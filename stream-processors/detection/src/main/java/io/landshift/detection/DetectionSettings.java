package io.landshift.detection;

import io.landshift.change.ActivePixels;
import io.landshift.change.LifecycleParameters;
import io.landshift.change.ReferenceParameters;
import io.landshift.change.TrackerParameters;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.remote.RangeGateway;
import io.landshift.ingest.remote.RemoteSettings;
import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.ModelKey;
import io.landshift.model.inference.RuntimeOptions;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the detection job is told. Immutable; travels to the workers with the job.
 *
 * @param storeFolder where the pixel store is, as seen by every worker
 * @param productsFolder where products are written, as seen by every worker
 * @param modelHref the bundle in service until a release says otherwise: a folder, a zip, or {@link
 *     Models#SPECTRAL_BASELINE}
 * @param modelDigest its digest
 * @param chunkSize side of a chunk, pixels
 * @param workers threads that encode, in each slot
 * @param chunksInFlight chunks that are read ahead, in each slot; bounds memory
 * @param scenesInAssembly scenes whose products are written at once, in each slot
 * @param mask what is clear
 * @param lifecycle how observations become a status; its thresholds are replaced by those that the
 *     bundle states for a score
 * @param tracker how pixels become objects
 * @param rasterRoots folders that rasters must lie in; empty = anywhere on this machine
 * @param runtime how sessions run
 * @param reference replaces the bundle's choice of looks; null = the bundle's own
 * @param suspiciousShare a look whose share of monitored pixels at or above the high threshold
 *     exceeds this is not believed unless the look before it was like that too, 0..1
 * @param registrationLimit a look that lies up to so many pixels from earlier ones is moved back,
 *     one farther off is not believed; 0 = looks are taken where they lie
 * @param correctBands whether what the whole chunk does today is subtracted from the bands
 *     themselves, too, and not only from what is made of them
 * @param objectsFrom which pixels make objects
 * @param products what is written for each scene
 * @param maskModel a second opinion on what is clear; null = the bundle's own mask head, if it has
 *     one
 * @param remote how rasters on the network are read; null = they are refused
 * @param modelKey whose signature every bundle must have but the one that comes with the product;
 *     null = none
 */
public record DetectionSettings(
    String storeFolder,
    String productsFolder,
    String modelHref,
    String modelDigest,
    int chunkSize,
    int workers,
    int chunksInFlight,
    int scenesInAssembly,
    MaskParameters mask,
    LifecycleParameters lifecycle,
    TrackerParameters tracker,
    List<String> rasterRoots,
    RuntimeOptions runtime,
    @Nullable ReferenceParameters reference,
    double suspiciousShare,
    double registrationLimit,
    boolean correctBands,
    ActivePixels.From objectsFrom,
    Set<Product> products,
    @Nullable MaskModel maskModel,
    @Nullable RemoteSettings remote,
    @Nullable ModelKey modelKey)
    implements Serializable {

  /** The maps that can be written for a scene. */
  public enum Product {
    LAND_COVER,
    /** The probability of each land cover class. */
    PROBABILITIES,
    SCORE,
    STATUS,
    /** First day and day of the first confirmation of each pixel. */
    DAYS
  }

  public DetectionSettings {
    products = Set.copyOf(products);
    rasterRoots = List.copyOf(rasterRoots);
    if (chunkSize < 1 || chunkSize % 16 != 0) {
      throw new IllegalArgumentException(
          "the chunk size must be a multiple of 16, not " + chunkSize);
    }
  }

  /**
   * The product's own settings: the spectral baseline, and a lifecycle whose episodes last over 60
   * days without a clear view, because a cloudy month must not end one.
   *
   * @param store folder of the pixel store
   * @param products folder of the products
   */
  public static DetectionSettings standard(Path store, Path products) {
    return new DetectionSettings(
        store.toAbsolutePath().toString(),
        products.toAbsolutePath().toString(),
        Models.SPECTRAL_BASELINE,
        Bundles.spectralBaseline().digest(),
        1024,
        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
        4,
        1,
        MaskParameters.DEFAULT,
        LifecycleParameters.defaults().withGapLimit(60),
        new TrackerParameters(5, 120),
        List.of(),
        RuntimeOptions.cpu(),
        null,
        0.3,
        0,
        true,
        ActivePixels.From.PROVISIONAL,
        Set.of(Product.LAND_COVER, Product.SCORE, Product.STATUS),
        null,
        null,
        null);
  }

  /** These settings with another model. */
  public DetectionSettings withModel(String href, String digest) {
    return with(draft -> {
      draft.modelHref = href;
      draft.modelDigest = digest;
    });
  }

  /** These settings with a second opinion on what is clear. */
  public DetectionSettings withMaskModel(@Nullable MaskModel model) {
    return with(draft -> draft.maskModel = model);
  }

  /** These settings with graphs computed elsewhere. */
  public DetectionSettings withRuntime(RuntimeOptions options) {
    return with(draft -> draft.runtime = options);
  }

  /** These settings with another choice of looks. */
  public DetectionSettings withReference(ReferenceParameters choice) {
    return with(draft -> draft.reference = choice);
  }

  /** These settings with another mask. */
  public DetectionSettings withMask(MaskParameters parameters) {
    return with(draft -> draft.mask = parameters);
  }

  /** These settings with objects made of other pixels. */
  public DetectionSettings withObjectsFrom(ActivePixels.From from) {
    return with(draft -> draft.objectsFrom = from);
  }

  /** These settings with the bands themselves left uncorrected. */
  public DetectionSettings withUncorrectedBands() {
    return with(draft -> draft.correctBands = false);
  }

  /** These settings with other products. */
  public DetectionSettings withProducts(Set<Product> chosen) {
    return with(draft -> draft.products = chosen);
  }

  /** These settings with another size of chunks. */
  public DetectionSettings withChunkSize(int pixels) {
    return with(draft -> draft.chunkSize = pixels);
  }

  /** These settings with another share at which a look is not believed; 1 believes every look. */
  public DetectionSettings withSuspiciousShare(double share) {
    return with(draft -> draft.suspiciousShare = share);
  }

  /** These settings with looks moved back by up to so many pixels; 0 = not at all. */
  public DetectionSettings withRegistrationLimit(double pixels) {
    return with(draft -> draft.registrationLimit = pixels);
  }

  /** These settings with rasters only from below these folders; none = anywhere. */
  public DetectionSettings withRasterRoots(List<Path> roots) {
    return with(draft ->
        draft.rasterRoots = roots.stream().map(root -> root.toAbsolutePath().toString()).toList());
  }

  /** These settings with rasters on the network; null = none. */
  public DetectionSettings withRemote(@Nullable RemoteSettings settings) {
    return with(draft -> draft.remote = settings);
  }

  /** These settings with bundles that this key must have signed; null = none must. */
  public DetectionSettings withModelKey(@Nullable ModelKey key) {
    return with(draft -> draft.modelKey = key);
  }

  private DetectionSettings with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.settings();
  }

  /** Settings in the making. */
  private static final class Draft {
    private String storeFolder;
    private String productsFolder;
    private String modelHref;
    private String modelDigest;
    private int chunkSize;
    private int workers;
    private int chunksInFlight;
    private int scenesInAssembly;
    private MaskParameters mask;
    private LifecycleParameters lifecycle;
    private TrackerParameters tracker;
    private List<String> rasterRoots;
    private RuntimeOptions runtime;
    private @Nullable ReferenceParameters reference;
    private double suspiciousShare;
    private double registrationLimit;
    private boolean correctBands;
    private ActivePixels.From objectsFrom;
    private Set<Product> products;
    private @Nullable MaskModel maskModel;
    private @Nullable RemoteSettings remote;
    private @Nullable ModelKey modelKey;

    Draft(DetectionSettings from) {
      storeFolder = from.storeFolder;
      productsFolder = from.productsFolder;
      modelHref = from.modelHref;
      modelDigest = from.modelDigest;
      chunkSize = from.chunkSize;
      workers = from.workers;
      chunksInFlight = from.chunksInFlight;
      scenesInAssembly = from.scenesInAssembly;
      mask = from.mask;
      lifecycle = from.lifecycle;
      tracker = from.tracker;
      rasterRoots = from.rasterRoots;
      runtime = from.runtime;
      reference = from.reference;
      suspiciousShare = from.suspiciousShare;
      registrationLimit = from.registrationLimit;
      correctBands = from.correctBands;
      objectsFrom = from.objectsFrom;
      products = from.products;
      maskModel = from.maskModel;
      remote = from.remote;
      modelKey = from.modelKey;
    }

    DetectionSettings settings() {
      return new DetectionSettings(
          storeFolder,
          productsFolder,
          modelHref,
          modelDigest,
          chunkSize,
          workers,
          chunksInFlight,
          scenesInAssembly,
          mask,
          lifecycle,
          tracker,
          rasterRoots,
          runtime,
          reference,
          suspiciousShare,
          registrationLimit,
          correctBands,
          objectsFrom,
          products,
          maskModel,
          remote,
          modelKey);
    }
  }

  /** What rasters must meet, without a way to the network. */
  RasterRules rules() {
    return RasterRules.anywhere().withRoots(rasterRoots.stream().map(Path::of).toList());
  }

  /** The rules for the rasters of one scene, with an allowance of bytes of its own. */
  RasterRules rulesOfScene() {
    return remote == null ? rules() : rules().withNetwork(RangeGateway.ofProcess(remote));
  }

  Path store() {
    return Path.of(storeFolder);
  }

  Path productFolder() {
    return Path.of(productsFolder);
  }
}
