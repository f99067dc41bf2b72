package io.landshift.ingest.scenes;

import io.landshift.schemas.Modality;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Bands by meaning: the names, common names and centre wavelengths of the sensors that Landshift
 * knows. Immutable and thread-safe.
 *
 * <p>Names are read tolerantly: `B2`, `b02`, `B02_10m` and `SR_B2` are one band, and so are `vv`
 * and `Gamma0_VV`. Wavelengths are in micrometres, those of Sentinel-2A and of Landsat's handbooks.
 */
public final class KnownBands {
  /** Sentinel-2 MultiSpectral Instrument. */
  public static final String SENTINEL_2 = "sentinel-2-msi";

  /** Sentinel-1 synthetic aperture radar. */
  public static final String SENTINEL_1 = "sentinel-1-sar";

  /** Landsat 8 and 9 Operational Land Imager. */
  public static final String LANDSAT_OLI = "landsat-oli";

  /** Landsat 7 Enhanced Thematic Mapper Plus. */
  public static final String LANDSAT_ETM = "landsat-etm";

  /** Landsat 4 and 5 Thematic Mapper. */
  public static final String LANDSAT_TM = "landsat-tm";

  /** Wavelengths closer than this share of the wanted one are the same band. */
  static final double TOLERANCE = 0.04;

  private static final Pattern NUMBERED =
      Pattern.compile("(?:SR_|ST_)?(?:BAND_?|B)?0*(\\d{1,2})(A?)(?:_\\d{2}M)?");

  private static final Pattern GAMMA_0 = Pattern.compile("(?i)^gamma0[_-]");

  private static final Map<String, List<BandMeaning>> BY_SENSOR =
      Map.of(
          SENTINEL_2,
          List.of(
              optical("B01", "coastal", 0.443),
              optical("B02", "blue", 0.49),
              optical("B03", "green", 0.56),
              optical("B04", "red", 0.665),
              optical("B05", "rededge", 0.704),
              optical("B06", "rededge", 0.74),
              optical("B07", "rededge", 0.783),
              optical("B08", "nir", 0.842),
              optical("B8A", "nir08", 0.865),
              optical("B09", "nir09", 0.945),
              optical("B10", "cirrus", 1.3735),
              optical("B11", "swir16", 1.61),
              optical("B12", "swir22", 2.19)),
          SENTINEL_1,
          List.of(radar("HH"), radar("HV"), radar("VH"), radar("VV")),
          LANDSAT_OLI,
          List.of(
              optical("B1", "coastal", 0.44),
              optical("B2", "blue", 0.48),
              optical("B3", "green", 0.56),
              optical("B4", "red", 0.65),
              optical("B5", "nir08", 0.86),
              optical("B6", "swir16", 1.6),
              optical("B7", "swir22", 2.2),
              optical("B8", "pan", 0.59),
              optical("B9", "cirrus", 1.37),
              thermal("B10", "lwir11", 10.9),
              thermal("B11", "lwir12", 12.0)),
          LANDSAT_ETM,
          List.of(
              optical("B1", "blue", 0.48),
              optical("B2", "green", 0.56),
              optical("B3", "red", 0.66),
              optical("B4", "nir08", 0.84),
              optical("B5", "swir16", 1.65),
              thermal("B6", "lwir", 11.45),
              optical("B7", "swir22", 2.2),
              optical("B8", "pan", 0.71)),
          LANDSAT_TM,
          List.of(
              optical("B1", "blue", 0.49),
              optical("B2", "green", 0.56),
              optical("B3", "red", 0.66),
              optical("B4", "nir08", 0.83),
              optical("B5", "swir16", 1.67),
              thermal("B6", "lwir", 11.45),
              optical("B7", "swir22", 2.24)));

  /** Names that the field uses for bands of any sensor, and their usual wavelength. */
  private static final Map<String, Double> COMMON =
      Map.ofEntries(
          Map.entry("coastal", 0.443),
          Map.entry("blue", 0.48),
          Map.entry("green", 0.56),
          Map.entry("yellow", 0.6),
          Map.entry("red", 0.66),
          Map.entry("nir", 0.842),
          Map.entry("nir08", 0.865),
          Map.entry("nir09", 0.945),
          Map.entry("cirrus", 1.375),
          Map.entry("swir16", 1.61),
          Map.entry("swir22", 2.2),
          Map.entry("rededge1", 0.704),
          Map.entry("rededge2", 0.74),
          Map.entry("rededge3", 0.783),
          Map.entry("rededge071", 0.704),
          Map.entry("rededge075", 0.74),
          Map.entry("rededge078", 0.783),
          Map.entry("swir1", 1.61),
          Map.entry("swir2", 2.2),
          Map.entry("lwir", 11.0),
          Map.entry("lwir11", 10.9),
          Map.entry("lwir12", 12.0));

