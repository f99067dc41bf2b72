package io.landshift.ops.local;

import io.landshift.schemas.DeadLetter;
import io.landshift.schemas.SceneAvailable;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as it lies in its topic, and what has become of its matter since.
 *
 * @param number its offset in the topic: never given twice, never changed
 * @param scene the announcement that it is about; null where its payload is none
 * @param note what {@code state} rests on, for a person; may be empty
 */
public record StoredLetter(
    long number, DeadLetter letter, @Nullable SceneAvailable scene, State state, String note) {

  /** What has become of a letter's matter. */
  public enum State {
    /** Nothing was done yet. */
    OPEN,
    /**
     * The scene was announced, or the record sent, once more; what came of it is not known yet, or
     * is a later letter.
     */
    REPLAYED,
    /** A later letter tells the same of the same announcement. */
    REPEATED,
    /** The scene was processed after all. */
    RESOLVED,
    /**
     * A newer generation of the product was processed, or a newer record of the same key is there.
     */
    SUPERSEDED
  }

  /** Whether somebody may still want to do something about it. */
  public boolean isPending() {
    return state == State.OPEN || state == State.REPLAYED;
  }
}
