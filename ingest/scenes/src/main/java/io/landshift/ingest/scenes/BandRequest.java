package io.landshift.ingest.scenes;

import io.landshift.schemas.BandAsset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A band that a bundle asks for, by meaning; immutable.
 *
 * @param commonName the field's common name: `red`, `nir08`, `swir16`
 * @param wavelength centre wavelength in micrometres, or null where the name says enough
 * @param required whether a scene without it is refused
 */
public record BandRequest(String commonName, @Nullable Double wavelength, boolean required) {

  /**
   * The band of a scene that answers the request: of the bands with this common name the nearest in
   * wavelength; where none has the name, the nearest of those within 4 % of the wavelength. A name
   * that the field gives to several bands ({@code rededge}) is only taken within that distance.
   */
  public Optional<BandAsset> find(List<BandAsset> bands) {
    String wanted = KnownBands.canonicalName(commonName);
    BandAsset best = null;
    double bestRank = Double.POSITIVE_INFINITY;
    for (BandAsset band : bands) {
      double rank = rank(wanted, band);
      if (rank < bestRank) {
        best = band;
        bestRank = rank;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Smaller is better: bands of the name come before all others; infinite is no match. */
  private double rank(String wanted, BandAsset band) {
    String name = band.getCommonName();
    boolean named = name != null && KnownBands.canonicalName(name).equals(wanted);
    Double found = band.getCenterWavelength();
    if (wavelength == null || found == null) {
      return named ? 0 : Double.POSITIVE_INFINITY;
    }
    double distance = Math.abs(wavelength - found);
    if (named && (!wanted.equals("rededge") || KnownBands.sameWavelength(wavelength, found))) {
      return distance;
    }
    // No two wavelengths of optics are 1000 micrometres apart.
    return KnownBands.sameWavelength(wavelength, found)
        ? 1000 + distance
        : Double.POSITIVE_INFINITY;
  }
}
