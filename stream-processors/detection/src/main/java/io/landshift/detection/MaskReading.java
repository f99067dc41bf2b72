package io.landshift.detection;

import io.landshift.ingest.scenes.MaskParameters;
import io.landshift.ingest.scenes.SceneReader;
import io.landshift.model.bundle.MaskManifest;
import io.landshift.model.bundle.MaskWindows;
import io.landshift.model.bundle.PixelRegion;
import io.landshift.schemas.PixelWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Reads the windows of a mask head for the chunks of one scene, each window once. Owned by the
 * thread that reads the scene.
 *
 * <p>A window is read with the chunk in which the first cells lie that it sees: so what is read
 * never lies north of the chunk, and no block is decoded twice for it. Chunks that come out of
 * order are served as well.
 */
final class MaskReading {
  private final MaskManifest manifest;
  private final SceneReader reader;
  private final PixelWindow scene;
  private final int factor;
  private final int cloudGrowth;
  private final int snowGrowth;
  private final Axis rows;
  private final Axis columns;
  private final Map<MaskTask.Place, CompletableFuture<short[]>> results = new HashMap<>();

  /**
   * The windows along one axis that have weight in the scene.
   *
   * @param first the first of them
   * @param seen for each of them the cells it sees
   */
  private record Axis(MaskWindows windows, int first, List<int[]> seen) {
    static Axis of(MaskWindows windows, int low, int high) {
      int first = windows.firstOf(low);
      List<int[]> seen = new ArrayList<>();
      for (int index = first; index <= windows.lastOf(high - 1); index++) {
        seen.add(windows.seen(index, low, high));
      }
      return new Axis(windows, first, seen);
    }

    int[] seenBy(int index) {
      return seen.get(index - first);
    }

    /** The windows that have weight between two cells, or first see a cell between two others. */
    boolean[] wanted(int from, int to, int firstFrom, int firstTo) {
      boolean[] wanted = new boolean[seen.size()];
      for (int i = 0; i < wanted.length; i++) {
        int start = lowest(seen.get(i));
        wanted[i] = start >= firstFrom && start < firstTo;
      }
      Arrays.fill(wanted, windows.firstOf(from) - first, windows.lastOf(to - 1) - first + 1, true);
      return wanted;
    }
  }

  /**
   * @param scene the scene's window
   */
  MaskReading(
      MaskManifest manifest, SceneReader reader, PixelWindow scene, MaskParameters parameters) {
    this.manifest = manifest;
    this.reader = reader;
    this.scene = scene;
    this.factor = manifest.factor(reader.metresPerPixel());
    int least = manifest.dilation() * factor;
    this.cloudGrowth = Math.max(least, parameters.cloudGrowth(reader.metresPerPixel()));
    this.snowGrowth = Math.max(least, parameters.snowGrowth(reader.metresPerPixel()));
    PixelRegion cells = cells(scene, factor);
    this.rows = Axis.of(manifest.windows(), cells.y(), cells.bottom());
    this.columns = Axis.of(manifest.windows(), cells.x(), cells.right());
  }

  /** The cells that a window of pixels touches. */
  static PixelRegion cells(PixelWindow pixels, int factor) {
    int x = pixels.getX() / factor;
    int y = pixels.getY() / factor;
    return new PixelRegion(
        x,
        y,
        Math.ceilDiv(pixels.getX() + pixels.getWidth(), factor) - x,
        Math.ceilDiv(pixels.getY() + pixels.getHeight(), factor) - y);
  }

  /**
   * What the head has to do for a chunk.
   *
   * @param chunk the chunk's pixels
   * @param read what was read of the scene for the chunk itself
   * @throws io.landshift.schemas.LandshiftException ASSET_UNREADABLE
   */
  MaskTask read(PixelWindow chunk, PixelWindow read) {
    PixelWindow seen = Windows.intersect(grown(chunk), scene);
    PixelRegion cells = cells(seen, factor);
    PixelRegion own = cells(chunk, factor);
    boolean[] neededRows = rows.wanted(cells.y(), cells.bottom(), own.y(), own.bottom());
    boolean[] neededColumns = columns.wanted(cells.x(), cells.right(), own.x(), own.right());
    List<MaskTask.Place> unread = new ArrayList<>();
    for (int row = 0; row < neededRows.length; row++) {
      for (int column = 0; column < neededColumns.length; column++) {
        MaskTask.Place place = new MaskTask.Place(rows.first() + row, columns.first() + column);
        if (neededRows[row] && neededColumns[column] && !results.containsKey(place)) {
          unread.add(place);
        }
      }
    }
    List<float[]> toRun = unread.isEmpty() ? List.of() : windows(unread, read);
    List<CompletableFuture<short[]>> running = new ArrayList<>();
    for (MaskTask.Place place : unread) {
      CompletableFuture<short[]> result = new CompletableFuture<>();
      results.put(place, result);
      running.add(result);
    }
    MaskTask task =
        new MaskTask(
            manifest, factor, cloudGrowth, snowGrowth, seen, toRun, running, needed(cells));
    // Chunks come in row order; one that does not has its windows run again.
    int done = manifest.windows().firstOf(cells.y());
    results.keySet().removeIf(place -> place.row() < done);
    return task;
  }