  private KnownBands() {}

  /**
   * The band of a sensor by its own name or by a common name, read tolerantly.
   *
   * @param sensor `sentinel-2-msi`, `landsat-oli`, ...; others know only common names
   * @return empty where the name is neither the sensor's nor a common one
   */
  public static Optional<BandMeaning> byName(String sensor, String name) {
    List<BandMeaning> bands = BY_SENSOR.getOrDefault(sensor, List.of());
    for (BandMeaning band : bands) {
      if (isNameOf(band, name)) {
        return Optional.of(band);
      }
    }
    String common = name.strip().toLowerCase(Locale.ROOT);
    return COMMON.containsKey(common)
        ? Optional.of(describe(sensor, name, common, null))
        : Optional.empty();
  }

  private static boolean isNameOf(BandMeaning band, String name) {
    if (band.modality() == Modality.RADAR) {
      return GAMMA_0.matcher(name.strip()).replaceFirst("").equalsIgnoreCase(band.name());
    }
    Optional<String> plain = plainName(name);
    return plain.isPresent() && plain.equals(plainName(band.name()));
  }

  /**
   * What a band means whose common name and wavelength are stated, completed with the sensor's own
   * name where the sensor has such a band.
   *
   * @param name the name that the metadata uses
   * @param commonName may be null; older and newer spellings are brought to one
   * @param centerWavelength micrometres; may be null
   */
  public static BandMeaning describe(
      String sensor, String name, @Nullable String commonName, @Nullable Double centerWavelength) {
    String common = commonName == null ? null : canonicalName(commonName);
    Double wavelength = centerWavelength;
    if (wavelength == null && commonName != null) {
      wavelength = COMMON.get(commonName.strip().toLowerCase(Locale.ROOT));
    }
    BandMeaning known = nearest(sensor, common, wavelength);
    if (known != null) {
      String own = plainName(name).isPresent() ? name : known.name();
      return new BandMeaning(
          own,
          known.commonName(),
          centerWavelength == null ? known.centerWavelength() : centerWavelength,
          known.modality());
    }
    return new BandMeaning(name, common, wavelength, modality(sensor, wavelength));
  }

  private static Modality modality(String sensor, @Nullable Double wavelength) {
    if (sensor.equals(SENTINEL_1)) {
      // Angles, counts of looks, masks.
      return Modality.OTHER;
    }
    return wavelength != null && wavelength > 3 ? Modality.THERMAL : Modality.OPTICAL;
  }

  /** One spelling of a common name: `rededge071`, `rededge1` and `rededge` are one name. */
  static String canonicalName(String commonName) {
    String lower = commonName.strip().toLowerCase(Locale.ROOT);
    if (lower.startsWith("rededge")) {
      return "rededge";
    }
    return switch (lower) {
      case "swir1" -> "swir16";
      case "swir2" -> "swir22";
      default -> lower;
    };
  }

  /** Whether two wavelengths are those of one band. */
  static boolean sameWavelength(double wanted, double found) {
    return Math.abs(wanted - found) <= wanted * TOLERANCE;
  }

  private static @Nullable BandMeaning nearest(
      String sensor, @Nullable String common, @Nullable Double wavelength) {
    BandMeaning best = null;
    double bestDistance = Double.POSITIVE_INFINITY;
    for (BandMeaning band : BY_SENSOR.getOrDefault(sensor, List.of())) {
      Double own = band.centerWavelength();
      if (own == null) {
        continue;
      }
      boolean matches =
          wavelength == null
              ? band.commonName() != null && band.commonName().equals(common)
              : sameWavelength(own, wavelength);
      double distance = wavelength == null ? 0 : Math.abs(own - wavelength);
      if (matches && distance < bestDistance) {
        best = band;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** `B02`, `b2`, `SR_B2`, `B02_10m` as `2`; empty where the name is not of that form. */
  private static Optional<String> plainName(String name) {
    Matcher matcher = NUMBERED.matcher(name.strip().toUpperCase(Locale.ROOT));
    return matcher.matches() ? Optional.of(matcher.group(1) + matcher.group(2)) : Optional.empty();
  }

  private static BandMeaning optical(String name, String commonName, double wavelength) {
    return new BandMeaning(name, commonName, wavelength, Modality.OPTICAL);
  }

  private static BandMeaning radar(String polarisation) {
    return new BandMeaning(
        polarisation, polarisation.toLowerCase(Locale.ROOT), null, Modality.RADAR);
  }

  private static BandMeaning thermal(String name, String commonName, double wavelength) {
    return new BandMeaning(name, commonName, wavelength, Modality.THERMAL);
  }
}
