package io.landshift.detection;

import io.landshift.ingest.scenes.PixelEvidence;
import io.landshift.ingest.scenes.RadiometryCheck;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.SceneAvailable;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the pixels of a whole scene say of it before anything is compared. Pure functions. */
final class PixelFindings {
  private static final String STAGE = "encode";

  /** So much of what the mask calls clear must be left after the haze test. */
  private static final double LEAST_LEFT = 0.05;

  /** Where the mask calls less of the scene clear, it is called cloudy and not hazy. */
  private static final double LEAST_SEEN = 0.1;

  private PixelFindings() {}

  /** The first finding that nobody has accepted; null where there is none. */
  static @Nullable SceneFailure of(SceneAvailable scene, PixelEvidence pixels) {
    Optional<RadiometryCheck.Contradiction> contradiction = RadiometryCheck.of(scene, pixels);
    if (contradiction.isPresent()) {
      SceneFailure failure =
          new SceneFailure(
              FailureReason.RADIOMETRY_CONTRADICTED,
              STAGE,
              contradiction.get().message(),
              contradiction.get().evidence());
      if (!failure.isAcceptedBy(scene)) {
        return failure;
      }
    }
    SceneFailure haze = haze(pixels);
    return haze == null || haze.isAcceptedBy(scene) ? null : haze;
  }

  private static @Nullable SceneFailure haze(PixelEvidence pixels) {
    long calledClear = pixels.clear() + pixels.hazy();
    boolean isHazy =
        pixels.hazy() > 0
            && calledClear >= LEAST_SEEN * pixels.seen()
            && pixels.clear() < LEAST_LEFT * calledClear;
    if (!isHazy) {
      return null;
    }
    return new SceneFailure(
        FailureReason.HAZE,
        STAGE,
        "haze lies over nearly all that the mask calls clear, so nothing was folded. Release the scene if you see no haze in it: then the haze test is left out",
        Map.of(
            "clear by the mask",
            share(calledClear, pixels.seen()) + " of what was seen",
            "of this hazy",
            share(pixels.hazy(), calledClear)
                + String.format(
                    Locale.ROOT, ", expected at most %.0f %%", 100 * (1 - LEAST_LEFT))));
  }

  private static String share(long part, long whole) {
    return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
  }
}
