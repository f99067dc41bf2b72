package io.landshift.training.samples;

import java.util.Collection;

/**
 * Where a sample comes from. Immutable.
 *
 * @param set name of the data set
 * @param name of the sample, unique in its set
 * @param place name of the ground that it shows; splits never part samples of one place
 * @param licence of the set
 * @param heldOut true where the ground is the show, or kept for a test: never learned from
 */
public record Source(String set, String name, String place, Licence licence, boolean heldOut) {

  /** The place's name among those of all sets. */
  public String globalPlace() {
    return set + "/" + place;
  }

  /** How many places sources show. */
  public static long places(Collection<Source> sources) {
    return sources.stream().map(Source::globalPlace).distinct().count();
  }
}
