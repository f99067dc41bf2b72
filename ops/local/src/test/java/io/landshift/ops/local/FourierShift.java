package io.landshift.ops.local;

/** Moves an image by any distance: a shift is a phase in each frequency. Slow and plain. */
final class FourierShift {
  private FourierShift() {}

  /**
   * The image as seen so many pixels to the east and south; beyond its borders it is mirrored.
   *
   * @param image row-major, {@code side * side}
   */
  static float[] move(float[] image, int side, double east, double south) {
    return lines(lines(image, side, east, 1, side), side, south, side, 1);
  }

  /** Moves each line of pixels, {@code stride} apart from each other, along itself. */
  private static float[] lines(float[] image, int side, double distance, int stride, int next) {
    float[] moved = new float[image.length];
    int period = 2 * side;
    double[] kernel = new double[period];
    for (int d = 0; d < period; d++) {
      kernel[d] = kernel(d - distance, period);
    }
    for (int line = 0; line < side; line++) {
      for (int x = 0; x < side; x++) {
        double sum = 0;
        for (int k = 0; k < period; k++) {
          int mirrored = k < side ? k : period - 1 - k;
          sum += image[line * next + mirrored * stride] * kernel[Math.floorMod(x - k, period)];
        }
        moved[line * next + x * stride] = (float) sum;
      }
    }
    return moved;
  }

  /** What one pixel gives to a place so far away: the sum over all frequencies below Nyquist's. */
  private static double kernel(double distance, int period) {
    double sum = 1;
    for (int k = 1; k < period / 2; k++) {
      sum += 2 * Math.cos(2 * Math.PI * k * distance / period);
    }
    return sum / period;
  }
}
