package io.landshift.change;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The disturbed pixels of a chunk, or of a whole tile, after a scene: those whose lifecycle status
 * is provisional or confirmed, for a pair of dates also first high. A sparse list, sorted by row,
 * then column, without repetition.
 *
 * <p>The accessors return the arrays themselves, which nobody may write to; under that rule
 * instances are safe to share between threads.
 */
public final class ActivePixels {
  /** The land cover class that means "not known". */
  public static final byte NO_CLASS = (byte) 255;

  /** No pixel. */
  public static final ActivePixels EMPTY = new ActivePixels(0);

  private static final int MAGIC = 0x31544341; // "ACT1"

  private final int[] x;
  private final int[] y;
  private final byte[] status;
  private final short[] score;
  private final short[] firstDay;
  private final byte[] fromClass;
  private final byte[] toClass;

  private ActivePixels(int n) {
    this(new int[n], new int[n], new byte[n], new short[n], new short[n], new byte[n], new byte[n]);
  }

  private ActivePixels(
      int[] x,
      int[] y,
      byte[] status,
      short[] score,
      short[] firstDay,
      byte[] fromClass,
      byte[] toClass) {
    this.x = x;
    this.y = y;
    this.status = status;
    this.score = score;
    this.firstDay = firstDay;
    this.fromClass = fromClass;
    this.toClass = toClass;
  }

  /** From which status on a pixel is active. */
  public enum From {
    /** Disturbed more than once: status 2, 3, 5 or 6. */
    PROVISIONAL,
    /** Also where it was disturbed once, but highly: status 4. For a pair of dates. */
    FIRST_HIGH
  }

  /** Whether a pixel of this lifecycle status is active. */
  public static boolean isActive(byte status, From from) {
    return switch (status) {
      case LifecycleStatus.FIRST_HIGH -> from == From.FIRST_HIGH;
      case LifecycleStatus.PROVISIONAL_LOW,
          LifecycleStatus.CONFIRMED_LOW,
          LifecycleStatus.PROVISIONAL_HIGH,
          LifecycleStatus.CONFIRMED_HIGH ->
          true;
      default -> false;
    };
  }

  static boolean isConfirmed(byte status) {
    return status == LifecycleStatus.CONFIRMED_LOW || status == LifecycleStatus.CONFIRMED_HIGH;
  }

  /**
   * Collects the active pixels of a chunk.
   *
   * @param state the chunk's lifecycle after the scene, row by row
   * @param window where the chunk lies on the grid
   * @param score the scene's quantised scores, see {@link ScoreQuantiser}
   * @param fromClass land cover before, {@link #NO_CLASS} = not known
   * @param toClass land cover on the scene, {@link #NO_CLASS} = not known
   * @param from which pixels are active
   * @throws IllegalArgumentException if an array is not of the window's number of pixels
   */
  public static ActivePixels collect(
      LifecycleStatus state,
      ChunkWindow window,
      short[] score,
      byte[] fromClass,
      byte[] toClass,
      From from) {
    int pixels = window.pixels();
    if (state.pixels() != pixels
        || score.length != pixels
        || fromClass.length != pixels
        || toClass.length != pixels) {
      throw new IllegalArgumentException("active pixels: not all arrays are of " + window);
    }
    int n = 0;
    for (byte each : state.status()) {
      n += isActive(each, from) ? 1 : 0;
    }
    if (n == 0) {
      return EMPTY;
    }
    ActivePixels active = new ActivePixels(n);
    int k = 0;
    for (int i = 0; i < pixels; i++) {
      if (isActive(state.status()[i], from)) {
        active.x[k] = window.x() + i % window.width();
        active.y[k] = window.y() + i / window.width();
        active.status[k] = state.status()[i];
        active.score[k] = score[i];
        active.firstDay[k] = state.firstDay()[i];
        active.fromClass[k] = fromClass[i];
        active.toClass[k] = toClass[i];
        k++;
      }
    }
    return active;
  }

