package io.landshift.ingest.raster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The edges of a set of pixels as rings of pixel corners. Pure.
 *
 * <p>Pixels that touch by a side make one polygon; pixels that only touch by a corner make two. A
 * ring never meets itself: where two corners of a hole or of the outside touch, it is split there.
 */
final class PixelRings {
  private static final int EAST = 0;
  private static final int SOUTH = 1;
  private static final int WEST = 2;
  private static final int NORTH = 3;
  private static final int[] STEP_X = {1, 0, -1, 0};
  private static final int[] STEP_Y = {0, 1, 0, -1};

  private final int left;
  private final int top;
  private final int width;
  private final int height;
  private final BitSet pixels;

  /** For each corner of the box, a bit per direction in which an edge leaves it. */
  private byte[] edges = new byte[0];

  private PixelRings(int left, int top, int width, int height) {
    this.left = left;
    this.top = top;
    this.width = width;
    this.height = height;
    this.pixels = new BitSet(Math.multiplyExact(width, height));
  }

  /**
   * One polygon.
   *
   * @param rings the outer ring, then the holes: corners in order x0, y0, x1, y1, ..., the first
   *     not repeated, only where the ring turns
   */
  record Polygon(List<int[]> rings) {}

  /**
   * Follows the edges of a set of pixels.
   *
   * @param x columns of pixels
   * @param y rows of the same pixels
   * @return polygons in the order of their first pixel, row by row
   */
  static List<Polygon> of(int[] x, int[] y) {
    if (x.length == 0 || x.length != y.length) {
      throw new IllegalArgumentException("a set of pixels has as many columns as rows, and some");
    }
    int left = Arrays.stream(x).min().orElseThrow();
    int top = Arrays.stream(y).min().orElseThrow();
    int width = Arrays.stream(x).max().orElseThrow() - left + 1;
    int height = Arrays.stream(y).max().orElseThrow() - top + 1;
    PixelRings rings = new PixelRings(left, top, width, height);
    for (int i = 0; i < x.length; i++) {
      rings.pixels.set((y[i] - top) * width + x[i] - left);
    }
    return rings.polygons();
  }

  private List<Polygon> polygons() {
    BitSet remaining = (BitSet) pixels.clone();
    List<Polygon> polygons = new ArrayList<>();
    for (int seed = remaining.nextSetBit(0); seed >= 0; seed = remaining.nextSetBit(seed)) {
      polygons.add(polygon(takeComponent(seed, remaining)));
    }
    return polygons;
  }

  private BitSet takeComponent(int seed, BitSet remaining) {
    BitSet component = new BitSet(width * height);
    Deque<Integer> open = new ArrayDeque<>();
    remaining.clear(seed);
    open.push(seed);
    while (!open.isEmpty()) {
      int pixel = open.pop();
      component.set(pixel);
      for (int direction = EAST; direction <= NORTH; direction++) {
        int x = pixel % width + STEP_X[direction];
        int y = pixel / width + STEP_Y[direction];
        if (contains(remaining, x, y)) {
          remaining.clear(y * width + x);
          open.push(y * width + x);
        }
      }
    }
    return component;
  }

  private boolean contains(BitSet set, int x, int y) {
    return x >= 0 && y >= 0 && x < width && y < height && set.get(y * width + x);
  }

  /** Edges run with the pixels on their right, so outer rings run clockwise on the screen. */
  private Polygon polygon(BitSet component) {
    edges = new byte[(width + 1) * (height + 1)];
    for (int pixel = component.nextSetBit(0); pixel >= 0; pixel = component.nextSetBit(pixel + 1)) {
      int x = pixel % width;
      int y = pixel / width;
      markUnless(component, x, y - 1, x, y, EAST);
      markUnless(component, x + 1, y, x + 1, y, SOUTH);
      markUnless(component, x, y + 1, x + 1, y + 1, WEST);
      markUnless(component, x - 1, y, x, y + 1, NORTH);
    }
    List<int[]> rings = new ArrayList<>();
    for (int corner = 0; corner < edges.length; corner++) {
      while (edges[corner] != 0) {
        for (int[] ring : trace(corner)) {
          rings.add(clockwise(ring) ? 0 : rings.size(), ring);
        }
      }
    }
    return new Polygon(rings);
  }

  private void markUnless(BitSet component, int x, int y, int fromX, int fromY, int direction) {
    if (!contains(component, x, y)) {
      edges[fromY * (width + 1) + fromX] |= (byte) (1 << direction);
    }
  }

  /**
   * Follows the edges from a corner until they close, taking out a ring at every corner met twice.
   */
  private List<int[]> trace(int start) {
    List<int[]> rings = new ArrayList<>();
    List<Integer> path = new ArrayList<>();
    Map<Integer, Integer> met = new HashMap<>();
    int corner = start;
    do {
      met.put(corner, path.size());
      path.add(corner);
      int direction = Integer.numberOfTrailingZeros(edges[corner]);
      edges[corner] &= (byte) ~(1 << direction);
      corner += STEP_Y[direction] * (width + 1) + STEP_X[direction];
      Integer since = met.get(corner);
      if (since != null) {
        List<Integer> closed = path.subList(since, path.size());
        rings.add(turns(closed));
        closed.forEach(met::remove);
        closed.clear();
      }
    } while (!path.isEmpty());
    return rings;
  }

  /** The corners at which the ring turns, in the grid's own numbers. */
  private int[] turns(List<Integer> ring) {
    int[] corners = new int[2 * ring.size()];
    int count = 0;
    for (int i = 0; i < ring.size(); i++) {
      int before = ring.get(Math.floorMod(i - 1, ring.size()));
      int here = ring.get(i);
      int after = ring.get((i + 1) % ring.size());
      if (here - before != after - here) {
        corners[count++] = left + here % (width + 1);
        corners[count++] = top + here / (width + 1);
      }
    }
    return Arrays.copyOf(corners, count);
  }

  private static boolean clockwise(int[] ring) {
    long doubled = 0;
    for (int i = 0; i < ring.length; i += 2) {
      int next = (i + 2) % ring.length;
      doubled += (long) ring[i] * ring[next + 1] - (long) ring[next] * ring[i + 1];
    }
    return doubled > 0;
  }
}
