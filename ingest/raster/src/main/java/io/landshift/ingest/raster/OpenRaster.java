package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Vector;
import org.gdal.gdal.Band;
import org.gdal.gdal.Dataset;
import org.gdal.gdal.gdal;
import org.gdal.gdalconst.gdalconst;
import org.jspecify.annotations.Nullable;

/**
 * One raster, open for reading: the owner of its native handle. Not thread-safe; close it in any
 * case, the native memory and the file descriptor are not the garbage collector's.
 */
final class OpenRaster implements AutoCloseable {
  private final String href;
  private final Hrefs.Located located;
  private final RasterInfo info;
  private @Nullable Dataset dataset;

  private OpenRaster(String href, Hrefs.Located located, RasterInfo info, Dataset dataset) {
    this.href = href;
    this.located = located;
    this.info = info;
    this.dataset = dataset;
  }

  /**
   * @throws LandshiftException HREF_REFUSED, ASSET_MISSING, ASSET_UNREADABLE or LIMIT_EXCEEDED; for
   *     the network also SOURCE_UNAVAILABLE and ACCESS_DENIED
   */
  static OpenRaster open(String href, RasterRules rules) {
    Hrefs.Located located = Hrefs.locate(href, rules);
    try {
      return open(href, located, rules);
    } catch (RuntimeException e) {
      located.close();
      throw e;
    }
  }

  private static OpenRaster open(String href, Hrefs.Located located, RasterRules rules) {
    try (Gdal.Session session = Gdal.enter()) {
      Dataset dataset =
          gdal.OpenEx(
              located.gdalPath(),
              gdalconst.OF_RASTER | gdalconst.OF_READONLY,
              vector(drivers(located)),
              null,
              siblings(located));
      if (dataset == null) {
        if (located instanceof Hrefs.OnDisk onDisk && beginsAsVrt(onDisk.file())) {
          throw Hrefs.virtual(href);
        }
        throw unreadable(href, located, "not a raster of a known format", session);
      }
      try {
        checkLimits(href, dataset, rules);
        RasterInfo info = describe(href, dataset);
        checkBlocks(href, info, rules);
        return new OpenRaster(href, located, info, dataset);
      } catch (RuntimeException e) {
        dataset.delete();
        throw e;
      }
    }
  }

  RasterInfo info() {
    return info;
  }

  String href() {
    return href;
  }

  /**
   * @param band from 1
   * @throws LandshiftException BAND_MISSING where the raster has no such band
   */
  BandInfo band(int band) {
    if (band < 1 || band > info.bands().size()) {
      throw new LandshiftException(
          FailureReason.BAND_MISSING,
          "there is no band " + band + " among the " + info.bands().size() + " of " + href);
    }
    return info.bands().get(band - 1);
  }

  /**
   * Reads a rectangle of one band, in the band's own type and native byte order, row by row from
   * the array's start.
   *
   * @param into at least as large as the rectangle
   * @throws LandshiftException ASSET_UNREADABLE where it cannot be decoded
   */
  void read(int band, int x, int y, int width, int height, byte[] into) {
    if (dataset == null) {
      throw new IllegalStateException("the raster is closed: " + href);
    }
    try (Gdal.Session session = Gdal.enter()) {
      int type = band(band).type().gdal();
      int status =
          dataset.GetRasterBand(band).ReadRaster(x, y, width, height, width, height, type, into);
      if (status != gdalconst.CE_None || session.failed()) {
        throw unreadable(
            href,
            located,
            "pixels %d,%d + %d x %d of band %d do not decode".formatted(x, y, width, height, band),
            session);
      }
    }
  }

  @Override
  public void close() {
    Dataset open = dataset;
    if (open != null) {
      dataset = null;
      Gdal.quietly(open::delete);
      located.close();
    }
  }

  /** What the network said, where it said anything: GDAL only knows that bytes did not come. */
  private static LandshiftException unreadable(
      String href, Hrefs.Located located, String what, Gdal.Session session) {
    if (located instanceof Hrefs.OnNetwork remote && remote.file().failure().isPresent()) {
      return remote.file().failure().orElseThrow();
    }
    return new LandshiftException(
        FailureReason.ASSET_UNREADABLE, what + " (" + session.error() + "): " + href);
  }

