package io.landshift.detection;

import io.landshift.schemas.PixelWindow;

/** Arithmetic of pixel rectangles, and copying planes between them. Pure functions. */
final class Windows {
  private Windows() {}

  /** The common pixels; width or height is 0 where there are none. */
  static PixelWindow intersect(PixelWindow a, PixelWindow b) {
    int x = Math.max(a.getX(), b.getX());
    int y = Math.max(a.getY(), b.getY());
    int right = Math.min(a.getX() + a.getWidth(), b.getX() + b.getWidth());
    int bottom = Math.min(a.getY() + a.getHeight(), b.getY() + b.getHeight());
    return new PixelWindow(x, y, Math.max(0, right - x), Math.max(0, bottom - y));
  }

  /** The smallest rectangle that holds both. */
  static PixelWindow hull(PixelWindow a, PixelWindow b) {
    int x = Math.min(a.getX(), b.getX());
    int y = Math.min(a.getY(), b.getY());
    int right = Math.max(a.getX() + a.getWidth(), b.getX() + b.getWidth());
    int bottom = Math.max(a.getY() + a.getHeight(), b.getY() + b.getHeight());
    return new PixelWindow(x, y, right - x, bottom - y);
  }

  static boolean isEmpty(PixelWindow window) {
    return window.getWidth() <= 0 || window.getHeight() <= 0;
  }

  static int pixels(PixelWindow window) {
    return window.getWidth() * window.getHeight();
  }

  /** One row that two windows share: where it starts in each plane, and how long it is. */
  interface RowCopy {
    void copy(int sourceOffset, int targetOffset, int length);
  }

  /** Calls {@code copy} for each row that {@code source} and {@code target} have in common. */
  static void copyRows(PixelWindow source, PixelWindow target, RowCopy copy) {
    PixelWindow common = intersect(source, target);
    if (isEmpty(common)) {
      return;
    }
    for (int y = common.getY(); y < common.getY() + common.getHeight(); y++) {
      copy.copy(
          offset(source, common.getX(), y), offset(target, common.getX(), y), common.getWidth());
    }
  }

  private static int offset(PixelWindow window, int x, int y) {
    return (y - window.getY()) * window.getWidth() + x - window.getX();
  }
}
