package io.landshift.change;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A set of grid pixels as runs along the rows: sparse, sorted by row and column, with runs of a row
 * neither overlapping nor touching, so that equal sets have equal runs.
 *
 * <p>Immutable; safe for use by several threads.
 */
public final class PixelRuns {
  /** No pixel. */
  public static final PixelRuns EMPTY = new PixelRuns(new int[0], 0);

  /** Row, first column, column after the last, and so on. */
  private final int[] triples;

  private final int pixels;

  private PixelRuns(int[] triples, int pixels) {
    this.triples = triples;
    this.pixels = pixels;
  }

  /**
   * The set of the first {@code n} pixels, which must be sorted by row, then column, without
   * repetition.
   */
  static PixelRuns ofSorted(int[] x, int[] y, int n) {
    Builder builder = new Builder(n);
    for (int i = 0; i < n; i++) {
      builder.add(y[i], x[i], x[i] + 1);
    }
    return builder.build();
  }

  /** Number of runs. */
  public int runs() {
    return triples.length / 3;
  }

  /** Number of pixels. */
  public int pixels() {
    return pixels;
  }

  /** Whether there is no pixel. */
  public boolean isEmpty() {
    return pixels == 0;
  }

  /** Row of a run. */
  public int row(int run) {
    return triples[3 * run];
  }

  /** First column of a run. */
  public int start(int run) {
    return triples[3 * run + 1];
  }

  /** The column after the last of a run. */
  public int end(int run) {
    return triples[3 * run + 2];
  }

  /** Whether the pixel belongs to the set. */
  public boolean contains(int x, int y) {
    int low = 0;
    int high = runs() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (row(middle) < y || (row(middle) == y && end(middle) <= x)) {
        low = middle + 1;
      } else if (row(middle) > y || start(middle) > x) {
        high = middle - 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** The pixels of this set, of the other, or of both; this very set if the other adds nothing. */
  public PixelRuns union(PixelRuns other) {
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    Builder builder = new Builder(runs() + other.runs());
    int a = 0;
    int b = 0;
    while (a < runs() || b < other.runs()) {
      if (b == other.runs() || (a < runs() && isBefore(a, other, b))) {
        builder.add(row(a), start(a), end(a));
        a++;
      } else {
        builder.add(other.row(b), other.start(b), other.end(b));
        b++;
      }
    }
    PixelRuns union = builder.build();
    return union.pixels == pixels ? this : union;
  }

  /** The pixels of both sets; this very set if the other has them all. */
  PixelRuns intersection(PixelRuns other) {
    Builder builder = new Builder(runs() + other.runs());
    int a = 0;
    int b = 0;
    while (a < runs() && b < other.runs()) {
      if (row(a) == other.row(b)) {
        builder.add(row(a), Math.max(start(a), other.start(b)), Math.min(end(a), other.end(b)));
      }
      boolean endsFirst = row(a) != other.row(b) ? row(a) < other.row(b) : end(a) <= other.end(b);
      a += endsFirst ? 1 : 0;
      b += endsFirst ? 0 : 1;
    }
    return builder.pixels == pixels ? this : builder.build();
  }

  private boolean isBefore(int run, PixelRuns other, int otherRun) {
    return row(run) != other.row(otherRun)
        ? row(run) < other.row(otherRun)
        : start(run) <= other.start(otherRun);
  }

  /** The pixels of this set that lie in none of the windows; this very set if none lies in one. */
  public PixelRuns without(List<ChunkWindow> windows) {
    PixelRuns left = this;
    for (ChunkWindow window : windows) {
      left = left.without(window);
    }
    return left;
  }

  private PixelRuns without(ChunkWindow window) {
    if (isEmpty() || row(0) >= window.lower() || row(runs() - 1) < window.y()) {
      return this;
    }
    Builder builder = new Builder(runs() + 1);
    for (int i = 0; i < runs(); i++) {
      if (row(i) < window.y() || row(i) >= window.lower()) {
        builder.add(row(i), start(i), end(i));
        continue;
      }
      builder.add(row(i), start(i), Math.min(end(i), window.x()));
      builder.add(row(i), Math.max(start(i), window.right()), end(i));
    }
    return builder.pixels == pixels ? this : builder.build();
  }

  /**
   * Unites the runs of each 8-connected component.
   *
   * @param sets run {@code i} is its member {@code first + i}
   */
  void uniteComponents(DisjointSets sets, int first) {
    int above = 0;
    for (int run = 0; run < runs(); run++) {
      int upper = row(run) - 1;
      while (row(above) < upper || (row(above) == upper && end(above) < start(run))) {
        above++;
      }
      for (int k = above; row(k) == upper && start(k) <= end(run); k++) {
        sets.union(first + k, first + run);
      }
    }
  }

  void write(ByteWriter out) {
    out.numberOf(runs());
    int row = 0;
    int column = 0;
    for (int i = 0; i < runs(); i++) {
      out.numberOf(row(i) - row);
      column = row(i) == row ? column : 0;
      out.numberOf(start(i) - column).numberOf(end(i) - start(i));
      row = row(i);
      column = end(i);
    }
  }

  static PixelRuns read(ByteReader in) {
    int runs = in.checked(in.numberOf(), 3);
    Builder builder = new Builder(runs);
    long row = 0;
    long column = 0;
    long pixels = 0;
    for (int i = 0; i < runs; i++) {
      int down = in.numberOf();
      row += down;
      column = down == 0 ? column : 0;
      long start = column + in.numberOf();
      column = start + in.numberOf();
      pixels += column - start;
      if (Math.max(row, Math.max(column, pixels)) > Integer.MAX_VALUE) {
        throw in.damaged("a run lies outside of any grid");
      }
      builder.add((int) row, (int) start, (int) column);
    }
    return builder.build();
  }

  /** Whether the other is the same set. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PixelRuns that
        && (this == that || (pixels == that.pixels && Arrays.equals(triples, that.triples)));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(triples);
  }

  @Override
  public String toString() {
    return "PixelRuns[" + pixels + " pixels in " + runs() + " runs]";
  }

  /** Takes runs sorted by row and start, and joins those that overlap or touch. */
  private static final class Builder {
    private int[] triples;
    private int length;
    private int pixels;

    Builder(int runs) {
      triples = new int[3 * runs];
    }

    void add(int row, int start, int end) {
      if (start >= end) {
        return;
      }
      boolean joins = length > 0 && triples[length - 3] == row && start <= triples[length - 1];
      if (joins) {
        int further = Math.max(0, end - triples[length - 1]);
        triples[length - 1] += further;
        pixels = Math.addExact(pixels, further);
        return;
      }
      if (length == triples.length) {
        triples = Arrays.copyOf(triples, 2 * length + 3);
      }
      triples[length++] = row;
      triples[length++] = start;
      triples[length++] = end;
      pixels = Math.addExact(pixels, end - start);
    }

    PixelRuns build() {
      return length == 0 ? EMPTY : new PixelRuns(Arrays.copyOf(triples, length), pixels);
    }
  }
}
