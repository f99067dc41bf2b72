package io.landshift.change;

import java.util.List;

/**
 * A disturbed patch of ground with an identity that is fixed at birth.
 *
 * <p>Immutable. Days count from the product's day 0; -1 where there is none.
 *
 * @param id 16 hexadecimal digits
 * @param score name of the score whose lifecycle it is
 * @param status where it is in its life
 * @param birthDay day of the scene that made it an object
 * @param youngestDay latest first disturbed day among the pixels that it took in, each on the scene
 *     that it came with; how long the object grows depends on it
 * @param firstDay earliest first disturbed day among the pixels that it ever had
 * @param latestDay day of the last scene on which any of its active pixels was seen
 * @param confirmedDay day of the scene that confirmed it
 * @param finishedDay day of the scene that finished it; -1 again once it is active again
 * @param footprint its ground: until it is confirmed its active pixels, from then on also all that
 *     join; empty once it is gone. No pixel belongs to two objects' footprints
 * @param active its pixels that are active as last seen; what was active before it was gone
 * @param confirmed the pixels of its footprint that were ever confirmed
 * @param fromClass land cover before, by majority at birth, {@link ActivePixels#NO_CLASS} = unknown
 * @param toClass land cover by majority of its active pixels on the last scene on which it is known
 * @param meanScore mean score of its active pixels on {@code latestDay}, in lifecycle units; 0 if
 *     never seen
 * @param maxScore largest score of any of its active pixels so far
 * @param revision counts its visible states, from 1
 * @param sceneIds the last {@value #SCENES} scenes that changed its visible state, oldest first
 */
public record TrackedObject(
    String id,
    String score,
    ObjectStatus status,
    int birthDay,
    int youngestDay,
    int firstDay,
    int latestDay,
    int confirmedDay,
    int finishedDay,
    PixelRuns footprint,
    PixelRuns active,
    PixelRuns confirmed,
    byte fromClass,
    byte toClass,
    float meanScore,
    float maxScore,
    int revision,
    List<String> sceneIds) {

  /** Largest number of scene ids that are kept. */
  public static final int SCENES = 64;

  /** Copies the list. */
  public TrackedObject {
    sceneIds = List.copyOf(sceneIds);
  }

  /**
   * What the world is shown: the confirmed pixels of an object that is or was confirmed, else the
   * active ones; of an object that is gone, those it last had.
   */
  public PixelRuns geometry() {
    return confirmedDay >= 0 ? confirmed : active;
  }

  /**
   * Whether the world would see a difference between this state and the other, dates seen apart.
   */
  boolean looksLike(TrackedObject other) {
    return status == other.status
        && fromClass == other.fromClass
        && toClass == other.toClass
        && firstDay == other.firstDay
        && confirmedDay == other.confirmedDay
        && finishedDay == other.finishedDay
        && geometry().equals(other.geometry());
  }

  void write(ByteWriter out) {
    out.text(id).text(score).byteOf(status.code());
    out.intOf(birthDay).intOf(youngestDay).intOf(firstDay);
    out.intOf(latestDay).intOf(confirmedDay).intOf(finishedDay);
    footprint.write(out);
    active.write(out);
    confirmed.write(out);
    out.byteOf(fromClass).byteOf(toClass).floatOf(meanScore).floatOf(maxScore).intOf(revision);
    out.numberOf(sceneIds.size());
    sceneIds.forEach(out::text);
  }

  static TrackedObject read(ByteReader in) {
    return new TrackedObject(
        in.text(),
        in.text(),
        readStatus(in),
        in.intOf(),
        in.intOf(),
        in.intOf(),
        in.intOf(),
        in.intOf(),
        in.intOf(),
        PixelRuns.read(in),
        PixelRuns.read(in),
        PixelRuns.read(in),
        in.byteOf(),
        in.byteOf(),
        in.floatOf(),
        in.floatOf(),
        in.intOf(),
        readIds(in));
  }

  private static ObjectStatus readStatus(ByteReader in) {
    int code = in.byteOf();
    for (ObjectStatus each : ObjectStatus.values()) {
      if (each.code() == code) {
        return each;
      }
    }
    throw in.damaged("unknown status " + code);
  }

  private static List<String> readIds(ByteReader in) {
    String[] ids = new String[in.checked(in.numberOf(), 1)];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = in.text();
    }
    return List.of(ids);
  }
}
