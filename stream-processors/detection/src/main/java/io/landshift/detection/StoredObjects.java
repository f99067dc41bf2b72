package io.landshift.detection;

import io.landshift.store.ChunkKey;
import io.landshift.store.PixelKind;
import io.landshift.store.PixelStore;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which stored objects of a chunk are named by its observations, and which may be deleted. Pure
 * functions, but for {@link #delete}.
 *
 * <p>An object that no observation names any more is released. Checkpoints that were taken before
 * still name it, and a job may go on from any that is retained. Scenes that wait to be assembled
 * and tracked still name it, too, and nobody says when they are through: in a backlog that takes
 * longer than many checkpoints. So it is deleted once no retained checkpoint names it, and no
 * sooner than {@link #GRACE} of work later.
 */
final class StoredObjects {
  /** Longer than any scene takes from the fold to the tracker. */
  static final Duration GRACE = Duration.ofHours(6);

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
        if (!folded.probabilities().isEmpty()) {
          named.add(name(PixelKind.PROBABILITIES, folded.probabilities()));
        }
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
   * When an object was released.
   *
   * @param checkpoint the first checkpoint that does not name it
   * @param time milliseconds since 1970
   */
  public record Release(long checkpoint, long time) {}

  /**
   * What is released after a change of the observations.
   *
   * @param released what was released so far
   * @param before what was named before the change
   * @param named what is named now; what was released and is named again is no longer released
   * @param now when what is released by this change is released
   */
  static Map<String, Release> release(
      Map<String, Release> released, Set<String> before, Set<String> named, Release now) {
    Map<String, Release> after = new HashMap<>(released);
    before.forEach(object -> after.putIfAbsent(object, now));
    after.keySet().removeAll(named);
    return after;
  }

  /**
   * Whether an object that was released may be deleted.
   *
   * @param oldestRetained the oldest checkpoint that the job may go on from
   * @param workingSince milliseconds since 1970; before, nothing was in flight that went on
   * @param now milliseconds since 1970
   */
  static boolean isGarbage(Release release, long oldestRetained, long workingSince, long now) {
    return oldestRetained >= release.checkpoint()
        && now - Math.max(release.time(), workingSince) >= GRACE.toMillis();
  }

  /** Deletes an object by the name that {@link #namedBy} gives it. */
  static void delete(PixelStore store, ChunkKey chunk, String object) {
    int bar = object.indexOf('|');
    PixelKind kind = PixelKind.valueOf(object.substring(0, bar));
    store.delete(chunk, kind, object.substring(bar + 1));
  }
}
