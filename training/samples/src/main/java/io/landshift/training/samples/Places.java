package io.landshift.training.samples;

import io.landshift.ingest.raster.Extent;
import io.landshift.ingest.raster.RasterInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which rasters show one place. A set that was cut out around its labels has cuts that overlap:
 * parting those by name would put the same pixels into training and test. Pure.
 */
final class Places {
  /** In pixels: ground nearer than this is alike, and masks of neighbours share their borders. */
  private static final int MARGIN = 64;

  private Places() {}

  /**
   * The place of each raster: the first name of those that hang together by overlap, or by lying
   * nearer than 64 pixels.
   *
   * @param rasters by name; of several CRSs those of one are compared
   */
  static Map<String, String> of(Map<String, RasterInfo> rasters) {
    NavigableMap<String, RasterInfo> sorted = new TreeMap<>(rasters);
    Map<String, String> places = new TreeMap<>();
    for (Map.Entry<String, RasterInfo> one : sorted.entrySet()) {
      // The places that this raster joins, and itself, become the first of them.
      String first = one.getKey();
      List<String> joined = new ArrayList<>();
      for (Map.Entry<String, RasterInfo> other : sorted.headMap(one.getKey()).entrySet()) {
        if (near(one.getValue(), other.getValue())) {
          String place = places.getOrDefault(other.getKey(), other.getKey());
          joined.add(place);
          first = place.compareTo(first) < 0 ? place : first;
        }
      }
      String place = first;
      places.replaceAll((name, old) -> joined.contains(old) ? place : old);
      places.put(one.getKey(), place);
    }
    return places;
  }

  private static boolean near(RasterInfo one, RasterInfo other) {
    Extent a = one.extent();
    Extent b = other.extent();
    double margin = MARGIN * (a.maxX() - a.minX()) / one.width();
    return a.crs().equals(b.crs())
        && a.minX() - margin < b.maxX()
        && a.maxX() + margin > b.minX()
        && a.minY() - margin < b.maxY()
        && a.maxY() + margin > b.minY();
  }
}
