package io.landshift.detection;

import io.landshift.store.PixelKind;
import io.landshift.store.PixelStore;
import io.landshift.store.ChunkKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which stored objects of a chunk are named by its observations, and which may be deleted. Pure
 * functions.
 *
 * <p>An object that no observation names any more is released. Checkpoints that were taken before
 * still name it, and a job may go on from any that is retained; scenes that are being assembled may
 * still read it. So it is deleted only {@link #GRACE} checkpoints later.
 */
final class StoredObjects {
  /** More than are retained, and long enough for what is in flight. */
  static final long GRACE = 100;

  private StoredObjects() {}

  /** The objects that observations name, as {@code KIND|digest}. */
  static Set<String> namedBy(Collection<Observation> observations) {
    Set<String> named = new HashSet<>();
    for (Observation observation : observations) {
      named.add(name(PixelKind.FEATURES, observation.features()));
      named.add(name(PixelKind.QUALITY, observation.quality()));
      Folded folded = observation.folded();
      if (folded != null) {
        named.add(name(PixelKind.SCORES, folded.scores()));
        named.add(name(PixelKind.CLASSES, folded.classes()));
        folded.status().forEach(digest -> named.add(name(PixelKind.STATUS, digest)));
        folded.active().forEach(digest -> named.add(name(PixelKind.ACTIVE, digest)));
      }
    }
    return named;
  }

  private static String name(PixelKind kind, String digest) {
    return kind.name() + '|' + digest;
  }

  /**
   * What is released after a change of the observations.
   *
   * @param released what was released so far, and the first checkpoint that did not name it
   * @param before what was named before the change
   * @param named what is named now; what was released and is named again is no longer released
   * @param nextCheckpoint the first checkpoint that will not name what is released now
   */
  static Map<String, Long> release(
      Map<String, Long> released, Set<String> before, Set<String> named, long nextCheckpoint) {
    Map<String, Long> after = new HashMap<>(released);
    before.forEach(object -> after.putIfAbsent(object, nextCheckpoint));
    after.keySet().removeAll(named);
    return after;
  }

  /** Whether an object that was released may be deleted. */
  static boolean isGarbage(long releasedAt, long completedCheckpoint) {
    return completedCheckpoint >= releasedAt + GRACE;
  }

  /** Deletes an object by the name that {@link #namedBy} gives it. */
  static void delete(PixelStore store, ChunkKey chunk, String object) {
    int bar = object.indexOf('|');
    PixelKind kind = PixelKind.valueOf(object.substring(0, bar));
    store.delete(chunk, kind, object.substring(bar + 1));
  }
}
