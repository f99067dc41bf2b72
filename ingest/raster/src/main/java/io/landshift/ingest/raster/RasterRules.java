package io.landshift.ingest.raster;

import io.landshift.ingest.remote.ByteBudget;
import io.landshift.ingest.remote.RangeGateway;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an href and the raster behind it must meet before any pixel is decoded. Immutable.
 *
 * @param roots folders, absolute, that rasters must lie in once symbolic links are followed; empty
 *     = anywhere on this machine
 * @param maxPixels most pixels of one band
 * @param maxBands most bands of one raster
 * @param maxBlockBytes most bytes of one block of one band: a block is decoded as a whole
 * @param maxEntryBytes most bytes of one entry of a zip file once it is inflated
 * @param network through which rasters on the network are read, or null: then none are
 */
public record RasterRules(
    List<Path> roots,
    long maxPixels,
    int maxBands,
    long maxBlockBytes,
    long maxEntryBytes,
    @Nullable Network network) {
  private static final long GIBIBYTE = 1L << 30;

  /**
   * The way to rasters on the network.
   *
   * @param budget pays for what is fetched: one for each scene
   */
  public record Network(RangeGateway gateway, ByteBudget budget) {}

  public RasterRules {
    roots = roots.stream().map(root -> root.toAbsolutePath().normalize()).toList();
    if (maxPixels < 1 || maxBands < 1 || maxBlockBytes < 1 || maxEntryBytes < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  /**
   * Any folder of this machine; 2^30 pixels, 256 bands, blocks of 256 MiB, zip entries of 8 GiB.
   */
  public static RasterRules anywhere() {
    return new RasterRules(List.of(), GIBIBYTE, 256, GIBIBYTE / 4, 8 * GIBIBYTE, null);
  }

  /** The limits of {@link #anywhere()}, and only rasters below one of these folders. */
  public static RasterRules within(Path... roots) {
    return anywhere().withRoots(List.of(roots));
  }

  public RasterRules withRoots(List<Path> others) {
    return new RasterRules(others, maxPixels, maxBands, maxBlockBytes, maxEntryBytes, network);
  }

  /** These rules for one scene, whose rasters may be on the network. */
  public RasterRules withNetwork(RangeGateway gateway) {
    Network fresh = new Network(gateway, gateway.sceneBudget());
    return new RasterRules(roots, maxPixels, maxBands, maxBlockBytes, maxEntryBytes, fresh);
  }

  public RasterRules withMaxPixels(long pixels) {
    return new RasterRules(roots, pixels, maxBands, maxBlockBytes, maxEntryBytes, network);
  }
}
