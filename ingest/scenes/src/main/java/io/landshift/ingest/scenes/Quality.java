package io.landshift.ingest.scenes;

/**
 * What is known of a pixel of a harmonised chunk, as one byte.
 *
 * <p>Only {@link #CLEAR} pixels may be compared or learned from. The codes are part of what is
 * stored: they never change their meaning.
 */
public final class Quality {
  /** Not seen: outside the swath, nodata in a band, or outside the scene's window. */
  public static final byte NODATA = 0;

  /** Seen, and nothing speaks against it. */
  public static final byte CLEAR = 1;

  /** Cloud or cirrus, and the ground grown around it. */
  public static final byte CLOUD = 2;

  /** Cloud shadow, and the ground grown around it. */
  public static final byte SHADOW = 3;

  /** Snow or ice, and the ground grown around it. */
  public static final byte SNOW = 4;

  /** Thin haze that the scene classification misses, and every clear pixel of a hazy chunk. */
  public static final byte HAZE = 5;

  /** Masked for another reason: dark, unclassified, saturated, or a chunk with too little clear. */
  public static final byte OTHER = 6;

  private Quality() {}

  /** How many pixels of {@code quality} have the given code. */
  public static int count(byte[] quality, byte code) {
    int count = 0;
    for (byte value : quality) {
      if (value == code) {
        count++;
      }
    }
    return count;
  }
}
