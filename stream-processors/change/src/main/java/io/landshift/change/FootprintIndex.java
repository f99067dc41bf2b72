package io.landshift.change;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** Finds the object to whose footprint a pixel belongs. Immutable. */
final class FootprintIndex {
  private final int firstRow;

  /** Per row from {@code firstRow} the place of its first run; one more for the end. */
  private final int[] rowStart;

  private final int[] start;
  private final int[] end;
  private final int[] owner;

  /**
   * @param footprints one per object; no pixel in two of them
   */
  FootprintIndex(List<PixelRuns> footprints) {
    int low = Integer.MAX_VALUE;
    int high = -1;
    int runs = 0;
    for (PixelRuns each : footprints) {
      if (!each.isEmpty()) {
        low = Math.min(low, each.row(0));
        high = Math.max(high, each.row(each.runs() - 1));
        runs = Math.addExact(runs, each.runs());
      }
    }
    firstRow = high < 0 ? 0 : low;
    rowStart = new int[high < 0 ? 1 : high - low + 2];
    start = new int[runs];
    end = new int[runs];
    owner = new int[runs];
    fill(footprints);
  }

  private void fill(List<PixelRuns> footprints) {
    for (PixelRuns each : footprints) {
      for (int run = 0; run < each.runs(); run++) {
        rowStart[each.row(run) - firstRow + 1]++;
      }
    }
    Arrays.parallelPrefix(rowStart, Integer::sum);
    int[] filled = new int[rowStart.length];
    for (int object = 0; object < footprints.size(); object++) {
      PixelRuns each = footprints.get(object);
      for (int run = 0; run < each.runs(); run++) {
        int row = each.row(run) - firstRow;
        insert(rowStart[row], filled[row]++, each.start(run), each.end(run), object);
      }
    }
  }

  /** Puts a run in its place among the runs of its row, which are few. */
  private void insert(int from, int length, int runStart, int runEnd, int object) {
    int at = from + length;
    for (; at > from && start[at - 1] > runStart; at--) {
      start[at] = start[at - 1];
      end[at] = end[at - 1];
      owner[at] = owner[at - 1];
    }
    start[at] = runStart;
    end[at] = runEnd;
    owner[at] = object;
  }

  /** The object whose footprint holds the pixel, or -1. */
  int ownerOf(int x, int y) {
    int at = firstEndingAfter(x, y);
    return at >= 0 && start[at] <= x ? owner[at] : -1;
  }

  /** Names the owners of the row's runs that share a column with [from, to); some repeatedly. */
  void forEachOwner(int y, int from, int to, IntConsumer consumer) {
    int at = firstEndingAfter(from, y);
    if (at < 0) {
      return;
    }
    for (int stop = rowStart[y - firstRow + 1]; at < stop && start[at] < to; at++) {
      consumer.accept(owner[at]);
    }
  }

  /** The row's first run that ends after the column, or -1. */
  private int firstEndingAfter(int x, int y) {
    int row = y - firstRow;
    if (row < 0 || row >= rowStart.length - 1) {
      return -1;
    }
    int low = rowStart[row];
    int stop = rowStart[row + 1];
    int high = stop;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (end[middle] <= x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < stop ? low : -1;
  }
}
