package io.landshift.ingest.raster;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads stored numbers as float32, NaN where they mean no data. The comparison is made in the
 * stored type, before precision is lost; integers beyond 2^24 are then rounded. Immutable.
 */
final class Missing {
  private final RasterType type;
  private final double first;
  private final double second;

  /** Either nodata number may be null: none. */
  Missing(RasterType type, @Nullable Double own, @Nullable Double stated) {
    this.type = type;
    this.first = inType(own);
    this.second = inType(stated);
  }

  /** Nodata is written as a decimal number: -3.4e38 must find the float32 nearest to it. */
  private double inType(@Nullable Double nodata) {
    if (nodata == null) {
      return Double.NaN;
    }
    return type == RasterType.FLOAT32 ? (double) nodata.floatValue() : nodata;
  }

  float number(ByteBuffer block, int index) {
    double number =
        switch (type) {
          case UINT8 -> block.get(index) & 0xff;
          case UINT16 -> block.getShort(2 * index) & 0xffff;
          case INT16 -> block.getShort(2 * index);
          case UINT32 -> block.getInt(4 * index) & 0xffff_ffffL;
          case INT32 -> block.getInt(4 * index);
          case FLOAT32 -> block.getFloat(4 * index);
          case FLOAT64 -> block.getDouble(8 * index);
        };
    return number == first || number == second ? Float.NaN : (float) number;
  }

  void copy(ByteBuffer block, int start, int count, float[] into, int at) {
    // One loop for the commonest type, so that it stays free of the switch.
    if (type == RasterType.UINT16) {
      for (int i = 0; i < count; i++) {
        int number = block.getShort(2 * (start + i)) & 0xffff;
        into[at + i] = number == first || number == second ? Float.NaN : number;
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      into[at + i] = number(block, start + i);
    }
  }
}
