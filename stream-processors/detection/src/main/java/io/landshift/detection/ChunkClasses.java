package io.landshift.detection;

import io.landshift.change.Reference;
import io.landshift.ingest.scenes.Quality;
import io.landshift.model.inference.FeaturePlanes;
import io.landshift.model.inference.ModelSession;
import io.landshift.schemas.PixelWindow;
import org.jspecify.annotations.Nullable;

/**
 * The land cover of a chunk, today and in the reference. What it looked like before is asked for
 * only where something is going on, and worked out then. For use by one thread.
 */
final class ChunkClasses {
  /** No land cover is known. */
  static final byte UNKNOWN = 0;

  private final ModelSession model;
  private final Observation observation;
  private final Reference reference;
  private final byte[] now;
  private byte @Nullable [] before;

  ChunkClasses(
      ModelSession model,
      Observation observation,
      short[] features,
      byte[] quality,
      Reference reference) {
    this.model = model;
    this.observation = observation;
    this.reference = reference;
    PixelWindow window = observation.window();
    now =
        model
            .segment(features, observation.presence(), window.getWidth(), window.getHeight(), false)
            .classes();
    for (int p = 0; p < now.length; p++) {
      if (quality[p] != Quality.CLEAR) {
        now[p] = UNKNOWN;
      }
    }
  }

  /** One class value a pixel of the observation's window; 0 where not clear. */
  byte[] now() {
    return now;
  }

  /** One class value a pixel of the observation's window; 0 where there is no reference. */
  byte[] before() {
    byte[] known = before;
    if (known == null) {
      PixelWindow window = observation.window();
      FeaturePlanes centre =
          FeaturePlanes.of(reference.centre(), window.getWidth(), window.getHeight());
      known =
          model
              .segment(centre, observation.presence(), window.getWidth(), window.getHeight(), false)
              .classes();
      before = known;
    }
    return known;
  }
}
