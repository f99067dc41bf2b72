package io.landshift.change;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lifecycle state of {@code n} pixels after an observation, one array per field.
 *
 * <p>Status codes: 0 none, 1 first low, 2 provisional low, 3 confirmed low, 4 first high, 5
 * provisional high, 6 confirmed high, 7 confirmed low and finished, 8 confirmed high and finished,
 * 255 no data. Bytes are unsigned. Days count from one origin for the whole series and are not
 * negative.
 *
 * <p>The accessors return the arrays themselves, which nobody may write to once the state has been
 * handed on; under that rule instances are safe to share between threads.
 */
public final class LifecycleStatus {
  /** No disturbance. */
  public static final byte NONE = 0;

  /** Disturbed once, below the high threshold. */
  public static final byte FIRST_LOW = 1;

  /** Disturbed more than once, below the high threshold. */
  public static final byte PROVISIONAL_LOW = 2;

  /** Confirmed, below the high threshold. */
  public static final byte CONFIRMED_LOW = 3;

  /** Disturbed once, at or above the high threshold. */
  public static final byte FIRST_HIGH = 4;

  /** Disturbed more than once, at or above the high threshold. */
  public static final byte PROVISIONAL_HIGH = 5;

  /** Confirmed, at or above the high threshold. */
  public static final byte CONFIRMED_HIGH = 6;

  /** Was confirmed low; the episode is over. */
  public static final byte FINISHED_LOW = 7;

  /** Was confirmed high; the episode is over. */
  public static final byte FINISHED_HIGH = 8;

  /** Never observed. */
  public static final byte NO_DATA = (byte) 255;

  /**
   * Where the status codes begin in what {@link #writeTo} writes, one byte a pixel: who needs
   * nothing else need not read the rest.
   */
  public static final int CODES_AT = 8;

  private static final int MAGIC = 0x3143464C; // "LFC1"
  private static final int BYTES_PER_PIXEL = 21;

  private final byte[] status;
  private final float[] maxMetric;
  private final float[] confidence;
  private final short[] firstDay;
  private final byte[] count;
  private final byte[] percent;
  private final short[] duration;
  private final short[] lastObservedDay;
  private final short[] confirmedFirstDay;
  private final short[] confirmedDay;

  /** A state of zeros, but never confirmed. */
  LifecycleStatus(int pixels) {
    this(new byte[pixels]);
  }

  private LifecycleStatus(byte[] status) {
    int pixels = status.length;
    this.status = status;
    maxMetric = new float[pixels];
    confidence = new float[pixels];
    firstDay = new short[pixels];
    count = new byte[pixels];
    percent = new byte[pixels];
    duration = new short[pixels];
    lastObservedDay = new short[pixels];
    confirmedFirstDay = new short[pixels];
    confirmedDay = new short[pixels];
    Arrays.fill(confirmedFirstDay, (short) -1);
    Arrays.fill(confirmedDay, (short) -1);
  }

  /** A deep copy. */
  LifecycleStatus(LifecycleStatus from) {
    status = from.status.clone();
    maxMetric = from.maxMetric.clone();
    confidence = from.confidence.clone();
    firstDay = from.firstDay.clone();
    count = from.count.clone();
    percent = from.percent.clone();
    duration = from.duration.clone();
    lastObservedDay = from.lastObservedDay.clone();
    confirmedFirstDay = from.confirmedFirstDay.clone();
    confirmedDay = from.confirmedDay.clone();
  }

  /**
   * This state, of the pixels of one window, as the state of a larger window's pixels; the others
   * were never observed.
   *
   * @throws IllegalArgumentException if {@code from} is not this state's window, or not within
   *     {@code to}
   */
  public LifecycleStatus within(ChunkWindow from, ChunkWindow to) {
    boolean inside =
        from.x() >= to.x()
            && from.y() >= to.y()
            && from.right() <= to.right()
            && from.lower() <= to.lower();
    if (from.pixels() != pixels() || !inside) {
      throw new IllegalArgumentException("a state of " + from + " cannot become one of " + to);
    }
    if (from.equals(to)) {
      return this;
    }
    LifecycleStatus wider = neverObserved(to.pixels());
    for (int row = 0; row < from.height(); row++) {
      int source = row * from.width();
      int target = (from.y() + row - to.y()) * to.width() + from.x() - to.x();
      for (int field = 0; field < fields().length; field++) {
        System.arraycopy(fields()[field], source, wider.fields()[field], target, from.width());
      }
    }
    return wider;
  }

