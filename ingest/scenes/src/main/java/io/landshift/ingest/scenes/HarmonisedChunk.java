package io.landshift.ingest.scenes;

import io.landshift.schemas.PixelWindow;

/**
 * The pixels of one window of a scene, as a model takes them. Not thread-safe; the arrays are
 * handed out, not copied, and belong to whoever asked for the chunk.
 */
public final class HarmonisedChunk {
  private final PixelWindow window;
  private final float[] reflectance;
  private final boolean[] present;
  private final byte[] quality;

  /** See the accessors; no array is copied. */
  public HarmonisedChunk(
      PixelWindow window, float[] reflectance, boolean[] present, byte[] quality) {
    this.window = window;
    this.reflectance = reflectance;
    this.present = present;
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
   * Planar {@code [band][row][column]} in the order of the requests: 0..1 and somewhat more, at
   * least {@link SceneReader#LEAST_REFLECTANCE}; of radar gamma0 in decibels, -50..20; NaN where
   * there is no data or the scene lacks the band.
   */
  public float[] reflectance() {
    return reflectance;
  }

  /** Per requested band: whether the scene has it. */
  public boolean[] present() {
    return present;
  }

  /** {@code [row][column]}, codes of {@link Quality}. */
  public byte[] quality() {
    return quality;
  }
}
