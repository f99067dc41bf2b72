package io.landshift.change;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * Folds the active pixels of one tile and one score, scene by scene in sensing order, into objects
 * with an identity.
 *
 * <p>Rules of a step:
 *
 * <ol>
 *   <li>An active pixel in an object's footprint belongs to it, and wakes it if it was finished.
 *   <li>The other active pixels form 8-connected components. A component that touches (8
 *       neighbours) footprints joins one of them, whatever its own size: of those whose youngest
 *       first day is at most the growth days before the component's first day, the largest; of
 *       equals that of the earliest birth, then that of the smallest id. Components join one after
 *       the other by row and column of their first pixel, and one that joined counts for the next.
 *       Objects never merge.
 *   <li>Any other component of at least the minimum mapping unit becomes an object; a smaller one
 *       waits: nothing is kept of it.
 *   <li>Pixels of a never confirmed object that are no longer active are released, also those that
 *       were confirmed; without a pixel it is retracted. Otherwise an old provisional speck would
 *       take in a cut of years later and give it its date.
 *   <li>An object is confirmed once a minimum mapping unit of its pixels was confirmed. From then
 *       on it keeps its pixels for good; without an active one it is finished.
 *   <li>Outside of the windows that the scene covers, everything stays as it was.
 *   <li>The revision counts the states that the world can tell apart: status, geometry, classes,
 *       dates but the latest.
 * </ol>
 *
 * <p>The result does not depend on chunk borders or on the order of the lists. Immutable; safe for
 * use by several threads.
 */
public final class ObjectTracker {
  private final String gridCode;
  private final String score;
  private final TrackerParameters parameters;

  /**
   * @param gridCode the tile's code; part of what an object's id is made of
   * @param score the name of the score; likewise
   */
  public ObjectTracker(String gridCode, String score, TrackerParameters parameters) {
    this.gridCode = gridCode;
    this.score = score;
    this.parameters = parameters;
  }

  /**
   * The objects after a scene; {@code before} is left as it is. Objects that went with the scene
   * before are no longer in the result.
   *
   * @param now the active pixels in all the windows together, see {@link ActivePixels#merge}
   * @param covered the chunks that the scene covers
   * @param day the scene's day; scenes come in sensing order
   * @param sceneId the scene's identity
   */
  public ObjectTable track(
      ObjectTable before, ActivePixels now, List<ChunkWindow> covered, int day, String sceneId) {
    return new Step(before, now, covered, day, sceneId).run();
  }

  /**
   * One step. Its members are the known objects by birth and id, then the components of loose
   * pixels by row and column, each named by its first run.
   */
  private final class Step {
    private final List<TrackedObject> known;
    private final ActivePixels now;
    private final List<ChunkWindow> covered;
    private final int day;
    private final String sceneId;

    /** Per object pixels of its footprint and its youngest day, with what joined so far. */
    private final int[] size;

    private final int[] youngest;

    /** Per active pixel. */
    private final int[] memberOf;

    private final LooseComponents loose;

    Step(ObjectTable before, ActivePixels now, List<ChunkWindow> covered, int day, String sceneId) {
      this.now = now;
      this.covered = covered;
      this.day = day;
      this.sceneId = sceneId;
      known =
          before.objects().stream()
              .filter(each -> !each.status().isGone())
              .sorted(
                  Comparator.comparingInt(TrackedObject::birthDay).thenComparing(TrackedObject::id))
              .toList();
      size = known.stream().mapToInt(each -> each.footprint().pixels()).toArray();
      youngest = known.stream().mapToInt(TrackedObject::youngestDay).toArray();
      FootprintIndex footprints =
          new FootprintIndex(known.stream().map(TrackedObject::footprint).toList());
      memberOf = new int[now.size()];
      for (int i = 0; i < memberOf.length; i++) {
        memberOf[i] = footprints.ownerOf(now.x()[i], now.y()[i]);
      }
      loose = new LooseComponents(now, i -> memberOf[i] < 0);
      join(loose.touching(footprints));
    }

    /** Gives each component to the object that it joins, or makes it a member of its own. */
    private void join(SortedMap<Integer, SortedSet<Integer>> touching) {
      int[] joins = new int[loose.runs()];
      Arrays.setAll(joins, component -> known.size() + component);
      touching.forEach((component, objects) -> {
        int largest = largestGrowing(objects, loose.firstDay(component));
        if (largest >= 0) {
          joins[component] = largest;
          size[largest] += loose.pixels(component);
          youngest[largest] = Math.max(youngest[largest], loose.youngestDay(component));
        }
      });
      for (int i = 0; i < memberOf.length; i++) {
        if (memberOf[i] < 0) {
          memberOf[i] = joins[loose.componentOf(i)];
        }
      }
    }

    /** The largest of the objects that still grow on the day, the first of equals; -1 if none. */
    private int largestGrowing(SortedSet<Integer> objects, int firstDay) {
      int largest = -1;
      for (int object : objects) {
        boolean grows = firstDay - youngest[object] <= parameters.growthDays();
        if (grows && (largest < 0 || size[object] > size[largest])) {
          largest = object;
        }
      }
      return largest;
    }

    ObjectTable run() {
      int members = known.size() + loose.runs();
      // Sorts the pixels by member, keeping their order.
      int[] from = new int[members + 1];
      for (int member : memberOf) {
        from[member + 1]++;
      }
      Arrays.parallelPrefix(from, Integer::sum);
      int[] pixels = new int[now.size()];
      int[] next = from.clone();
      for (int i = 0; i < pixels.length; i++) {
        pixels[next[memberOf[i]]++] = i;
      }
      List<TrackedObject> after = new ArrayList<>();
      for (int object = 0; object < known.size(); object++) {
        after.add(live(object, pixels, from[object], from[object + 1]));
      }
      for (int component = 0; component < loose.runs(); component++) {
        int member = known.size() + component;
        if (from[member + 1] - from[member] >= parameters.minimumPixels()) {
          after.add(bear(component, pixels, from[member], from[member + 1]));
        }
      }
      return new ObjectTable(after);
    }

    private TrackedObject live(int object, int[] pixels, int from, int to) {
      TrackedObject was = known.get(object);
      if (from == to && was.active().without(covered).equals(was.active())) {
        return was;
      }
      ObjectDraft draft = new ObjectDraft(was);
      draft.see(Sighting.of(now, pixels, from, to), covered, day, youngest[object]);
      draft.settle(parameters.minimumPixels(), day);
      return draft.lived(was, sceneId);
    }

    private TrackedObject bear(int component, int[] pixels, int from, int to) {
      int anchor = pixels[from];
      Sighting sighting = Sighting.of(now, pixels, from, to);
      String id = id(now.x()[anchor], now.y()[anchor]);
      ObjectDraft draft = new ObjectDraft(id, score, day, sighting);
      draft.see(sighting, covered, day, loose.youngestDay(component));
      draft.settle(parameters.minimumPixels(), day);
      return draft.born(sceneId);
    }

    private String id(int x, int y) {
      String birth = String.join("\n", gridCode, score, "" + day, x + "," + y, sceneId);
      try {
        byte[] digest =
            MessageDigest.getInstance("SHA-256").digest(birth.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, 8);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }
}
