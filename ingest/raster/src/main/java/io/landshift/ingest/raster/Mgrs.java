package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Sentinel-2 tile by its MGRS name: the UTM zone's 100 km square, grown to the tiling's lattice
 * of 60 m. Immutable.
 *
 * <p>Squares: NGA.SIG.0012, The Universal Grids, section 3. Lattice: multiples of 60 m from the
 * equator and from the zone's false origin, as in the projection metadata of the products; south of
 * the equator this is not a multiple of 60 in the false northing, which is 10,000,000 m there.
 *
 * @param name {@code 33TWL}
 * @param crs {@code EPSG:326zz} or {@code EPSG:327zz}
 * @param originX west edge in metres
 * @param cycleY upper edge in metres, up to a multiple of 2,000,000: the rows' letters repeat
 * @param south true south of the equator
 */
record Mgrs(String name, String crs, double originX, double cycleY, boolean south) {
  /** Side of a tile in metres. */
  static final int SIDE = 109_800;

  private static final int LATTICE = 60;
  private static final int SQUARE = 100_000;
  private static final int CYCLE = 2_000_000;
  private static final int FALSE_NORTHING = 10_000_000;

  private static final String COLUMNS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  private static final String ROWS = "ABCDEFGHJKLMNPQRSTUV";
  private static final Pattern NAME =
      Pattern.compile("(?:MGRS-|T)?([0-9]{1,2})([C-HJ-NP-X])([A-HJ-NP-Z])([A-HJ-NP-V])");

  /**
   * @param code {@code 33TWL}, {@code T33TWL} or {@code MGRS-33TWL}
   * @throws LandshiftException METADATA_INVALID where it names no 100 km square
   */
  static Mgrs parse(String code) {
    Matcher parts = NAME.matcher(code.toUpperCase(Locale.ROOT));
    if (!parts.matches()) {
      throw invalid(code);
    }
    int zone = Integer.parseInt(parts.group(1));
    // Three sets of eight column letters follow each other from zone to zone.
    int column = COLUMNS.indexOf(parts.group(3)) - (zone - 1) % 3 * 8;
    if (zone < 1 || zone > 60 || column < 0 || column > 7) {
      throw invalid(code);
    }
    boolean south = parts.group(2).charAt(0) < 'N';
    // Even zones begin with row F.
    int row = Math.floorMod(ROWS.indexOf(parts.group(4)) - (zone % 2 == 0 ? 5 : 0), ROWS.length());
    return new Mgrs(
        String.format(Locale.ROOT, "%02d", zone) + parts.group(2) + parts.group(3) + parts.group(4),
        String.format(Locale.ROOT, "EPSG:%d%02d", south ? 327 : 326, zone),
        Math.floorDiv((column + 1) * SQUARE, LATTICE) * (double) LATTICE,
        (row + 1) * (double) SQUARE,
        south);
  }

  /** The upper edge, in that of the repeating rows of squares which lies nearest to a northing. */
  double originY(double northing) {
    double top = cycleY + Math.rint((northing - cycleY) / CYCLE) * CYCLE;
    double equator = south ? FALSE_NORTHING : 0;
    return equator + Math.ceil((top - equator) / LATTICE) * LATTICE;
  }

  private static LandshiftException invalid(String code) {
    return new LandshiftException(
        FailureReason.METADATA_INVALID, "'" + code + "' is not an MGRS tile such as 33TWL");
  }
}
