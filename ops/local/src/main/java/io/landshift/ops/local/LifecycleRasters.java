package io.landshift.ops.local;

import io.landshift.change.Lifecycle;
import io.landshift.change.LifecycleParameters;
import io.landshift.change.LifecycleStatus;
import io.landshift.detection.ProductDays;
import io.landshift.ingest.raster.CogLayout;
import io.landshift.ingest.raster.CogWriter;
import io.landshift.ingest.raster.Grids;
import io.landshift.ingest.raster.RasterInfo;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.raster.RasterType;
import io.landshift.ingest.raster.Rasters;
import io.landshift.ingest.raster.RowSource;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.PixelWindow;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Folds metric rasters of one grid, in the order of the times in their names. */
public final class LifecycleRasters {
  private static final Pattern NAME = Pattern.compile("(?:.*_)?(\\d{8}T\\d{6})\\.tiff?");

  private LifecycleRasters() {}

  /**
   * Writes {@code status_<time>.tif} for each raster: uint8 status codes, 255 = no data.
   *
   * @param rasters one band each, NaN = not seen; named {@code ..._yyyyMMddTHHmmss.tif}
   * @param out folder; made where it is missing
   * @return the number of rasters
   * @throws LandshiftException METADATA_INVALID where a name has no time or sizes differ, and
   *     whatever is wrong with a raster
   */
  public static int fold(List<Path> rasters, Path out) {
    RasterRules rules = RasterRules.anywhere();
    LifecycleParameters parameters = LifecycleParameters.defaults();
    LifecycleStatus status = null;
    for (Map.Entry<String, Path> entry : inOrder(rasters).entrySet()) {
      String href = entry.getValue().toAbsolutePath().toString();
      RasterInfo info = Rasters.inspect(href, rules);
      float[] metric = Rasters.readAll(href, 1, rules);
      if (status != null && status.pixels() != metric.length) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID, href + " is not of the size of the rasters before it");
      }
      int day = day(entry.getKey());
      status =
          status == null
              ? Lifecycle.first(metric, day, parameters)
              : Lifecycle.fold(status, metric, day, parameters);
      write(out.resolve("status_" + entry.getKey() + ".tif"), info, status);
    }
    return rasters.size();
  }

  private static Map<String, Path> inOrder(List<Path> rasters) {
    TreeMap<String, Path> ordered = new TreeMap<>();
    for (Path raster : rasters) {
      Matcher name = NAME.matcher(raster.getFileName().toString());
      if (!name.matches() || ordered.put(name.group(1), raster) != null) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID,
            raster + ": the name must end in a time of its own, like metric_20240128T233646.tif");
      }
    }
    return ordered;
  }

  private static int day(String time) {
    LocalDate date = LocalDate.parse(time.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE);
    return ProductDays.of(date);
  }

  private static void write(Path file, RasterInfo info, LifecycleStatus status) {
    Grid grid = Grids.gridOf(info);
    CogWriter.write(
        file,
        grid,
        new PixelWindow(0, 0, info.width(), info.height()),
        CogLayout.of(RasterType.UINT8, "status").withNodata(255),
        RowSource.ofBytes(info.width(), status.status()));
  }
}
