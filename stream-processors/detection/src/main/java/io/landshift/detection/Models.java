package io.landshift.detection;

import io.landshift.model.bundle.Bundle;
import io.landshift.model.bundle.BundleLimits;
import io.landshift.model.bundle.BundleManifest;
import io.landshift.model.bundle.Bundles;
import io.landshift.model.bundle.GraphRole;
import io.landshift.model.bundle.MaskBundle;
import io.landshift.model.bundle.MaskManifest;
import io.landshift.model.inference.MaskSession;
import io.landshift.model.inference.ModelRuntime;
import io.landshift.model.inference.ModelSession;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Modality;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bundles and sessions of one operator, opened when first needed. Owns the sessions: {@link
 * #close} frees them. Thread-safe.
 */
final class Models implements AutoCloseable {
  /** The href of the bundle that comes with the product. */
  static final String SPECTRAL_BASELINE = "builtin:spectral-baseline";

  private final DetectionSettings settings;
  private final Map<String, Bundle> bundles = new HashMap<>();
  private final Map<String, String> encoderDigests = new HashMap<>();
  private final Map<String, ModelSession> sessions = new HashMap<>();
  private final Map<MaskModel, MaskBundle> masks = new HashMap<>();
  private final Map<MaskModel, MaskSession> maskSessions = new HashMap<>();

  Models(DetectionSettings settings) {
    this.settings = settings;
  }

  /**
   * The bundle at {@code href}.
   *
   * @throws LandshiftException MODEL_DIGEST_MISMATCH if it does not have this digest,
   *     MODEL_SIGNATURE_INVALID if it is not signed as the settings ask, or whatever else is wrong
   *     with it
   */
  synchronized Bundle load(String href, String digest) {
    Bundle known = bundles.get(digest);
    if (known != null) {
      return known;
    }
    Bundle bundle = read(href, digest);
    if (bundle.manifest().window().stride() != 1) {
      throw new LandshiftException(
          FailureReason.MODEL_INVALID,
          bundle + " has features coarser than pixels, which this version does not serve");
    }
    BundleManifest.ReferenceParameters reference = bundle.manifest().reference();
    if (reference.wideWindowDays() != 2 * reference.windowDays()) {
      throw new LandshiftException(
          FailureReason.MODEL_INVALID,
          bundle + " wants a wide window that is not twice the window, as this version has it");
    }
    bundles.put(digest, bundle);
    return bundle;
  }

  /**
   * Reads the bundle at {@code href}, also if it is known, and runs its self-test in a session that
   * is closed again.
   *
   * @throws LandshiftException whatever is wrong with it
   */
  Bundle tryOut(String href, String digest) {
    Bundle bundle = read(href, digest);
    ModelRuntime.open(bundle, settings.runtime()).close();
    return bundle;
  }

  private Bundle read(String href, String digest) {
    if (!href.equals(SPECTRAL_BASELINE)) {
      return Bundle.load(path(href), digest, BundleLimits.DEFAULT, settings.modelKey());
    }
    Bundle bundle = Bundles.spectralBaseline();
    if (!bundle.digest().equals(digest)) {
      throw new LandshiftException(
          FailureReason.MODEL_DIGEST_MISMATCH,
          "this version's spectral-baseline is " + bundle.digest() + ", asked for is " + digest);
    }
    return bundle;
  }

  private static Path path(String href) {
    try {
      return Path.of(href);
    } catch (InvalidPathException e) {
      throw new LandshiftException(
          FailureReason.MODEL_INVALID, "the bundle's href '" + href + "' is not a path", e);
    }
  }

  BundleManifest manifest(String href, String digest) {
    return load(href, digest).manifest();
  }

  /** Identifies everything that decides what features mean: graph, channels, quantisation. */
  synchronized String encoderDigest(String href, String digest) {
    return encoderDigests.computeIfAbsent(
        digest,
        key -> {
          Bundle bundle = load(href, digest);
          InputDigest encoder = new InputDigest();
          encoder.add(Arrays.toString(bundle.graph(GraphRole.ENCODER)));
          encoder.add(bundle.manifest().inputs().toString());
          encoder.add(bundle.manifest().features().toString());
          encoder.add(bundle.manifest().window().toString());
          return encoder.hex();
        });
  }

  /** The session of a bundle; owned by this. */
  synchronized ModelSession session(String href, String digest) {
    ModelSession known = sessions.get(digest);
    if (known != null) {
      return known;
    }
    ModelSession session = ModelRuntime.open(load(href, digest), settings.runtime());
    sessions.put(digest, session);
    return session;
  }

  /**
   * The mask head for a scene: the one that the settings name, or else that of the bundle that it
   * is seen with.
   *
   * @return null where there is none, and for radar, which no cloud hides
   * @throws LandshiftException whatever is wrong with it
   */
  synchronized @Nullable MaskManifest maskManifest(ScenePlan plan) {
    if (LookGroup.of(plan.scene()).modality() == Modality.RADAR) {
      return null;
    }
    MaskBundle mask = mask(plan.modelHref(), plan.modelDigest());
    return mask == null ? null : mask.manifest();
  }

  /** The session of that mask head; owned by this. */
  synchronized MaskSession maskSession(String href, String digest) {
    MaskSession known = maskSessions.get(maskModel(href, digest));
    if (known != null) {
      return known;
    }
    MaskBundle mask = Objects.requireNonNull(mask(href, digest), "there is a mask head");
    MaskSession session = ModelRuntime.openMask(mask, settings.runtime());
    maskSessions.put(maskModel(href, digest), session);
    return session;
  }

  private MaskModel maskModel(String href, String digest) {
    MaskModel chosen = settings.maskModel();
    return chosen == null ? new MaskModel(href, digest) : chosen;
  }

  private @Nullable MaskBundle mask(String href, String digest) {
    MaskModel chosen = settings.maskModel();
    if (chosen == null) {
      return load(href, digest).mask().orElse(null);
    }
    return masks.computeIfAbsent(
        chosen, key -> MaskBundle.load(path(key.href()), key.digest(), settings.modelKey()));
  }

  @Override
  public synchronized void close() {
    maskSessions.values().forEach(MaskSession::close);
    maskSessions.clear();
    sessions.values().forEach(ModelSession::close);
    sessions.clear();
  }
}
