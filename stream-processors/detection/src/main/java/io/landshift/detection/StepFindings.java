package io.landshift.detection;

import io.landshift.change.GroundStep;
import io.landshift.schemas.FailureReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether unchanged ground differs from its reference as only a wrong number in the processing, or
 * another instrument, can make it differ. Pure functions.
 *
 * <ul>
 *   <li>All bands brighter, or all darker, by about {@link #OFFSET}: the offset that Sentinel-2 has
 *       had since baseline 04.00 is forgotten, or taken off twice ({@code
 *       RADIOMETRY_CONTRADICTED}). This also speaks where {@code RadiometryCheck} cannot, for want
 *       of vegetation.
 *   <li>All bands differ by the same amount, or by the same factor, and the scene was made by a
 *       platform or processing baseline that no look of the reference has ({@code PLATFORM_STEP}).
 *       It is the ground all the same where the last look of another maker was like that too, and
 *       the step is known where a person has released a look of the same maker that had it.
 * </ul>
 *
 * <p>Haze and seasons move the short-wave infrared otherwise than the visible: without such a band
 * nothing is said. A factor shows only where the visible is bright enough for one (bare ground,
 * fields, towns): that a forest is brighter in the near and the short-wave infrared by up to 46 %
 * is ordinary (in five of the demo's scenes by more than 30 %), and its visible is too dark to
 * tell. A step in one band only is not told from a season.
 */
final class StepFindings {
  /** What baseline 04.00 adds, reflectance. */
  static final double OFFSET = 0.1;

  private static final double OFFSET_TOLERANCE = 0.03;
  private static final double LEAST_AMOUNT = 0.03;
  private static final double LEAST_GAIN = 0.15;
  private static final double LEAST_BRIGHT = 0.05;
  private static final double SHARE = 1 / 3.0;
  private static final double NOISE = 0.01;

  private StepFindings() {}

  /**
   * What a chunk's step is taken for, where nobody has accepted that; null where it is believed.
   *
   * @param looks of the reference
   * @param earlier the chunk's earlier observations in sensing order, all folded
   */
  static @Nullable FailureReason of(
      Observation observation,
      GroundStep ground,
      List<Observation> looks,
      List<Observation> earlier) {
    if (ground.bands().stream().noneMatch(band -> band.startsWith("swir"))) {
      return null;
    }
    FailureReason reason = null;
    if (isOffset(ground)) {
      reason = FailureReason.RADIOMETRY_CONTRADICTED;
    } else if (isStep(ground)
        && isNew(observation, looks)
        && !isKnown(observation, ground, earlier)) {
      reason = FailureReason.PLATFORM_STEP;
    }
    return reason == null || observation.accepted().contains(reason) ? null : reason;
  }

  private static boolean isOffset(GroundStep ground) {
    return Math.abs(Math.abs(ground.meanDifference()) - OFFSET) <= OFFSET_TOLERANCE
        && ground.isAdditive(OFFSET_TOLERANCE / 2);
  }

  private static boolean isStep(GroundStep ground) {
    double amount = Math.abs(ground.meanDifference());
    boolean additive = amount >= LEAST_AMOUNT && ground.isAdditive(SHARE * amount);
    GroundStep bright = ground.inBandsOfAtLeast(LEAST_BRIGHT);
    boolean gain =
        bright.bands().contains("red")
            && Math.abs(bright.gain()) >= LEAST_GAIN
            && bright.isMultiplicative(SHARE);
    return additive || gain;
  }

  private static boolean isNew(Observation observation, List<Observation> looks) {
    return !observation.maker().isEmpty()
        && looks.stream().noneMatch(look -> look.maker().equals(observation.maker()));
  }

  private static boolean isKnown(
      Observation observation, GroundStep ground, List<Observation> earlier) {
    double tolerance = Math.max(NOISE, SHARE * Math.abs(ground.meanDifference()));
    return witnesses(observation, earlier)
        .anyMatch(witness -> ground.isLike(witness.result().ground(), tolerance));
  }

  /**
   * The looks that decide whether a step is the ground's: the last of another maker, and the last
   * of the same that was believed; at most two.
   */
  static Stream<Observation> witnesses(Observation observation, List<Observation> earlier) {
    List<Observation> siblings = SeenOnce.siblings(observation, earlier);
    List<Observation> measured =
        earlier.reversed().stream()
            .filter(look -> look.result().ground().pixels() > 0 && !siblings.contains(look))
            .toList();
    Optional<Observation> other =
        measured.stream().filter(look -> !look.maker().equals(observation.maker())).findFirst();
    Optional<Observation> same =
        measured.stream()
            .filter(look -> look.maker().equals(observation.maker()) && look.result().believed())
            .findFirst();
    return Stream.concat(other.stream(), same.stream());
  }

  /** Why the scene is not believed: most of what it compared is in chunks with one kind of step. */
  static @Nullable SceneFailure of(FoldedScene scene) {
    for (FailureReason reason :
        List.of(FailureReason.RADIOMETRY_CONTRADICTED, FailureReason.PLATFORM_STEP)) {
      List<Folded> stepped = new ArrayList<>();
      long compared = 0;
      long inThese = 0;
      for (FoldedChunk chunk : scene.chunks()) {
        long monitored = chunk.result().coverage().getMonitored();
        compared += monitored;
        if (chunk.result().step() == reason) {
          stepped.add(chunk.result());
          inThese += monitored;
        }
      }
      if (inThese * 2 > compared) {
        String share =
            "%d of %d, in %d of %d chunks"
                .formatted(inThese, compared, stepped.size(), scene.chunks().size());
        return new SceneFailure(reason, "fold", message(reason), evidence(scene, stepped, share));
      }
    }
    return null;
  }

  private static String message(FailureReason reason) {
    return reason == FailureReason.PLATFORM_STEP
        ? "unchanged ground differs from earlier looks by the same amount, or the same factor, in every band, and the scene comes from a platform or processing baseline that none of them has; not folded. Release it where the ground is like that: later scenes of this maker with the same step then pass"
        : "unchanged ground differs from earlier looks by about 0.1 in every band: the offset of -0.1 was not taken off, or was taken off twice; not folded. State the right offset (raster:bands, or \"offset\" in a sidecar) and publish the scene as a newer generation, or release it if its ground is like that";
  }

  private static Map<String, String> evidence(
      FoldedScene scene, List<Folded> stepped, String share) {
    Map<String, String> evidence = new TreeMap<>();
    List<String> bands = stepped.getFirst().ground().bands();
    for (int band = 0; band < bands.size(); band++) {
      int index = band;
      Folded middle =
          stepped.stream()
              .sorted(Comparator.comparing(chunk -> chunk.ground().difference().get(index)))
              .skip((stepped.size() - 1) / 2)
              .findFirst()
              .orElseThrow();
      evidence.put(
          "unchanged ground, " + bands.get(band),
          String.format(
              Locale.ROOT,
              "%+.3f from its usual %.3f, expected about 0",
              middle.ground().difference().get(band),
              middle.ground().reference().get(band)));
    }
    evidence.put("pixels that were compared", share);
    evidence.put("made by", Observation.maker(scene.plan().scene()));
    evidence.put("compared with", String.join(", ", stepped.getFirst().looks()));
    return evidence;
  }
}
