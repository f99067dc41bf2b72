package io.landshift.change;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/**
 * The 8-connected components of active pixels that belong to no object. A component is named by its
 * first run, so that the names ascend by row and column of the first pixel. Immutable.
 */
final class LooseComponents {
  private static final int NONE = -1;

  private final PixelRuns loose;

  /** Per active pixel and per run the component; {@link #NONE} for a pixel that is not loose. */
  private final int[] ofPixel;

  private final int[] ofRun;
  private final int[] pixels;
  private final int[] firstDay;
  private final int[] youngestDay;

  /**
   * @param isLoose whether the pixel of this place in the list belongs to no object
   */
  LooseComponents(ActivePixels now, IntPredicate isLoose) {
    ofPixel = new int[now.size()];
    loose = findRuns(now, isLoose);
    DisjointSets sets = new DisjointSets(loose.runs());
    loose.uniteComponents(sets, 0);
    ofRun = new int[loose.runs()];
    Arrays.setAll(ofRun, sets::find);
    pixels = new int[loose.runs()];
    firstDay = new int[loose.runs()];
    youngestDay = new int[loose.runs()];
    Arrays.fill(firstDay, Integer.MAX_VALUE);
    Arrays.fill(youngestDay, Integer.MIN_VALUE);
    for (int i = 0; i < ofPixel.length; i++) {
      if (ofPixel[i] != NONE) {
        int component = ofRun[ofPixel[i]];
        ofPixel[i] = component;
        pixels[component]++;
        firstDay[component] = Math.min(firstDay[component], now.firstDay()[i]);
        youngestDay[component] = Math.max(youngestDay[component], now.firstDay()[i]);
      }
    }
  }

  /** The loose pixels; names the run of each in {@code ofPixel}. */
  private PixelRuns findRuns(ActivePixels now, IntPredicate isLoose) {
    int[] x = new int[now.size()];
    int[] y = new int[now.size()];
    int n = 0;
    int run = -1;
    for (int i = 0; i < ofPixel.length; i++) {
      ofPixel[i] = NONE;
      if (isLoose.test(i)) {
        x[n] = now.x()[i];
        y[n] = now.y()[i];
        boolean goesOn = n > 0 && y[n - 1] == y[n] && x[n - 1] == x[n] - 1;
        run += goesOn ? 0 : 1;
        ofPixel[i] = run;
        n++;
      }
    }
    return PixelRuns.ofSorted(x, y, n);
  }

  /** Number of runs; components have names below it, not all of which are used. */
  int runs() {
    return loose.runs();
  }

  /** The component of a loose pixel. */
  int componentOf(int pixel) {
    return ofPixel[pixel];
  }

  /** Number of pixels of a component. */
  int pixels(int component) {
    return pixels[component];
  }

  /** Earliest first day among a component's pixels. */
  int firstDay(int component) {
    return firstDay[component];
  }

  /** Latest first day among a component's pixels. */
  int youngestDay(int component) {
    return youngestDay[component];
  }

  /** The objects whose footprint touches, diagonals included, per component that touches any. */
  SortedMap<Integer, SortedSet<Integer>> touching(FootprintIndex footprints) {
    SortedMap<Integer, SortedSet<Integer>> touching = new TreeMap<>();
    for (int run = 0; run < loose.runs(); run++) {
      int component = ofRun[run];
      for (int row = loose.row(run) - 1; row <= loose.row(run) + 1; row++) {
        footprints.forEachOwner(
            row,
            loose.start(run) - 1,
            loose.end(run) + 1,
            object -> touching.computeIfAbsent(component, unused -> new TreeSet<>()).add(object));
      }
    }
    return touching;
  }
}
