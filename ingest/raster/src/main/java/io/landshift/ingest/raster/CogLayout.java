package io.landshift.ingest.raster;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a product's file holds. Immutable.
 *
 * @param type of all bands
 * @param bandNames one per band, in order
 * @param nodata the number that means no data, or null; NaN for floats
 * @param tags of the file, written in the order of their names
 * @param colours of the numbers from 0 on, or null; only for one band of UINT8 or UINT16
 * @param scale value = number * scale + offset, stated in the file
 * @param offset see scale
 * @param overviews how the smaller copies are made
 */
public record CogLayout(
    RasterType type,
    List<String> bandNames,
    @Nullable Double nodata,
    Map<String, String> tags,
    @Nullable List<Colour> colours,
    double scale,
    double offset,
    Overviews overviews) {
  public CogLayout {
    bandNames = List.copyOf(bandNames);
    tags = Map.copyOf(tags);
    colours = colours == null ? null : List.copyOf(colours);
    if (bandNames.isEmpty()) {
      throw new IllegalArgumentException("a raster has at least one band");
    }
    boolean palette =
        bandNames.size() == 1 && (type == RasterType.UINT8 || type == RasterType.UINT16);
    if (colours != null && (!palette || overviews == Overviews.AVERAGE)) {
      throw new IllegalArgumentException(
          "colours are for one band of classes, UINT8 or UINT16, without averaged overviews");
    }
  }

  /** No nodata, no tags, no colours, scale 1, offset 0, overviews of every n-th pixel. */
  public static CogLayout of(RasterType type, String... bandNames) {
    return new CogLayout(type, List.of(bandNames), null, Map.of(), null, 1, 0, Overviews.NEAREST);
  }

  public CogLayout withNodata(double number) {
    return new CogLayout(type, bandNames, number, tags, colours, scale, offset, overviews);
  }

  public CogLayout withTags(Map<String, String> others) {
    return new CogLayout(type, bandNames, nodata, others, colours, scale, offset, overviews);
  }

  /**
   * The same, with a palette.
   *
   * @param others red, green, blue, opacity 0..255 of the numbers from 0 on
   */
  public CogLayout withColours(int[][] others) {
    List<Colour> palette =
        Arrays.stream(others).map(c -> new Colour(c[0], c[1], c[2], c[3])).toList();
    return new CogLayout(type, bandNames, nodata, tags, palette, scale, offset, overviews);
  }

  public CogLayout withScale(double factor, double added) {
    return new CogLayout(type, bandNames, nodata, tags, colours, factor, added, overviews);
  }

  public CogLayout withOverviews(Overviews others) {
    return new CogLayout(type, bandNames, nodata, tags, colours, scale, offset, others);
  }
}
