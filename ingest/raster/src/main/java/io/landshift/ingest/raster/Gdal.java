package io.landshift.ingest.raster;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.Set;
import org.gdal.gdal.Driver;
import org.gdal.gdal.gdal;
import org.gdal.gdalconst.gdalconst;
import org.jspecify.annotations.Nullable;

/**
 * The process's one GDAL: registered once, with few drivers and fixed settings.
 *
 * <p>GDAL keeps its last error per operating-system thread, so every use stands between {@link
 * #enter()} and {@link Session#close()} on one platform thread. Registration is thread-safe; a
 * session belongs to the thread that entered it. Virtual threads are refused: they change their
 * carrier between two calls and would read another thread's error.
 */
final class Gdal {
  /**
   * The formats that scenes, masks and truth come in. Everything else is taken out of the process:
   * VRT can name any file of the machine, and each further driver is one more parser that hostile
   * bytes reach.
   */
  static final Set<String> READ_DRIVERS =
      Set.of("GTiff", "JP2OpenJPEG", "ENVI", "PNG", "JPEG", "BMP");

  /** The formats of rasters on the network. */
  static final Set<String> NETWORK_DRIVERS = Set.of("GTiff", "JP2OpenJPEG");

  private static final Set<String> WRITE_DRIVERS = Set.of("GTiff", "COG", "MEM");

  private static final @Nullable String PROBLEM = register();

  private Gdal() {}

  /**
   * Begins a stretch of GDAL calls on this thread, with GDAL's messages kept off standard error.
   *
   * @throws LandshiftException INTERNAL where the natives are missing or of another GDAL line
   */
  static Session enter() {
    if (PROBLEM != null) {
      throw new LandshiftException(FailureReason.INTERNAL, PROBLEM);
    }
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("GDAL must not be called from a virtual thread");
    }
    return new Session();
  }

  /**
   * Runs calls whose errors show in their results, with GDAL's messages kept off standard error.
   */
  static void quietly(Runnable calls) {
    try (Session session = enter()) {
      session.reset();
      calls.run();
    }
  }

  /** A stretch of GDAL calls on the thread that made it; to be closed on that thread. */
  static final class Session implements AutoCloseable {
    private Session() {
      gdal.PushErrorHandler("CPLQuietErrorHandler");
      gdal.ErrorReset();
    }

    /** Forgets the last error, so that {@link #error()} speaks of what follows. */
    void reset() {
      gdal.ErrorReset();
    }

    /** True where GDAL has reported a failure on this thread since the last {@link #reset()}. */
    boolean failed() {
      return gdal.GetLastErrorType() >= gdalconst.CE_Failure;
    }

    /** What GDAL last said on this thread, or a plain sentence where it said nothing. */
    String error() {
      String message = gdal.GetLastErrorMsg();
      return message == null || message.isBlank() ? "GDAL gave no message" : message.strip();
    }

    @Override
    public void close() {
      gdal.PopErrorHandler();
    }
  }

  private static @Nullable String register() {
    try {
      String version = gdal.VersionInfo("VERSION_NUM");
      if (!version.startsWith("306")) {
        return "GDAL "
            + gdal.VersionInfo("RELEASE_NAME")
            + " is installed, but the Java bindings are of the 3.6 line:"
            + " run ./landshift setup, or supply GDAL 3.6 with its Java natives";
      }
    } catch (UnsatisfiedLinkError e) {
      return "GDAL's Java natives (libgdalalljni.so, GDAL 3.6) are not found: run ./landshift setup,"
          + " or supply them on java.library.path ("
          + e.getMessage()
          + ")";
    }
    configure();
    gdal.AllRegister();
    for (int i = gdal.GetDriverCount() - 1; i >= 0; i--) {
      Driver driver = gdal.GetDriver(i);
      String name = driver.getShortName();
      if (!READ_DRIVERS.contains(name) && !WRITE_DRIVERS.contains(name)) {
        driver.Deregister();
      }
    }
    return null;
  }

  private static void configure() {
    // Workers are the parallelism; JPEG 2000 would otherwise take every core for each of them.
    gdal.SetConfigOption("GDAL_NUM_THREADS", "1");
    // Megabytes outside the heap, shared by the process. The default is 5 % of the machine.
    gdal.SetConfigOption("GDAL_CACHEMAX", "64");
    // A raster is the named file alone: no sidecar may add georeference, masks or overviews.
    gdal.SetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR");
    gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO");
    gdal.SetConfigOption("GDAL_VRT_ENABLE_PYTHON", "NO");
    // GDAL only ever asks our own gateway on 127.0.0.1, which gives every raster such a name.
    gdal.SetConfigOption("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".tif,.jp2");
    // A proxy of the environment would be asked for 127.0.0.1, and would be told our tokens.
    gdal.SetConfigOption("GDAL_HTTP_PROXY", "");
    gdal.SetConfigOption("GDAL_HTTP_MAX_RETRY", "0");
    gdal.SetConfigOption("OSR_DEFAULT_AXIS_MAPPING_STRATEGY", "TRADITIONAL_GIS_ORDER");
  }
}