  /**
   * The pixels of all lists together, whatever the order of the lists.
   *
   * @throws IllegalArgumentException if a pixel is in two of them
   */
  public static ActivePixels merge(List<ActivePixels> lists) {
    int n = 0;
    for (ActivePixels each : lists) {
      n = Math.addExact(n, each.size());
    }
    long[] places = new long[n];
    int k = 0;
    for (ActivePixels each : lists) {
      for (int i = 0; i < each.size(); i++) {
        places[k++] = each.place(i);
      }
    }
    Arrays.sort(places);
    ActivePixels merged = new ActivePixels(n);
    for (ActivePixels each : lists) {
      for (int i = 0; i < each.size(); i++) {
        merged.take(Arrays.binarySearch(places, each.place(i)), each, i);
      }
    }
    merged.requireOrder();
    return merged;
  }

  private long place(int i) {
    return (long) y[i] << 32 | x[i];
  }

  private void take(int at, ActivePixels from, int i) {
    x[at] = from.x[i];
    y[at] = from.y[i];
    status[at] = from.status[i];
    score[at] = from.score[i];
    firstDay[at] = from.firstDay[i];
    fromClass[at] = from.fromClass[i];
    toClass[at] = from.toClass[i];
  }

  private void requireOrder() {
    for (int i = 0; i < size(); i++) {
      if (x[i] < 0 || y[i] < 0 || (i > 0 && place(i - 1) >= place(i))) {
        throw new IllegalArgumentException(
            "active pixel " + i + " at " + x[i] + "," + y[i] + " is not in its place, or twice");
      }
    }
  }

  /** Number of pixels. */
  public int size() {
    return x.length;
  }

  /** Columns on the grid. */
  public int[] x() {
    return x;
  }

  /** Rows on the grid. */
  public int[] y() {
    return y;
  }

  /** Lifecycle status: 2, 3, 5 or 6, for a pair of dates also 4. */
  public byte[] status() {
    return status;
  }

  /** Quantised score on the scene, {@link ScoreQuantiser#INVALID} where it was not seen. */
  public short[] score() {
    return score;
  }

  /** First day of the pixel's episode. */
  public short[] firstDay() {
    return firstDay;
  }

  /** Land cover before, {@link #NO_CLASS} = not known. */
  public byte[] fromClass() {
    return fromClass;
  }

  /** Land cover on the scene, {@link #NO_CLASS} = not known. */
  public byte[] toClass() {
    return toClass;
  }

  /**
   * The list as bytes: a header (magic and version, number of pixels), then the fields one after
   * the other, little-endian. Equal lists give equal bytes.
   */
  public byte[] toBytes() {
    return new ByteWriter()
        .intOf(MAGIC)
        .intOf(size())
        .ints(x)
        .ints(y)
        .bytes(status)
        .shorts(score)
        .shorts(firstDay)
        .bytes(fromClass)
        .bytes(toClass)
        .toBytes();
  }

  /**
   * The list that {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are not such a list, of this version, in full
   */
  public static ActivePixels fromBytes(byte[] bytes) {
    ByteReader in = new ByteReader(bytes, "list of active pixels").magic(MAGIC);
    int n = in.checked(in.intOf(), 15);
    ActivePixels read =
        new ActivePixels(
            in.ints(n),
            in.ints(n),
            in.bytes(n),
            in.shorts(n),
            in.shorts(n),
            in.bytes(n),
            in.bytes(n));
    in.end();
    read.requireOrder();
    return read;
  }

  /** Whether the other is the same list with the same numbers. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ActivePixels that
        && Arrays.equals(x, that.x)
        && Arrays.equals(y, that.y)
        && Arrays.equals(status, that.status)
        && Arrays.equals(score, that.score)
        && Arrays.equals(firstDay, that.firstDay)
        && Arrays.equals(fromClass, that.fromClass)
        && Arrays.equals(toClass, that.toClass);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(x) + Arrays.hashCode(y);
  }

  @Override
  public String toString() {
    return "ActivePixels[" + size() + " pixels]";
  }
}
