package io.landshift.change;

import java.util.ArrayList;
import java.util.List;

/** An object in the making of a step. Not safe for use by several threads. */
final class ObjectDraft {
  private static final int NEVER = -1;

  private final String id;
  private final String score;
  private final int birthDay;
  private final byte fromClass;
  private ObjectStatus status = ObjectStatus.PROVISIONAL;
  private int youngestDay;
  private int firstDay;
  private int latestDay;
  private int confirmedDay = NEVER;
  private int finishedDay = NEVER;
  private PixelRuns footprint = PixelRuns.EMPTY;
  private PixelRuns active = PixelRuns.EMPTY;
  private PixelRuns confirmed = PixelRuns.EMPTY;
  private byte toClass = ActivePixels.NO_CLASS;
  private float meanScore;
  private float maxScore;

  /** An object that is born. */
  ObjectDraft(String id, String score, int day, Sighting sighting) {
    this.id = id;
    this.score = score;
    this.birthDay = day;
    this.fromClass = sighting.fromClass();
    this.firstDay = sighting.firstDay();
    this.latestDay = day;
  }

  /** An object that lives on. */
  ObjectDraft(TrackedObject was) {
    id = was.id();
    score = was.score();
    birthDay = was.birthDay();
    fromClass = was.fromClass();
    status = was.status();
    youngestDay = was.youngestDay();
    firstDay = was.firstDay();
    latestDay = was.latestDay();
    confirmedDay = was.confirmedDay();
    finishedDay = was.finishedDay();
    footprint = was.footprint();
    active = was.active();
    confirmed = was.confirmed();
    toClass = was.toClass();
    meanScore = was.meanScore();
    maxScore = was.maxScore();
  }

  /**
   * Takes over what a scene shows of it within the windows. Ground that was never confirmed enough
   * and is no longer disturbed is released; a confirmed object keeps its own for good, so that bare
   * ground that is disturbed anew is no other object.
   *
   * @param youngest latest first day among its pixels, those that join now included
   */
  void see(Sighting sighting, List<ChunkWindow> covered, int day, int youngest) {
    active = active.without(covered).union(sighting.pixels());
    footprint = confirmedDay < 0 ? active : footprint.union(sighting.pixels());
    confirmed = confirmed.intersection(footprint).union(sighting.confirmed());
    youngestDay = youngest;
    firstDay = Math.min(firstDay, sighting.firstDay());
    if (sighting.seen() > 0) {
      latestDay = day;
      meanScore = sighting.meanScore();
      maxScore = Math.max(maxScore, sighting.maxScore());
    }
    if (sighting.toClass() != ActivePixels.NO_CLASS) {
      toClass = sighting.toClass();
    }
  }

  /** Draws the conclusion from the pixels. */
  void settle(int minimumPixels, int day) {
    if (confirmedDay < 0 && confirmed.pixels() >= minimumPixels) {
      confirmedDay = day;
    }
    boolean everConfirmed = confirmedDay >= 0;
    if (!active.isEmpty()) {
      status = everConfirmed ? ObjectStatus.CONFIRMED : ObjectStatus.PROVISIONAL;
      finishedDay = NEVER;
    } else if (everConfirmed) {
      finishedDay = finishedDay < 0 ? day : finishedDay;
      status = ObjectStatus.FINISHED;
    } else {
      status = ObjectStatus.RETRACTED;
    }
  }

  TrackedObject born(String sceneId) {
    return build(1, List.of(sceneId));
  }

  /**
   * The object with the same revision if it looks the same, else with the next; retracted, it shows
   * the pixels that it last had.
   */
  TrackedObject lived(TrackedObject was, String sceneId) {
    if (status == ObjectStatus.RETRACTED) {
      active = was.active();
      return build(was.revision() + 1, scenes(was.sceneIds(), sceneId));
    }
    TrackedObject same = build(was.revision(), was.sceneIds());
    return same.looksLike(was) ? same : build(was.revision() + 1, scenes(was.sceneIds(), sceneId));
  }

  private static List<String> scenes(List<String> before, String sceneId) {
    List<String> scenes = new ArrayList<>(before);
    scenes.add(sceneId);
    return scenes.subList(Math.max(0, scenes.size() - TrackedObject.SCENES), scenes.size());
  }

  private TrackedObject build(int revision, List<String> sceneIds) {
    return new TrackedObject(
        id,
        score,
        status,
        birthDay,
        youngestDay,
        firstDay,
        latestDay,
        confirmedDay,
        finishedDay,
        footprint,
        active,
        confirmed,
        fromClass,
        toClass,
        meanScore,
        maxScore,
        revision,
        sceneIds);
  }
}
