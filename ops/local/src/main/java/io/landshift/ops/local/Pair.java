package io.landshift.ops.local;

import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ingest.scenes.Sidecar;
import io.landshift.ingest.scenes.SidecarScenes;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Two rasters of the same ground.
 *
 * @param id letters, digits, dots, dashes and underscores; names the results' folder
 * @param before the reference
 */
public record Pair(String id, Path before, Path after) {
  private static final String ID = "[A-Za-z0-9_-][A-Za-z0-9._-]*";

  public Pair {
    if (!id.matches(ID)) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "the id '" + id + "' may have letters, digits, dots, dashes and underscores only");
    }
  }

  /**
   * Reads a list of pairs: a header {@code id,before,after}, then a line each; paths are relative
   * to the list.
   *
   * @throws LandshiftException METADATA_INVALID with the line that is wrong
   */
  public static List<Pair> readList(Path list) {
    List<String> lines;
    try {
      lines = Files.readAllLines(list);
    } catch (IOException e) {
      throw new LandshiftException(FailureReason.ASSET_MISSING, list + " cannot be read: " + e, e);
    }
    List<String> header = lines.isEmpty() ? List.of() : fields(lines.getFirst());
    if (!header.containsAll(List.of("id", "before", "after"))) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID, list + " must begin with the line id,before,after");
    }
    List<Pair> pairs = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      List<String> fields = fields(lines.get(i));
      if (fields.size() != header.size() || !ids.add(fields.get(header.indexOf("id")))) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID,
            "line %d of %s has not as many fields as the header, or an id that was there before"
                .formatted(i + 1, list));
      }
      pairs.add(
          new Pair(
              fields.get(header.indexOf("id")),
              list.resolveSibling(fields.get(header.indexOf("before"))),
              list.resolveSibling(fields.get(header.indexOf("after")))));
    }
    return pairs;
  }

  private static List<String> fields(String line) {
    return Arrays.stream(line.split(",", -1)).map(String::strip).toList();
  }

  /** Whether the second raster must be warped onto the first one's grid. */
  public boolean differsInGrid() {
    RasterInfo one = inspect(before);
    RasterInfo other = inspect(after);
    return !one.crs().equals(other.crs())
        || !one.geoTransform().equals(other.geoTransform())
        || one.width() != other.width()
        || one.height() != other.height();
  }

  /** The two scenes, both on the grid of the first. */
  public List<SceneAvailable> scenes(PairOptions options) {
    Grid grid = Grid.newBuilder(Grids.gridOf(inspect(before))).setCode("PAIR-" + id).build();
    return List.of(
        scene(before, "before", options.beforeDate(), grid, options),
        scene(after, "after", options.afterDate(), grid, options));
  }

  private SceneAvailable scene(
      Path raster, String product, LocalDate date, Grid grid, PairOptions options) {
    Sidecar sidecar =
        Sidecar.of(
            options.sensor(),
            options.bands(),
            options.scale(),
            options.offset(),
            options.nodata(),
            date.atStartOfDay(ZoneOffset.UTC).toInstant());
    return SidecarScenes.onGrid(
        sidecar,
        raster.toAbsolutePath().toString(),
        inspect(raster),
        product,
        file -> file,
        String.valueOf(raster.toAbsolutePath().getParent()),
        grid,
        new PixelWindow(0, 0, grid.getWidth(), grid.getHeight()));
  }

  private static RasterInfo inspect(Path raster) {
    return Rasters.inspect(raster.toAbsolutePath().toString(), RasterRules.anywhere());
  }
}
