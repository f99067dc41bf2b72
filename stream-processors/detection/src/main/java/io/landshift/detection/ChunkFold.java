package io.landshift.detection;

import io.landshift.change.ActivePixels;
import io.landshift.change.ChunkCorrection;
import io.landshift.change.GroundStep;
import io.landshift.change.Lifecycle;
import io.landshift.change.LifecycleParameters;
import io.landshift.change.LifecycleStatus;
import io.landshift.change.Reference;
import io.landshift.change.ReferenceParameters;
import io.landshift.change.ScoreQuantiser;
import io.landshift.ingest.scenes.Quality;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.ModelSession;
import io.landshift.schemas.Coverage;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.ScoreSummary;
import io.landshift.store.ChunkKey;
import io.landshift.store.LocalPixelStore;
import io.landshift.store.PixelKind;
import io.landshift.store.PixelStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Folds one observation of a chunk: makes its reference from earlier looks, subtracts what the
 * whole chunk does today, scores, and advances the lifecycle.
 *
 * <p>A pure function of stored, immutable inputs into stored, immutable results; {@link #inputs}
 * names all of them, so equal inputs need no second computation. For use by one thread at a time.
 */
final class ChunkFold implements AutoCloseable {
  /** Fewer pixels than this do not say what the whole chunk does. */
  private static final int MINIMUM_VOTERS = 25;

  private final DetectionSettings settings;
  private final PixelStore store;
  private final Models models;
  private final ReferenceBuilder references;
  private final StoredFeatures stored;
  private final SeenOnce seenOnce;
  private final LookBuffers buffers = new LookBuffers();

  ChunkFold(DetectionSettings settings) {
    this.settings = settings;
    this.store = new LocalPixelStore(settings.store());
    this.models = new Models(settings);
    this.stored = new StoredFeatures(store);
    this.seenOnce = new SeenOnce(store);
    this.references = new ReferenceBuilder(store, seenOnce, buffers);
  }

  @Override
  public void close() {
    models.close();
  }

  /** The scores of an observation and what they were made with; no reference where it has none. */
  private record Scored(
      Registration look,
      @Nullable Reference reference,
      boolean[] monitored,
      List<short[]> scores,
      List<String> looks,
      boolean misregistered,
      GroundStep ground,
      List<Observation> used) {}

  /**
   * Digest of everything the result depends on.
   *
   * @param earlier the chunk's earlier observations in sensing order, all folded
   */
  String inputs(Observation observation, List<Observation> earlier) {
    InputDigest digest = new InputDigest();
    digest.add(observation.modelDigest(), observation.features(), observation.quality());
    digest.add(observation.window().toString(), observation.scene().sensingTime().toString());
    digest.add(observation.accepted().toString(), observation.maker());
    StepFindings.witnesses(observation, earlier)
        .forEach(witness -> digest.add(witness.maker(), witness.result().ground().toString()));
    addSiblings(digest, observation, earlier);
    if (!earlier.isEmpty()) {
      Folded before = earlier.getLast().result();
      digest.add(
          before.statusWindow().toString(),
          String.valueOf(previousSuspicious(observation, earlier)));
      before.status().forEach(digest::add);
    }
    BundleManifest manifest = models.manifest(observation.modelHref(), observation.modelDigest());
    add(
        digest,
        ReferenceBuilder.choose(observation, earlier, lookParameters(manifest)).all(),
        earlier);
    if (settings.registrationLimit() > 0) {
      add(
          digest,
          ReferenceBuilder.choose(observation, earlier, Registration.RECENT).all(),
          earlier);
    }
    return digest.hex();
  }

  private static void add(InputDigest digest, List<Observation> looks, List<Observation> earlier) {
    for (Observation look : looks) {
      digest.add(look.scene().productId(), look.scene().sensingTime().toString());
      digest.add(look.features(), look.quality(), look.window().toString(), look.maker());
      digest.add(look.result().status().getFirst(), look.result().statusWindow().toString());
      digest.add(look.result().correction().toString());
      addSiblings(digest, look, earlier);
    }
  }

  private static void addSiblings(
      InputDigest digest, Observation observation, List<Observation> earlier) {
    for (Observation sibling : SeenOnce.siblings(observation, earlier)) {
      digest.add(sibling.quality(), sibling.window().toString());
    }
  }

  /**
   * Folds an observation.
   *
   * @param inputs what {@link #inputs} returned for it
   * @throws io.landshift.schemas.LandshiftException if the store or the model fails
   */
  Folded fold(ChunkPlace place, Observation observation, List<Observation> earlier, String inputs) {
    long started = ProcessorTime.nanos();
    buffers.takeBack(0);
    ChunkKey key = new ChunkKey(place.gridCode(), place.column(), place.row());
    ModelSession model = models.session(observation.modelHref(), observation.modelDigest());
    List<BundleManifest.Score> scores = model.manifest().scores();
    StatusBefore before = StatusBefore.load(store, key, observation, earlier, scores.size());
    Scored scored = score(key, observation, earlier, before, model);
    boolean suspicious = isSuspicious(scored, scores);
    FailureReason step = StepFindings.of(observation, scored.ground(), scored.used(), earlier);
    boolean believed =
        !scored.misregistered()
            && step == null
            && (!suspicious
                || previousSuspicious(observation, earlier)
                || observation.accepted().contains(FailureReason.SUSPICIOUS_CHANGE));
    ChunkClasses classes =
        new ChunkClasses(
            model,
            observation,
            scored.look().features(),
            scored.look().quality(),
            scored.reference(),
            wantsProbabilities());
    Coverage coverage = coverage(observation.coverage(), scored);
    boolean unseen = !before.unseen().isEmpty() && (coverage.getMonitored() == 0 || !believed);
    List<String> status = new ArrayList<>();
    List<String> active = new ArrayList<>();
    List<ScoreSummary> summaries = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      short[] quantised = scored.scores().get(i);
      LifecycleStatus after =
          unseen
              ? before.status(i)
              : advance(before, i, observation, believed, quantised, scores.get(i));
      status.add(
          unseen
              ? before.unseen().get(i)
              : store.put(key, PixelKind.STATUS, after.byteLength(), after::writeTo));
      ActivePixels pixels =
          ActiveList.of(
              after,
              before.window(),
              quantised,
              observation.window(),
              classes,
              settings.objectsFrom());
      active.add(store.put(key, PixelKind.ACTIVE, pixels.toBytes()));
      summaries.add(summary(scores.get(i), quantised, after));
    }
    return new Folded(
        inputs,
        store.putWords(
            key, PixelKind.SCORES, Planes.joined(scored.scores()), observation.window().getWidth()),
        store.put(key, PixelKind.CLASSES, classes.now()),
        wantsProbabilities()
            ? store.put(key, PixelKind.PROBABILITIES, classes.probabilities())
            : "",
        before.window(),
        status,
        active,
        scored.looks(),
        scored.look().shift(),
        scored.misregistered(),
        scored.ground(),
        step,
        suspicious,
        believed,
        coverage,
        summaries,
        ProcessorTime.secondsSince(started));
  }

  private boolean wantsProbabilities() {
    return settings.products().contains(DetectionSettings.Product.PROBABILITIES);
  }

  private Scored score(
      ChunkKey key,
      Observation observation,
      List<Observation> earlier,
      StatusBefore before,
      ModelSession model) {
    BundleManifest manifest = model.manifest();
    ReferenceParameters parameters = lookParameters(manifest);
    short[] features = stored.read(key, observation, manifest, buffers);
    byte[] quality = seenOnce.quality(key, observation, earlier);
    byte[] needed = needed(quality, before, observation, manifest);
    ReferenceBuilder.Looks looks = ReferenceBuilder.choose(observation, earlier, parameters);
    // So few looks make a reference nowhere: nothing is read of them.
    Reference reference =
        looks.all().size() < parameters.minLooks()
            ? null
            : references.build(
                ReferenceBuilder.ALL_FEATURES,
                key,
                observation,
                quality,
                needed,
                looks,
                earlier,
                parameters,
                manifest);
    PixelWindow window = observation.window();
    Registration look =
        register(
            Registration.unmeasured(features, quality, window),
            key,
            observation,
            needed,
            earlier,
            reference,
            manifest);
    boolean misregistered =
        look.shift().largest() > settings.registrationLimit()
            && !observation.accepted().contains(FailureReason.MISREGISTERED);
    if (!misregistered) {
      look = look.movedBack();
    }
    if (reference == null) {
      return notCompared(look, misregistered, looks, manifest.scores().size());
    }
    boolean[] monitored = monitored(look.quality(), reference, parameters.minLooks());
    byte[] voting = voting(monitored, before, window);
    GroundStep ground =
        GroundStep.measure(
            reference.centre(),
            look.features(),
            StoredFeatures.steps(manifest),
            reflectances(manifest),
            voting);
    List<float[]> correction =
        correction(look.features(), reference, voting, window.getWidth(), manifest);
    float[][] raw =
        model.scores(
            FeaturePlanes.corrected(
                look.features(), window.getWidth(), window.getHeight(), manifest, correction),
            FeaturePlanes.of(reference.centre(), window.getWidth(), window.getHeight()),
            FeaturePlanes.of(reference.spread(), window.getWidth(), window.getHeight()),
            monitored,
            observation.presence(),
            ChunkRegions.of(window));
    List<short[]> quantised = Stream.of(raw).map(ScoreQuantiser::quantise).toList();
    return new Scored(
        look, reference, monitored, quantised, ids(looks), misregistered, ground, looks.all());
  }

  private static Scored notCompared(
      Registration look, boolean misregistered, ReferenceBuilder.Looks looks, int scores) {
    int pixels = look.quality().length;
    short[] none = new short[pixels];
    Arrays.fill(none, ScoreQuantiser.INVALID);
    return new Scored(
        look,
        null,
        new boolean[pixels],
        Collections.nCopies(scores, none),
        ids(looks),
        misregistered,
        GroundStep.UNKNOWN,
        looks.all());
  }

  private static List<String> ids(ReferenceBuilder.Looks looks) {
    return looks.inner().stream().map(look -> look.scene().productId()).toList();
  }

  /** Today's look with its shift from the reference of its season, or else from the last looks. */
  private Registration register(
      Registration look,
      ChunkKey key,
      Observation observation,
      byte[] needed,
      List<Observation> earlier,
      @Nullable Reference reference,
      BundleManifest manifest) {
    int feature = Registration.feature(manifest);
    if (settings.registrationLimit() <= 0 || feature < 0) {
      return look;
    }
    if (reference != null) {
      int minLooks = lookParameters(manifest).minLooks();
      Registration seasonal = look.measured(reference, feature, minLooks, manifest);
      if (seasonal.shift().measured()) {
        return seasonal;
      }
    }
    ReferenceParameters recent = Registration.RECENT;
    ReferenceBuilder.Looks looks = ReferenceBuilder.choose(observation, earlier, recent);
    Reference last =
        references.build(
            feature, key, observation, look.quality(), needed, looks, earlier, recent, manifest);
    return look.measured(last, 0, recent.minLooks(), manifest);
  }

  /** 1 where a reference is asked for, whatever score or shift it is asked for by. */
  private byte[] needed(
      byte[] quality, StatusBefore before, Observation observation, BundleManifest manifest) {
    byte[] idle = before.idle(0, observation.window());
    for (int score = 1; score < manifest.scores().size(); score++) {
      byte[] other = before.idle(score, observation.window());
      for (int p = 0; p < idle.length; p++) {
        idle[p] = (byte) (idle[p] & other[p]);
      }
    }
    int tile = manifest.window().headSize();
    // One that is accepted however far it lies off may be moved by any distance.
    int margin =
        observation.accepted().contains(FailureReason.MISREGISTERED)
            ? observation.window().getWidth() + observation.window().getHeight()
            : (int) Math.ceil(settings.registrationLimit());
    return NeededPixels.of(quality, idle, observation.window(), tile, margin);
  }

  private static boolean[] monitored(byte[] quality, Reference reference, int minLooks) {
    boolean[] monitored = new boolean[quality.length];
    for (int p = 0; p < monitored.length; p++) {
      monitored[p] = quality[p] == Quality.CLEAR && (reference.looks()[p] & 0xFF) >= minLooks;
    }
    return monitored;
  }

  /** 1 where a pixel is compared and nothing is going on. */
  private static byte[] voting(boolean[] monitored, StatusBefore before, PixelWindow window) {
    byte[] voting = before.idle(0, window);
    for (int p = 0; p < voting.length; p++) {
      voting[p] = monitored[p] ? voting[p] : 0;
    }
    return voting;
  }

  /** What the whole chunk lacks today of each feature, by the pixels that may speak for it. */
  private List<float[]> correction(
      short[] features, Reference reference, byte[] voting, int columns, BundleManifest manifest) {
    List<float[]> correction = new ArrayList<>();
    for (BundleManifest.Feature feature : manifest.features()) {
      boolean corrected = settings.correctBands() || !isBand(feature.name(), manifest);
      correction.add(
          ChunkCorrection.shifts(
              correction.size(),
              reference.centre(),
              features,
              (float) feature.step(),
              voters(feature, reference, voting, manifest),
              corrected ? (float) feature.correctionClip() : 0,
              MINIMUM_VOTERS,
              columns,
              feature.cell()));
    }
    return correction;
  }

  /** Those of the pixels that may speak for this feature. */
  private static byte[] voters(
      BundleManifest.Feature feature, Reference reference, byte[] voting, BundleManifest manifest) {
    BundleManifest.ReferenceCondition condition = feature.correctionCondition();
    if (condition == null) {
      return voting;
    }
    byte[] voters = voting.clone();
    int decisive = manifest.feature(condition.feature()) * voting.length;
    for (int p = 0; p < voters.length; p++) {
      boolean meets = reference.centre()[decisive + p] >= condition.minimum();
      voters[p] = meets ? voters[p] : 0;
    }
    return voters;
  }

  /** The features that are reflectances, in their places; empty in the places of others. */
  private static List<String> reflectances(BundleManifest manifest) {
    Set<String> bands =
        manifest.bands().stream()
            .filter(band -> band.wavelength() > 0)
            .map(BundleManifest.Band::commonName)
            .collect(Collectors.toSet());
    return manifest.features().stream()
        .map(feature -> bands.contains(feature.name()) ? feature.name() : "")
        .toList();
  }

  private static boolean isBand(String feature, BundleManifest manifest) {
    return manifest.bands().stream().anyMatch(band -> band.commonName().equals(feature));
  }

  private LifecycleStatus advance(
      StatusBefore before,
      int score,
      Observation observation,
      boolean believed,
      short[] quantised,
      BundleManifest.Score description) {
    float[] metric = ScoreQuantiser.metric(quantised);
    if (!believed) {
      Arrays.fill(metric, Float.NaN);
    }
    float[] placed = Planes.moved(metric, observation.window(), before.window());
    int day = ProductDays.of(observation.date());
    LifecycleParameters parameters =
        settings
            .lifecycle()
            .withThresholds((float) description.low(), (float) description.high())
            .withConfirmAt(9 * (float) description.low());
    if (before.isFirst()) {
      return Lifecycle.first(placed, day, parameters);
    }
    LifecycleStatus status = before.status(score);
    Lifecycle.advance(status, placed, day, parameters);
    return status;
  }

  private boolean isSuspicious(Scored scored, List<BundleManifest.Score> scores) {
    int monitored = 0;
    for (boolean pixel : scored.monitored()) {
      monitored += pixel ? 1 : 0;
    }
    for (int i = 0; i < scores.size(); i++) {
      int high = countAtLeast(scored.scores().get(i), scores.get(i).high());
      if (high > settings.suspiciousShare() * monitored) {
        return true;
      }
    }
    return false;
  }

  /** Whether the last other datatake that was compared at all, in its place, was suspicious. */
  private static boolean previousSuspicious(Observation observation, List<Observation> earlier) {
    List<Observation> siblings = SeenOnce.siblings(observation, earlier);
    return earlier.reversed().stream()
        .filter(before -> !siblings.contains(before))
        .map(Observation::result)
        .filter(before -> before.coverage().getMonitored() > 0)
        .filter(before -> !before.misregistered() && before.step() == null)
        .findFirst()
        .map(Folded::suspicious)
        .orElse(false);
  }

  private static int countAtLeast(short[] scores, double threshold) {
    int limit = ScoreQuantiser.quantise((float) threshold) & 0xFFFF;
    int count = 0;
    for (short score : scores) {
      count += score != ScoreQuantiser.INVALID && (score & 0xFFFF) >= limit ? 1 : 0;
    }
    return count;
  }

  private static ScoreSummary summary(
      BundleManifest.Score score, short[] quantised, LifecycleStatus after) {
    long[] byCode = new long[256];
    for (byte code : after.status()) {
      // Nearly all: to count them in one place would make each wait for the one before it.
      if (code != LifecycleStatus.NONE) {
        byCode[code & 0xFF]++;
      }
    }
    return new ScoreSummary(
        score.name(),
        (long) countAtLeast(quantised, score.low()),
        (long) countAtLeast(quantised, score.high()),
        byCode[LifecycleStatus.FIRST_LOW] + byCode[LifecycleStatus.FIRST_HIGH],
        byCode[LifecycleStatus.PROVISIONAL_LOW] + byCode[LifecycleStatus.PROVISIONAL_HIGH],
        byCode[LifecycleStatus.CONFIRMED_LOW] + byCode[LifecycleStatus.CONFIRMED_HIGH],
        byCode[LifecycleStatus.FINISHED_LOW] + byCode[LifecycleStatus.FINISHED_HIGH]);
  }

  private static Coverage coverage(Coverage seen, Scored scored) {
    byte[] quality = scored.look().quality();
    long clear = 0;
    long compared = 0;
    for (int p = 0; p < quality.length; p++) {
      clear += quality[p] == Quality.CLEAR ? 1 : 0;
      compared += scored.monitored()[p] ? 1 : 0;
    }
    long again = seen.getClear() - clear;
    return new Coverage(
        seen.getPixels(),
        seen.getNodata() + again,
        seen.getMasked(),
        clear,
        clear - compared,
        compared);
  }

  private ReferenceParameters lookParameters(BundleManifest manifest) {
    if (settings.reference() != null) {
      return settings.reference();
    }
    BundleManifest.ReferenceParameters own = manifest.reference();
    return new ReferenceParameters(
        own.windowDays(), own.minAgeDays(), own.maxAgeDays(), own.minLooks(), own.maxLooks());
  }
}
