package io.landshift.detection;

import io.landshift.schemas.Coverage;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One look of a scene at a chunk, in its place by sensing time: what was seen, and what became of
 * it once it is folded.
 *
 * <p>This is the state that Flink keeps: addresses, never pixels.
 *
 * @param datatake what the scene was cut from, whatever baseline it was processed with; empty where
 *     that is not known
 * @param group only looks of one group are compared
 * @param maker platform and processing baseline: {@code sentinel-2c, baseline 05.11}; empty where
 *     neither is known
 * @param accepted findings for which the scene must not be stopped
 */
public record Observation(
    SceneRef scene,
    String datatake,
    String modelDigest,
    String modelHref,
    String encoderDigest,
    PixelWindow window,
    String features,
    String quality,
    boolean[] presence,
    Coverage coverage,
    LookGroup group,
    String maker,
    List<FailureReason> accepted,
    @Nullable Folded folded) {
  private static final Pattern BASELINE = Pattern.compile("_N\\d\\d\\.\\d\\d$");

  static Observation of(EncodedChunk chunk) {
    return new Observation(
        chunk.plan().ref(),
        datatake(chunk.plan().scene().getDatatakeId()),
        chunk.plan().modelDigest(),
        chunk.plan().modelHref(),
        chunk.encoderDigest(),
        chunk.window(),
        chunk.features(),
        chunk.quality(),
        chunk.presence(),
        chunk.coverage(),
        LookGroup.of(chunk.plan().scene()),
        maker(chunk.plan().scene()),
        List.copyOf(chunk.plan().scene().getAccepted()),
        null);
  }

  /** A Sentinel-2 datatake's id ends in the baseline that it was processed with. */
  private static String datatake(@Nullable String id) {
    return id == null ? "" : BASELINE.matcher(id).replaceFirst("");
  }

  static String maker(SceneAvailable scene) {
    String baseline = scene.getProcessingBaseline();
    return Stream.of(scene.getPlatform(), baseline == null ? null : "baseline " + baseline)
        .filter(Objects::nonNull)
        .collect(Collectors.joining(", "));
  }

  Observation with(Folded result) {
    return new Observation(
        scene,
        datatake,
        modelDigest,
        modelHref,
        encoderDigest,
        window,
        features,
        quality,
        presence,
        coverage,
        group,
        maker,
        accepted,
        result);
  }

  /**
   * The result.
   *
   * @throws IllegalStateException if it is not folded
   */
  Folded result() {
    if (folded == null) {
      throw new IllegalStateException(scene.productId() + " is used before it is folded");
    }
    return folded;
  }

  /** The UTC date of sensing. */
  LocalDate date() {
    return scene.sensingTime().atZone(ZoneOffset.UTC).toLocalDate();
  }

  /** Whether {@code other} holds the same pixels, seen with the same model. */
  boolean sameAs(Observation other) {
    return features.equals(other.features)
        && quality.equals(other.quality)
        && modelDigest.equals(other.modelDigest)
        && scene.sensingTime().equals(other.scene.sensingTime());
  }
}
