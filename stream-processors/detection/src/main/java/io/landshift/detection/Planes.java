package io.landshift.detection;

import io.landshift.schemas.PixelWindow;
import java.util.Arrays;
import java.util.List;

/** Planes of pixels and their transfer between windows. Pure functions. */
final class Planes {
  private Planes() {}

  /** The planes one after the other. */
  static short[] joined(List<short[]> planes) {
    short[] joined = new short[planes.stream().mapToInt(plane -> plane.length).sum()];
    int at = 0;
    for (short[] plane : planes) {
      System.arraycopy(plane, 0, joined, at, plane.length);
      at += plane.length;
    }
    return joined;
  }

  /** Planar values of {@code source} as planar values of {@code target}. */
  static short[] moved(
      short[] values, PixelWindow source, PixelWindow target, int planes, short elsewhere) {
    if (source.equals(target)) {
      return values;
    }
    int from = Windows.pixels(source);
    int to = Windows.pixels(target);
    short[] moved = new short[planes * to];
    Arrays.fill(moved, elsewhere);
    for (int plane = 0; plane < planes; plane++) {
      int sourcePlane = plane * from;
      int targetPlane = plane * to;
      Windows.copyRows(
          source,
          target,
          (a, b, length) ->
              System.arraycopy(values, sourcePlane + a, moved, targetPlane + b, length));
    }
    return moved;
  }

  /** One plane of {@code source} as a plane of {@code target}. */
  static byte[] moved(byte[] values, PixelWindow source, PixelWindow target, byte elsewhere) {
    if (source.equals(target)) {
      return values;
    }
    byte[] moved = new byte[Windows.pixels(target)];
    Arrays.fill(moved, elsewhere);
    Windows.copyRows(
        source, target, (a, b, length) -> System.arraycopy(values, a, moved, b, length));
    return moved;
  }

  /** One plane of {@code source} as a plane of {@code target}; NaN elsewhere. */
  static float[] moved(float[] values, PixelWindow source, PixelWindow target) {
    if (source.equals(target)) {
      return values;
    }
    float[] moved = new float[Windows.pixels(target)];
    Arrays.fill(moved, Float.NaN);
    Windows.copyRows(
        source, target, (a, b, length) -> System.arraycopy(values, a, moved, b, length));
    return moved;
  }
}
