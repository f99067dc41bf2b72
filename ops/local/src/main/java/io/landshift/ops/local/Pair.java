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

  /**
   * A pair that can be compared.
   *
   * @param scenes the two, both on one grid of the pair's own
   * @param grid the results are written on; without CRS where neither raster has one
   * @param notes what was done about rasters that do not fit each other, for people
   */
  public record Placed(List<SceneAvailable> scenes, Grid grid, List<String> notes) {
    public Placed {
      scenes = List.copyOf(scenes);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Lays both rasters on the grid of the first.
   *
   * <p>Rasters of other grids are warped when they are read. A raster without a CRS is taken to lie
   * where the other one lies, or, if both are without, both are taken to show the same ground pixel
   * by pixel; they must then be of one size.
   *
   * @throws LandshiftException METADATA_INVALID where that is not so, where bands are not known or
   *     the dates are not in order, and whatever is wrong with a raster
   */
  public Placed place(PairOptions options) {
    requireOrder(options);
    RasterInfo one = inspect(before);
    RasterInfo other = inspect(after);
    List<String> notes = new ArrayList<>();
    Grid written = Grids.gridOf(one.crs().isEmpty() ? other : one);
    Grid compared = written;
    if (one.crs().isEmpty() || other.crs().isEmpty()) {
      requireSize(before, one, written);
      requireSize(after, other, written);
      if (written.getCrs().isEmpty()) {
        compared = standIn(written);
        notes.add("neither raster has a CRS: they are compared pixel by pixel, without polygons");
      } else {
        Path lost = one.crs().isEmpty() ? before : after;
        notes.add(lost + " has no CRS: it is taken to lie where the other raster lies");
      }
    } else if (!one.crs().equals(other.crs())
        || !one.geoTransform().equals(other.geoTransform())
        || one.width() != other.width()
        || one.height() != other.height()) {
      notes.add(after + " is warped onto the grid of " + before);
    }
    Grid grid = Grid.newBuilder(compared).setCode("PAIR-" + id).build();
    return new Placed(
        List.of(
            scene(before, "before", options.beforeDate(), grid, options),
            scene(after, "after", options.afterDate(), grid, options)),
        written,
        notes);
  }

  private static void requireOrder(PairOptions options) {
    if (!options.beforeDate().isBefore(options.afterDate())) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "the date of the raster before, %s, must be earlier than %s"
              .formatted(options.beforeDate(), options.afterDate()));
    }
  }

  private static void requireSize(Path raster, RasterInfo info, Grid grid) {
    if (info.width() != grid.getWidth() || info.height() != grid.getHeight()) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          ("%s has %d x %d pixels and not %d x %d like the other raster; without a CRS in both,"
                  + " only rasters of one size can be compared: write their CRS into them")
              .formatted(raster, info.width(), info.height(), grid.getWidth(), grid.getHeight()));
    }
  }

  /** Somewhere on Earth, because nothing is known of where pixels without a CRS lie. */
  private static Grid standIn(Grid pixels) {
    return Grid.newBuilder(pixels)
        .setCrs("EPSG:3857")
        .setOriginX(0)
        .setOriginY(0)
        .setPixelSize(10)
        .build();
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
    return SidecarScenes.onGrid(raster, sidecar, product, grid, RasterRules.anywhere());
  }

  private static RasterInfo inspect(Path raster) {
    return Rasters.inspect(raster.toAbsolutePath().toString(), RasterRules.anywhere());
  }
}
