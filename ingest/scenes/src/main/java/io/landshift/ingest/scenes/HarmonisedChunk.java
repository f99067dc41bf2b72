package io.landshift.ingest.scenes;

import io.landshift.schemas.PixelWindow;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pixels of one window of a scene, as a model takes them. Not thread-safe; the arrays are
 * handed out, not copied, and belong to whoever asked for the chunk.
 */
public final class HarmonisedChunk {
  private final PixelWindow window;
  private final float[] @Nullable [] bands;
  private final byte[] quality;

  /** See the accessors; no array is copied. */
  public HarmonisedChunk(PixelWindow window, float[] @Nullable [] bands, byte[] quality) {
    this.window = window;
    this.bands = bands;
    this.quality = quality;
  }

  /** Where on the grid. */
  public PixelWindow window() {
    return window;
  }

  /** Pixels of the window. */
  public int pixels() {
    return quality.length;
  }

  /**
   * Per requested band {@code [row][column]}: 0..1 and somewhat more, at least {@link
   * SceneReader#LEAST_REFLECTANCE}; of radar gamma0 in decibels, -50..20; NaN where there is no
   * data; null where the scene lacks the band. Requests that one band answers share its array.
   */
  public float[] @Nullable [] bands() {
    return bands;
  }

  /** One of the {@link #bands}, which the scene has. */
  public float[] band(int index) {
    return Objects.requireNonNull(bands[index], "the scene lacks the band");
  }

  /** Per requested band: whether the scene has it. */
  public boolean[] present() {
    boolean[] present = new boolean[bands.length];
    for (int i = 0; i < present.length; i++) {
      present[i] = bands[i] != null;
    }
    return present;
  }

  /** {@code [row][column]}, codes of {@link Quality}. */
  public byte[] quality() {
    return quality;
  }
}
