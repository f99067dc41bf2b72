package io.landshift.ingest.scenes;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.schemas.Backscatter;
import io.landshift.schemas.BandAsset;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.MaskAsset;
import io.landshift.schemas.MaskKind;
import io.landshift.schemas.Modality;
import io.landshift.schemas.SceneAvailable;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a radar scene must state before it can be compared with another. Pure functions. */
final class RadarScenes {
  /** What the terrain-corrected, normalised products of the archives are called. */
  private static final Set<String> CORRECTED = Set.of("RTC", "NRB");

  /** Sentinel-1 repeats itself every 175 orbits. */
  private static final int ORBITS = 175;

  private RadarScenes() {}

  /**
   * Whether an item's backscatter is terrain-corrected gamma0. Planetary Computer states the
   * product type of what its collection {@code sentinel-1-rtc} was made from (GRD), so a name
   * counts before it.
   *
   * @throws LandshiftException ASSETS_ABSENT where it is something else, METADATA_INVALID where the
   *     item does not say
   */
  static void requireCorrected(JsonNode item) {
    String collection = Fields.textOr(item, "collection", "").toLowerCase(Locale.ROOT);
    String id = Fields.textOr(item, "id", "").toLowerCase(Locale.ROOT);
    String type = Fields.text(item.path("properties"), "sar:product_type");
    boolean named =
        collection.matches("(.*[_-])?rtc([_-].*)?") || id.endsWith("_rtc") || id.endsWith("-rtc");
    if (named || (type != null && CORRECTED.contains(type.toUpperCase(Locale.ROOT)))) {
      return;
    }
    if (type == null) {
      throw Fields.invalid(
          "The item does not say that its backscatter is terrain corrected: state"
              + " sar:product_type \"RTC\" if it is.");
    }
    throw new LandshiftException(
        FailureReason.ASSETS_ABSENT,
        "The item's radar product is "
            + type
            + ", which is not terrain corrected, so its pixels lie on no ground that could be"
            + " compared. Take the collection sentinel-1-rtc instead.");
  }

  /**
   * How backscatter is written, by the unit that is stated for it; linear power where none is, as
   * the archives of terrain-corrected products have it. The pixels are tested for it when they are
   * read.
   *
   * @throws LandshiftException METADATA_INVALID where the unit is another
   */
  static Backscatter written(@Nullable String unit, String band) {
    return switch (unit == null ? "" : Fields.slug(unit)) {
      case "", "power", "linear", "linear-power", "natural", "1" -> Backscatter.POWER;
      case "db", "decibel", "decibels" -> Backscatter.DECIBELS;
      default ->
          throw Fields.invalid(
              "The unit \""
                  + unit
                  + "\" of "
                  + band
                  + " is not understood: backscatter is in \"dB\" or in linear \"power\".");
    };
  }

  /**
   * The relative orbit of an absolute one; null for spacecraft that did not keep to one formula
   * through their life (Sentinel-1C was moved in 2026) or are not known.
   */
  static @Nullable Integer relativeOrbit(@Nullable String platform, int absoluteOrbit) {
    return switch (platform == null ? "" : platform) {
      case "sentinel-1a" -> Math.floorMod(absoluteOrbit - 73, ORBITS) + 1;
      case "sentinel-1b" -> Math.floorMod(absoluteOrbit - 27, ORBITS) + 1;
      default -> null;
    };
  }

  /**
   * Checks a scene that has a radar band; others pass. What radar sees depends on where it looks
   * from: without direction and relative orbit a look must not be compared with any other.
   *
   * @throws LandshiftException METADATA_INVALID
   */
  static void require(SceneAvailable.Builder scene) {
    if (scene.getBands().stream().noneMatch(band -> band.getModality() == Modality.RADAR)) {
      return;
    }
    String direction = scene.getOrbitDirection();
    if (!"ascending".equals(direction) && !"descending".equals(direction)) {
      throw Fields.invalid(
          "A radar scene must state its orbit direction (sat:orbit_state; in a sidecar"
              + " orbitDirection): \"ascending\" or \"descending\".");
    }
    Integer orbit = scene.getRelativeOrbit();
    if (orbit == null || orbit < 1 || orbit > ORBITS) {
      throw Fields.invalid(
          "A radar scene must state its relative orbit (sat:relative_orbit; in a sidecar"
              + " relativeOrbit), 1 to "
              + ORBITS
              + ", not "
              + orbit
              + ".");
    }
    Double angle = scene.getIncidenceAngle();
    if (angle != null && !(angle > 0 && angle < 90)) {
      throw Fields.invalid("The incidence angle of " + angle + " degrees cannot be right.");
    }
    scene.getBands().forEach(RadarScenes::requireBand);
    for (MaskAsset mask : scene.getMasks()) {
      if (mask.getKind() != MaskKind.CLEAR) {
        throw Fields.invalid(
            "A mask of clouds says nothing of what radar sees: only masks of kind \"clear\" hold"
                + " for it.");
      }
    }
  }

  private static void requireBand(BandAsset band) {
    if (band.getModality() == Modality.RADAR
        && band.getBackscatter() == Backscatter.POWER
        && !(band.getScale() > 0)) {
      throw Fields.invalid("The scale of " + band.getName() + " must be above 0.");
    }
  }
}