  /** What {@link Lifecycle#first} makes of pixels that were not seen. */
  public static LifecycleStatus neverObserved(int pixels) {
    LifecycleStatus status = new LifecycleStatus(pixels);
    Arrays.fill(status.status, NO_DATA);
    Arrays.fill(status.maxMetric, Float.NaN);
    Arrays.fill(status.confidence, Float.NaN);
    Arrays.fill(status.count, (byte) 255);
    Arrays.fill(status.percent, (byte) 255);
    for (short[] days : new short[][] {status.firstDay, status.duration, status.lastObservedDay}) {
      Arrays.fill(days, (short) -1);
    }
    return status;
  }

  private Object[] fields() {
    return new Object[] {
      status,
      maxMetric,
      confidence,
      firstDay,
      count,
      percent,
      duration,
      lastObservedDay,
      confirmedFirstDay,
      confirmedDay
    };
  }

  /** Number of pixels. */
  public int pixels() {
    return status.length;
  }

  /** Status code. */
  public byte[] status() {
    return status;
  }

  /**
   * Largest metric of the episode; of a pixel observed once, that metric; NaN if never observed.
   */
  public float[] maxMetric() {
    return maxMetric;
  }

  /** Confidence of the episode, a whole number after its second observation; NaN if none. */
  public float[] confidence() {
    return confidence;
  }

  /** Day of the episode's first disturbed observation; 0 if none, -1 if never observed. */
  public short[] firstDay() {
    return firstDay;
  }

  /** Disturbed observations of the episode, unsigned; 255 if never observed. */
  public byte[] count() {
    return count;
  }

  /** Share of disturbed among the episode's observations, unsigned, 0..100; 255 if none. */
  public byte[] percent() {
    return percent;
  }

  /** Days from the episode's first to its last disturbed observation, both included. */
  public short[] duration() {
    return duration;
  }

  /** Day of the last valid observation; -1 if never observed. */
  public short[] lastObservedDay() {
    return lastObservedDay;
  }

  /** {@link #firstDay} of the episode that was the first to be confirmed; -1 if none was. */
  public short[] confirmedFirstDay() {
    return confirmedFirstDay;
  }

  /** Day on which the pixel was confirmed for the first time in the series; -1 if never. */
  public short[] confirmedDay() {
    return confirmedDay;
  }

  /** How many bytes {@link #writeTo} writes. */
  public int byteLength() {
    return CODES_AT + Math.multiplyExact(BYTES_PER_PIXEL, pixels());
  }

  /**
   * Writes the state as bytes: a header (magic and version, number of pixels), then the fields one
   * after the other, little-endian. Equal states give equal bytes.
   */
  public void writeTo(OutputStream stream) throws IOException {
    FieldWriter out = new FieldWriter(stream);
    out.intOf(MAGIC);
    out.intOf(pixels());
    for (byte[] field : new byte[][] {status, count, percent}) {
      out.bytes(field);
    }
    for (float[] field : floatFields()) {
      out.floats(field);
    }
    for (short[] field : shortFields()) {
      out.shorts(field);
    }
  }

  /**
   * The state that {@link #writeTo} wrote; reads the stream to its end.
   *
   * @throws IllegalArgumentException if the bytes are not such a state, of this version, in full
   */
  public static LifecycleStatus read(InputStream stream) throws IOException {
    FieldReader in = new FieldReader(stream, "lifecycle status");
    if (in.intOf() != MAGIC) {
      throw new IllegalArgumentException("not a lifecycle status of version 1");
    }
    LifecycleStatus read = new LifecycleStatus(in.bytes(in.intOf()));
    in.bytes(read.count);
    in.bytes(read.percent);
    for (float[] field : read.floatFields()) {
      in.floats(field);
    }
    for (short[] field : read.shortFields()) {
      in.shorts(field);
    }
    in.end();
    return read;
  }

  private float[][] floatFields() {
    return new float[][] {maxMetric, confidence};
  }

  private short[][] shortFields() {
    return new short[][] {firstDay, duration, lastObservedDay, confirmedFirstDay, confirmedDay};
  }

  /** Whether the other is a state with the same numbers in every field; NaN equals NaN. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LifecycleStatus that
        && Arrays.equals(status, that.status)
        && Arrays.equals(maxMetric, that.maxMetric)
        && Arrays.equals(confidence, that.confidence)
        && Arrays.equals(count, that.count)
        && Arrays.equals(percent, that.percent)
        && Arrays.deepEquals(shortFields(), that.shortFields());
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(status) + Arrays.deepHashCode(shortFields());
  }

  @Override
  public String toString() {
    return "LifecycleStatus[" + pixels() + " pixels]";
  }
}
