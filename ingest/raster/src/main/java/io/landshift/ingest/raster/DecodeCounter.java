package io.landshift.ingest.raster;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the blocks that readers decode, and how many different ones these are. Blocks are those of
 * the raster's own layout. Thread-safe: one counter may serve all readers of a scene.
 */
public final class DecodeCounter {
  private final Map<String, Tally> tallies = new TreeMap<>();

  /**
   * How much of one raster was decoded. Immutable.
   *
   * @param decoded how often a block was decoded
   * @param distinct how many different blocks were decoded; equal to {@code decoded} where each was
   *     decoded once
   */
  public record Count(long decoded, long distinct) {}

  /** Blocks decoded, over all rasters. */
  public synchronized long decoded() {
    return tallies.values().stream().mapToLong(tally -> tally.decoded).sum();
  }

  /** Different blocks decoded, over all rasters. */
  public synchronized long distinct() {
    return tallies.values().stream().mapToLong(tally -> tally.blocks.cardinality()).sum();
  }

  /** The counts by raster, named {@code href#band}. */
  public synchronized Map<String, Count> byRaster() {
    Map<String, Count> counts = new TreeMap<>();
    tallies.forEach((raster, tally) ->
        counts.put(raster, new Count(tally.decoded, tally.blocks.cardinality())));
    return counts;
  }

  /** Counts the blocks {@code first .. first + blocks - 1} of a raster, numbered row by row. */
  synchronized void count(String raster, int first, int blocks) {
    Tally tally = tallies.computeIfAbsent(raster, name -> new Tally());
    tally.decoded += blocks;
    tally.blocks.set(first, first + blocks);
  }

  private static final class Tally {
    private final BitSet blocks = new BitSet();
    private long decoded;
  }
}