  private Map<MaskTask.Place, CompletableFuture<short[]>> needed(PixelRegion cells) {
    MaskWindows windows = manifest.windows();
    Map<MaskTask.Place, CompletableFuture<short[]>> needed = new HashMap<>();
    for (int row = windows.firstOf(cells.y()); row <= windows.lastOf(cells.bottom() - 1); row++) {
      for (int column = windows.firstOf(cells.x());
          column <= windows.lastOf(cells.right() - 1);
          column++) {
        MaskTask.Place place = new MaskTask.Place(row, column);
        CompletableFuture<short[]> result = results.get(place);
        if (result != null) {
          needed.put(place, result);
        }
      }
    }
    return needed;
  }

  private PixelWindow grown(PixelWindow chunk) {
    int halo = Math.max(cloudGrowth, snowGrowth);
    return new PixelWindow(
        chunk.getX() - halo,
        chunk.getY() - halo,
        chunk.getWidth() + 2 * halo,
        chunk.getHeight() + 2 * halo);
  }

  /** The bands of windows, read in one go so that blocks stay where they are. */
  private List<float[]> windows(List<MaskTask.Place> places, PixelWindow read) {
    PixelRegion hull = hull(places);
    PixelWindow pixels =
        new PixelWindow(
            hull.x() * factor, hull.y() * factor, hull.width() * factor, hull.height() * factor);
    // From the chunk's first row on: what lies further north is let go of.
    int top = Math.min(pixels.getY(), read.getY());
    PixelWindow wanted =
        Windows.intersect(Windows.hull(pixels, new PixelWindow(pixels.getX(), top, 1, 1)), scene);
    int size = manifest.windows().size();
    List<float[]> windows = new ArrayList<>();
    places.forEach(place -> windows.add(new float[manifest.bands().size() * size * size]));
    for (int band = 0; band < manifest.bands().size(); band++) {
      float[] means = means(reader.readAlong(band, wanted), wanted, hull);
      for (int i = 0; i < places.size(); i++) {
        copy(means, hull, places.get(i), windows.get(i), band * size * size);
      }
    }
    return windows;
  }

  private PixelRegion hull(List<MaskTask.Place> places) {
    int left = Integer.MAX_VALUE;
    int top = Integer.MAX_VALUE;
    int right = Integer.MIN_VALUE;
    int bottom = Integer.MIN_VALUE;
    for (MaskTask.Place place : places) {
      int[] down = rows.seenBy(place.row());
      int[] across = columns.seenBy(place.column());
      left = Math.min(left, lowest(across));
      right = Math.max(right, highest(across) + 1);
      top = Math.min(top, lowest(down));
      bottom = Math.max(bottom, highest(down) + 1);
    }
    return new PixelRegion(left, top, right - left, bottom - top);
  }

  /**
   * The mean of the data in each cell, NaN where there are none. Reflectances are whole steps of
   * 1e-4; summed as such, so that no order of summing shows.
   */
  private float[] means(float[] plane, PixelWindow pixels, PixelRegion cells) {
    long[] sums = new long[cells.area()];
    int[] counts = new int[cells.area()];
    for (int y = 0; y < pixels.getHeight(); y++) {
      int row = (pixels.getY() + y) / factor - cells.y();
      for (int x = 0; row >= 0 && x < pixels.getWidth(); x++) {
        float value = plane[y * pixels.getWidth() + x];
        if (!Float.isNaN(value)) {
          int cell = row * cells.width() + (pixels.getX() + x) / factor - cells.x();
          sums[cell] += Math.round(value * 1e4);
          counts[cell]++;
        }
      }
    }
    float[] means = new float[sums.length];
    for (int cell = 0; cell < means.length; cell++) {
      means[cell] = counts[cell] == 0 ? Float.NaN : (float) (sums[cell] / (counts[cell] * 1e4));
    }
    return means;
  }

  private void copy(float[] means, PixelRegion cells, MaskTask.Place place, float[] into, int at) {
    int[] down = rows.seenBy(place.row());
    int[] across = columns.seenBy(place.column());
    int to = at;
    for (int row : down) {
      int from = (row - cells.y()) * cells.width() - cells.x();
      for (int column : across) {
        into[to++] = means[from + column];
      }
    }
  }

  private static int lowest(int[] numbers) {
    return Arrays.stream(numbers).min().orElseThrow();
  }

  private static int highest(int[] numbers) {
    return Arrays.stream(numbers).max().orElseThrow();
  }
}
