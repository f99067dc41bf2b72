package io.landshift.detection;

import io.landshift.change.Reference;
import io.landshift.ingest.scenes.Quality;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.LandCover;
import io.landshift.model.inference.ModelSession;
import io.landshift.schemas.PixelWindow;
import org.jspecify.annotations.Nullable;

/**
 * The land cover of a chunk, today and in the reference. What it looked like before is asked for
 * only where something is going on, and worked out then. For use by one thread.
 */
final class ChunkClasses {
  /** One step of a stored probability is a 250th. */
  static final int PROBABILITY_STEPS = 250;

  /** The stored probability of a pixel that is not clear. */
  static final byte NO_PROBABILITY = (byte) 255;

  /** No land cover is known. */
  static final byte UNKNOWN = 0;

  private final ModelSession model;
  private final Observation observation;
  private final @Nullable Reference reference;
  private final byte[] now;
  private final float @Nullable [] probabilities;
  private byte @Nullable [] before;

  ChunkClasses(
      ModelSession model,
      Observation observation,
      short[] features,
      byte[] quality,
      @Nullable Reference reference,
      boolean withProbabilities) {
    this.model = model;
    this.observation = observation;
    this.reference = reference;
    PixelWindow window = observation.window();
    LandCover landCover =
        model.segment(
            FeaturePlanes.quantised(
                features, window.getWidth(), window.getHeight(), model.manifest()),
            clear(quality),
            observation.presence(),
            ChunkRegions.of(window),
            withProbabilities);
    now = landCover.classes();
    probabilities = landCover.probabilities();
  }

  private static boolean[] clear(byte[] quality) {
    boolean[] clear = new boolean[quality.length];
    for (int p = 0; p < clear.length; p++) {
      clear[p] = quality[p] == Quality.CLEAR;
    }
    return clear;
  }

  /** One class value a pixel of the observation's window; 0 where not clear. */
  byte[] now() {
    return now;
  }

  /**
   * [class][row][column]: probabilities in steps of 1/250, 255 where not clear.
   *
   * @throws IllegalStateException where they were not asked for
   */
  byte[] probabilities() {
    if (probabilities == null) {
      throw new IllegalStateException("probabilities were not asked for");
    }
    byte[] steps = new byte[probabilities.length];
    for (int at = 0; at < steps.length; at++) {
      boolean known = now[at % now.length] != UNKNOWN && !Float.isNaN(probabilities[at]);
      steps[at] = known ? (byte) Math.round(probabilities[at] * PROBABILITY_STEPS) : NO_PROBABILITY;
    }
    return steps;
  }

  /** One class value a pixel of the observation's window; 0 where there is no reference. */
  byte[] before() {
    byte[] known = before;
    if (known == null) {
      known = reference == null ? new byte[now.length] : classes(reference);
      before = known;
    }
    return known;
  }

  private byte[] classes(Reference seen) {
    PixelWindow window = observation.window();
    FeaturePlanes centre = FeaturePlanes.of(seen.centre(), window.getWidth(), window.getHeight());
    return model
        .segment(centre, null, observation.presence(), ChunkRegions.of(window), false)
        .classes();
  }
}
