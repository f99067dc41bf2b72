package io.landshift.ingest.raster;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What each number of 8 or 16 bits becomes, by its bits: one look-up a pixel. Immutable. */
final class NumberTable implements Numbers {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

  private final float[] results;

  private NumberTable(float[] results) {
    this.results = results;
  }

  /** Whether the numbers of a type are few enough. */
  static boolean fits(RasterType type) {
    return type.bytes() <= Short.BYTES;
  }

  /** How many numbers a type has. */
  static int size(RasterType type) {
    return 1 << (Byte.SIZE * type.bytes());
  }

  /**
   * @param type of at most 16 bits
   * @param missing reads numbers of that type
   */
  static NumberTable of(RasterType type, Missing missing, Conversion conversion) {
    int size = size(type);
    byte[] all = new byte[size * type.bytes()];
    for (int bits = 0; bits < size; bits++) {
      if (type.bytes() == 1) {
        all[bits] = (byte) bits;
      } else {
        SHORTS.set(all, Short.BYTES * bits, (short) bits);
      }
    }
    float[] results = new float[size];
    missing.copy(all, 0, size, results, 0);
    conversion.convert(results, 0, size);
    return new NumberTable(results);
  }

  @Override
  public void copy(byte[] block, int start, int count, float[] into, int at) {
    float[] table = results;
    if (table.length > 256) {
      for (int i = 0; i < count; i++) {
        into[at + i] = table[(short) SHORTS.get(block, Short.BYTES * (start + i)) & 0xffff];
      }
    } else {
      for (int i = 0; i < count; i++) {
        into[at + i] = table[block[start + i] & 0xff];
      }
    }
  }
}
