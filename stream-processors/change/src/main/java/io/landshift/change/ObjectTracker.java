package io.landshift.change;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * Folds the active pixels of one tile and one score, scene by scene in sensing order, into objects
 * with an identity.
 *
 * <p>Rules of a step:
 *
 * <ol>
 *   <li>An active pixel in an object's footprint belongs to it, and wakes it if it was finished.
 *   <li>The other active pixels form 8-connected components. One that touches (8 neighbours)
 *       footprints that grew within the growth days joins them; if there are several, they become
 *       one: that of the earliest birth, of these that of the smallest id.
 *   <li>Any other component of at least the minimum mapping unit becomes an object; a smaller one
 *       waits: nothing is kept of it.
 *   <li>An object is confirmed once a minimum mapping unit of its pixels was ever confirmed.
 *       Without an active pixel it is finished if it was confirmed, else retracted, and its ground
 *       is free again.
 *   <li>Outside of the windows that the scene covers, everything stays as it was.
 *   <li>The revision counts the states that the world can tell apart: status, geometry, classes,
 *       dates but the latest, merged objects.
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
   * One step. Known objects and runs of loose pixels are the members of one union-find: first the
   * objects by birth and id, then the runs by row and column. A set's smallest member is then the
   * object that goes on or, in a set without object, the run with the anchor pixel.
   */
  private final class Step {
    private final List<TrackedObject> known;
    private final ActivePixels now;
    private final List<ChunkWindow> covered;
    private final int day;
    private final String sceneId;
    private final FootprintIndex footprints;
    private final int[] memberOf;
    private final PixelRuns loose;
    private final DisjointSets sets;

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
      footprints = new FootprintIndex(known.stream().map(TrackedObject::footprint).toList());
      memberOf = new int[now.size()];
      loose = findOwners();
      sets = new DisjointSets(known.size() + loose.runs());
      loose.uniteComponents(sets, known.size());
      uniteWithGrowing();
    }

    /** Names each pixel's object or run in {@code memberOf}; returns the pixels without object. */
    private PixelRuns findOwners() {
      int[] looseX = new int[now.size()];
      int[] looseY = new int[now.size()];
      int n = 0;
      int run = -1;
      for (int i = 0; i < now.size(); i++) {
        int x = now.x()[i];
        int y = now.y()[i];
        memberOf[i] = footprints.ownerOf(x, y);
        if (memberOf[i] < 0) {
          boolean goesOn = n > 0 && looseY[n - 1] == y && looseX[n - 1] == x - 1;
          run += goesOn ? 0 : 1;
          memberOf[i] = known.size() + run;
          looseX[n] = x;
          looseY[n++] = y;
        }
      }
      return PixelRuns.ofSorted(looseX, looseY, n);
    }

    private void uniteWithGrowing() {
      for (int run = 0; run < loose.runs(); run++) {
        int member = known.size() + run;
        for (int row = loose.row(run) - 1; row <= loose.row(run) + 1; row++) {
          footprints.forEachOwner(
              row,
              loose.start(run) - 1,
              loose.end(run) + 1,
              object -> {
                if (day - known.get(object).growthDay() <= parameters.growthDays()) {
                  sets.union(object, member);
                }
              });
        }
      }
    }

    ObjectTable run() {
      int members = known.size() + loose.runs();
      // Sorts the pixels by the set they are in, keeping their order.
      int[] from = new int[members + 1];
      for (int i = 0; i < now.size(); i++) {
        from[sets.find(memberOf[i]) + 1]++;
      }
      for (int member = 0; member < members; member++) {
        from[member + 1] += from[member];
      }
      int[] pixels = new int[now.size()];
      int[] next = from.clone();
      for (int i = 0; i < now.size(); i++) {
        pixels[next[sets.find(memberOf[i])]++] = i;
      }
      List<List<TrackedObject>> absorbed = absorbed();
      List<TrackedObject> after = new ArrayList<>();
      for (int object = 0; object < known.size(); object++) {
        after.add(
            sets.find(object) == object
                ? live(
                    known.get(object), absorbed.get(object), pixels, from[object], from[object + 1])
                : new ObjectDraft(known.get(object))
                    .gone(known.get(object), ObjectStatus.MERGED, sceneId));
      }
      for (int member = known.size(); member < members; member++) {
        if (from[member + 1] - from[member] >= parameters.minimumPixels()) {
          after.add(bear(pixels, from[member], from[member + 1]));
        }
      }
      return new ObjectTable(after);
    }

    /** Per object those that end in it. */
    private List<List<TrackedObject>> absorbed() {
      List<List<TrackedObject>> absorbed = new ArrayList<>();
      for (int object = 0; object < known.size(); object++) {
        absorbed.add(new ArrayList<>());
        int into = sets.find(object);
        if (into != object) {
          absorbed.get(into).add(known.get(object));
        }
      }
      return absorbed;
    }

    private TrackedObject live(
        TrackedObject was, List<TrackedObject> absorbed, int[] pixels, int from, int to) {
      if (from == to && was.active().without(covered).equals(was.active())) {
        return was;
      }
      ObjectDraft draft = new ObjectDraft(was);
      absorbed.forEach(draft::absorb);
      draft.see(Sighting.of(now, pixels, from, to), covered, day);
      draft.settle(parameters.minimumPixels(), day);
      return draft.lived(was, sceneId);
    }

    private TrackedObject bear(int[] pixels, int from, int to) {
      int anchor = pixels[from];
      Sighting sighting = Sighting.of(now, pixels, from, to);
      String id = id(now.x()[anchor], now.y()[anchor]);
      ObjectDraft draft = new ObjectDraft(id, score, day, sighting);
      draft.see(sighting, covered, day);
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