  /** A VRT under another name; the driver is not there, but the refusal should say why. */
  private static boolean beginsAsVrt(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(512), StandardCharsets.ISO_8859_1).contains("<VRTDataset");
    } catch (IOException e) {
      return false;
    }
  }

  /** ENVI alone needs a second file, its header; no other file beside a raster is looked at. */
  private static @Nullable Vector<String> siblings(Hrefs.Located located) {
    if (!(located instanceof Hrefs.OnDisk onDisk)) {
      return null;
    }
    String name = onDisk.file().getFileName().toString();
    int dot = name.lastIndexOf('.');
    List<String> headers =
        dot > 0 ? List.of(name + ".hdr", name.substring(0, dot) + ".hdr") : List.of(name + ".hdr");
    List<String> names = new ArrayList<>(List.of(name));
    for (String header : headers) {
      Path beside = onDisk.file().resolveSibling(header);
      if (Files.isRegularFile(beside, LinkOption.NOFOLLOW_LINKS)) {
        names.add(header);
      }
    }
    return names.size() > 1 ? vector(names) : null;
  }

  private static Collection<String> drivers(Hrefs.Located located) {
    return located instanceof Hrefs.OnNetwork ? Gdal.NETWORK_DRIVERS : Gdal.READ_DRIVERS;
  }

  /** GDAL's bindings take no other list. */
  @SuppressWarnings("JdkObsolete")
  private static Vector<String> vector(Collection<String> names) {
    return new Vector<>(names);
  }

  private static void checkLimits(String href, Dataset dataset, RasterRules rules) {
    long pixels = (long) dataset.getRasterXSize() * dataset.getRasterYSize();
    int bands = dataset.getRasterCount();
    if (pixels > rules.maxPixels() || bands > rules.maxBands()) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED,
          "%d x %d pixels and %d bands exceed the limits (%d pixels, %d bands): %s"
              .formatted(
                  dataset.getRasterXSize(),
                  dataset.getRasterYSize(),
                  bands,
                  rules.maxPixels(),
                  rules.maxBands(),
                  href));
    }
    if (bands == 0) {
      throw new LandshiftException(FailureReason.ASSET_UNREADABLE, "it has no bands: " + href);
    }
  }

  private static void checkBlocks(String href, RasterInfo info, RasterRules rules) {
    for (BandInfo band : info.bands()) {
      long bytes = (long) band.blockWidth() * band.blockHeight() * band.type().bytes();
      if (bytes > rules.maxBlockBytes()) {
        throw new LandshiftException(
            FailureReason.LIMIT_EXCEEDED,
            "its blocks are of %d bytes: write it with smaller tiles: %s".formatted(bytes, href));
      }
    }
  }

  private static RasterInfo describe(String href, Dataset dataset) {
    GeoTransform transform = GeoTransform.ofGdal(dataset.GetGeoTransform());
    if (!transform.hasInverse()) {
      throw new LandshiftException(
          FailureReason.ASSET_UNREADABLE, "its geotransform has no inverse: " + href);
    }
    List<BandInfo> bands = new ArrayList<>();
    for (int band = 1; band <= dataset.getRasterCount(); band++) {
      bands.add(describe(dataset.GetRasterBand(band)));
    }
    return new RasterInfo(
        Crs.describe(dataset.GetSpatialRef()),
        transform,
        dataset.getRasterXSize(),
        dataset.getRasterYSize(),
        bands);
  }

  private static BandInfo describe(Band band) {
    int[] width = new int[1];
    int[] height = new int[1];
    band.GetBlockSize(width, height);
    Double[] nodata = new Double[1];
    Double[] scale = new Double[1];
    Double[] offset = new Double[1];
    band.GetNoDataValue(nodata);
    band.GetScale(scale);
    band.GetOffset(offset);
    String description = band.GetDescription();
    return new BandInfo(
        RasterType.ofGdal(band.getDataType()),
        nodata[0],
        width[0],
        height[0],
        scale[0] == null ? 1 : scale[0],
        offset[0] == null ? 0 : offset[0],
        description == null ? "" : description);
  }
}
