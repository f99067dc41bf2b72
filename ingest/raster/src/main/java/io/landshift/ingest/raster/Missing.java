package io.landshift.ingest.raster;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads stored numbers as float32, NaN where they mean no data. The comparison is made in the
 * stored type, before precision is lost; integers beyond 2^24 are then rounded. Immutable.
 */
final class Missing implements Numbers {
  /** How many numbers may be stated beside the raster's own. */
  static final int STATED = 2;

  private static final VarHandle SHORTS = view(short[].class);
  private static final VarHandle INTS = view(int[].class);
  private static final VarHandle FLOATS = view(float[].class);
  private static final VarHandle DOUBLES = view(double[].class);

  private final RasterType type;
  private final double first;
  private final double second;
  private final double third;

  /**
   * @param own the raster's own nodata number, or null
   * @param stated at most {@link #STATED} others
   */
  Missing(RasterType type, @Nullable Double own, List<Double> stated) {
    this.type = type;
    this.first = inType(own);
    this.second = inType(stated.isEmpty() ? null : stated.getFirst());
    this.third = inType(stated.size() < STATED ? null : stated.getLast());
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.nativeOrder());
  }

  /** Nodata is written as a decimal number: -3.4e38 must find the float32 nearest to it. */
  private double inType(@Nullable Double nodata) {
    if (nodata == null) {
      return Double.NaN;
    }
    return type == RasterType.FLOAT32 ? (double) nodata.floatValue() : nodata;
  }

  float number(byte[] block, int index) {
    double number =
        switch (type) {
          case UINT8 -> block[index] & 0xff;
          case UINT16 -> (short) SHORTS.get(block, 2 * index) & 0xffff;
          case INT16 -> (short) SHORTS.get(block, 2 * index);
          case UINT32 -> (int) INTS.get(block, 4 * index) & 0xffff_ffffL;
          case INT32 -> (int) INTS.get(block, 4 * index);
          case FLOAT32 -> (float) FLOATS.get(block, 4 * index);
          case FLOAT64 -> (double) DOUBLES.get(block, 8 * index);
        };
    return number == first || number == second || number == third ? Float.NaN : (float) number;
  }

  @Override
  public void copy(byte[] block, int start, int count, float[] into, int at) {
    // Loops of their own for the commonest types, so that they stay free of the switch.
    if (type == RasterType.UINT16) {
      copyShorts(block, start, count, into, at);
    } else if (type == RasterType.UINT8) {
      copyBytes(block, start, count, into, at);
    } else {
      for (int i = 0; i < count; i++) {
        into[at + i] = number(block, start + i);
      }
    }
  }

  private void copyShorts(byte[] block, int start, int count, float[] into, int at) {
    int one = whole(first);
    int other = whole(second);
    int last = whole(third);
    for (int i = 0; i < count; i++) {
      int number = (short) SHORTS.get(block, 2 * (start + i)) & 0xffff;
      into[at + i] = number == one || number == other || number == last ? Float.NaN : number;
    }
  }

  private void copyBytes(byte[] block, int start, int count, float[] into, int at) {
    int one = whole(first);
    int other = whole(second);
    int last = whole(third);
    for (int i = 0; i < count; i++) {
      int number = block[start + i] & 0xff;
      into[at + i] = number == one || number == other || number == last ? Float.NaN : number;
    }
  }

  /** As a whole number; -1, which no unsigned number is, where it is none. */
  private static int whole(double nodata) {
    int number = (int) nodata;
    return number == nodata ? number : -1;
  }
}
