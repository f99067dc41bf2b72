package io.landshift.training.samples;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Parts whole places, never their pixels: neighbouring pixels are alike, and a network that has
 * seen the one knows the other. A place's part depends on the seed and its name alone, so that it
 * stays where it is when places are added or the order of reading changes. Immutable.
 *
 * @param validation share of the places, 0..1
 * @param test share of the places, 0..1
 * @param turn 0 up to 1: the parts are moved on by this share of all places, so that splits of one
 *     seed can hold out other places each
 */
public record PlaceSplit(long seed, double validation, double test, double turn) {

  /** Not moved on. */
  public PlaceSplit(long seed, double validation, double test) {
    this(seed, validation, test, 0);
  }

  public PlaceSplit {
    if (!(turn >= 0 && turn < 1)) {
      throw new IllegalArgumentException("a turn is 0 up to 1: " + turn);
    }
    if (!(validation >= 0 && test >= 0 && validation + test <= 1)) {
      throw new IllegalArgumentException("shares are 0..1, and so is their sum");
    }
  }

  /** The part of a place. */
  public Part of(Source source) {
    double drawn = draw(source.globalPlace()) - turn;
    drawn += drawn < 0 ? 1 : 0;
    if (drawn < test) {
      return Part.TEST;
    }
    return drawn < test + validation ? Part.VALIDATION : Part.TRAIN;
  }

  /**
   * The first places of a share, for learning from few labels: more shares hold all of fewer.
   *
   * @param share above 0 up to 1; at least one place is left
   */
  public List<Source> few(List<Source> sources, double share) {
    List<String> places =
        sources.stream()
            .map(Source::globalPlace)
            .distinct()
            .sorted(Comparator.comparingDouble((String place) -> draw("few/" + place)))
            .toList();
    int count = (int) Math.max(1, Math.round(share * places.size()));
    Set<String> kept = Set.copyOf(places.subList(0, Math.min(count, places.size())));
    return sources.stream().filter(source -> kept.contains(source.globalPlace())).toList();
  }

  /** 0 up to 1, alike for all names; the first 53 bits of a digest. */
  private double draw(String place) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((seed + "\n" + place).getBytes(StandardCharsets.UTF_8));
      long bits = HexFormat.fromHexDigitsToLong(HexFormat.of().formatHex(digest, 0, 8));
      return (bits >>> 11) * 0x1p-53;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
