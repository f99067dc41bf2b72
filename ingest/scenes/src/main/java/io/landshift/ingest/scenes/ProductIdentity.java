package io.landshift.ingest.scenes;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which product a STAC item describes: what was sensed, when, and which processing of it this is;
 * immutable.
 *
 * <p>The product id is equal for all processings of one sensing, so that a later one supersedes an
 * earlier one instead of being a second look: of a Sentinel-2 product name it keeps mission, level,
 * datatake start, relative orbit and tile, of a Sentinel-1 name mission, mode, start, orbit and
 * datatake, of a Landsat name all but processing date and tier. Other items are their own product.
 *
 * @param productId letters, digits, dots, dashes and underscores: fit for a file name
 * @param generation processing time in epoch milliseconds, or 0 where not stated
 * @param sensor `sentinel-2-msi`, `landsat-oli`, ...
 * @param platform `sentinel-2a`, or null
 * @param datatakeId as the product states it; of Sentinel-1 `sentinel-1a-491390`
 * @param orbitDirection `ascending` or `descending`, or null
 * @param incidenceAngle of radar, degrees from the vertical, or null
 * @param gridCode `MGRS-33TWL`, or null where the product is on no MGRS tile
 */
record ProductIdentity(
    String productId,
    long generation,
    String sensor,
    @Nullable String platform,
    Instant sensingTime,
    @Nullable String processingBaseline,
    @Nullable String processingLevel,
    @Nullable String datatakeId,
    @Nullable Integer relativeOrbit,
    @Nullable String orbitDirection,
    @Nullable Double incidenceAngle,
    @Nullable String gridCode) {

  private static final Pattern SAFE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
  private static final Pattern SENTINEL_2 =
      Pattern.compile(
          "(S2[A-Z]_MSIL[12][ABC])_(\\d{8}T\\d{6})(?:_N(\\d{2})(\\d{2}))?_R(\\d{3})_T(\\d{2}[A-Z]{3})"
              + "_(\\d{8}T\\d{6})(?:\\.SAFE)?");
  private static final Pattern SENTINEL_1 =
      Pattern.compile(
          "(S1[A-Z])_(IW|EW|WV|S[1-6])_[A-Z]{3}[A-Z_]_\\d[SA](?:SH|SV|DH|DV)_(\\d{8}T\\d{6})"
              + "_\\d{8}T\\d{6}_(\\d{6})_([0-9A-F]{6})(?:_[0-9A-F]{4})?(?:[_-](?i:rtc))?");
  private static final Pattern LANDSAT =
      Pattern.compile(
          "(L[COTEM]\\d{2}_L\\d[A-Z]{2}_\\d{6}_\\d{8})_(\\d{8})_(\\d{2}_(?:RT|T1|T2|A1|A2))(?:_SR|_ST)?");
  private static final Pattern MGRS =
      Pattern.compile("0?(\\d{1,2}[C-HJ-NP-X][A-HJ-NP-Z][A-HJ-NP-V])");
  private static final DateTimeFormatter COMPACT =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT);
  private static final Pattern DATASTRIP = Pattern.compile("_S(\\d{8}T\\d{6})(?:_|$)");
  private static final Duration FIRST_PART_WITHIN = Duration.ofSeconds(30);
  private static final Instant EARLIEST = Instant.parse("1960-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  /**
   * @param item a STAC item
   * @throws LandshiftException METADATA_INVALID where the id or the sensing time is missing or not
   *     usable
   */
  static ProductIdentity of(JsonNode item) {
    JsonNode properties = item.path("properties");
    String id = Fields.requiredText(item, "id", "the item");
    String name = productName(properties, id);
    Matcher sentinel = SENTINEL_2.matcher(name);
    Matcher landsat = LANDSAT.matcher(name);
    boolean isSentinel = sentinel.matches();
    String productId = safeId(id);
    long generation = generation(properties);
    if (isSentinel) {
      productId =
          sentinel2(
              sentinel.group(1),
              Instant.ofEpochMilli(epochMillis(sentinel.group(2))),
              Integer.parseInt(sentinel.group(5)),
              sentinel.group(6),
              datastripStart(Fields.text(properties, "s2:datastrip_id")));
      generation = generation == 0 ? epochMillis(sentinel.group(7)) : generation;
    } else if (landsat.matches()) {
      productId = landsat.group(1);
      generation = epochMillis(landsat.group(2) + "T000000");
    }
    String sensor = sensor(properties);
    if (sensor.equals(KnownBands.SENTINEL_1)) {
      return sentinel1(SENTINEL_1.matcher(name), productId, generation, properties);
    }
    return new ProductIdentity(
        productId,
        generation,
        sensor,
        platform(properties),
        sensingTime(properties),
        baseline(properties, isSentinel ? sentinel : null),
        level(properties),
        Fields.text(properties, "s2:datatake_id"),
        orbit(properties, isSentinel ? sentinel : null),
        orbitDirection(properties),
        null,
        gridCode(properties, isSentinel ? sentinel : null));
  }

  /** Of a Sentinel-1 item, whose name may be of another form than the mission's own. */
  private static ProductIdentity sentinel1(
      Matcher name, String id, long generation, JsonNode properties) {
    boolean named = name.matches();
    String platform = platform(properties);
    if (named && (platform == null || platform.equals("sentinel-1"))) {
      platform = "sentinel-1" + name.group(1).substring(2).toLowerCase(Locale.ROOT);
    }
    Integer relativeOrbit = orbit(properties, null);
    JsonNode stated = properties.path("sat:absolute_orbit");
    if (relativeOrbit == null && (named || stated.isInt())) {
      int absolute = stated.isInt() ? stated.intValue() : Integer.parseInt(name.group(4));
      relativeOrbit = RadarScenes.relativeOrbit(platform, absolute);
    }
    JsonNode datatake = properties.path("s1:datatake_id");
    String datatakeId = datatake.isValueNode() && !datatake.isNull() ? datatake.asText() : null;
    if (datatakeId == null && named) {
      datatakeId = String.valueOf(Integer.parseInt(name.group(5), 16));
    }
    if (datatakeId != null && platform != null) {
      // Each spacecraft counts for itself.
      datatakeId = platform + "-" + datatakeId;
    }
    return new ProductIdentity(
        named
            ? "%s_%s_RTC_%s_%s_%s"
                .formatted(
                    name.group(1), name.group(2), name.group(3), name.group(4), name.group(5))
            : id,
        generation,
        KnownBands.SENTINEL_1,
        platform,
        sensingTime(properties),
        baseline(properties, null),
        "RTC",
        datatakeId,
        relativeOrbit,
        orbitDirection(properties),
        Fields.number(properties, "view:incidence_angle"),
        gridCode(properties, null));
  }

  /**
   * The identity of a Sentinel-2 product, equal for all its processings and in all catalogues:
   * tile, datatake, level, and where the datatake's telemetry came down in parts, the part.
   *
   * <p>Each part is a product of its own that sees its half of the tile; both are good. Their names
   * tell them apart no better than two processings of one part: only the start of the datastrip
   * does. That of the first part lies a few seconds behind the start of the datatake.
   *
   * @param prefix {@code S2A_MSIL2A}
   * @param tile {@code 33TWL}
   * @param datastripStart null where not known: then the first part is meant
   */
  static String sentinel2(
      String prefix,
      Instant datatakeStart,
      int relativeOrbit,
      String tile,
      @Nullable Instant datastripStart) {
    String part =
        datastripStart == null || !datastripStart.isAfter(datatakeStart.plus(FIRST_PART_WITHIN))
            ? ""
            : "_S" + compact(datastripStart);
    return "%s_%s_R%03d_T%s%s".formatted(prefix, compact(datatakeStart), relativeOrbit, tile, part);
  }

  private static String compact(Instant time) {
    return COMPACT.format(time.atOffset(ZoneOffset.UTC));
  }

  /**
   * When the datastrip of an id such as {@code S2A_OPER_MSI_L2A_DS_..._S20230625T234624_N05.09}
   * begins.
   */
  static @Nullable Instant datastripStart(@Nullable String datastripId) {
    Matcher start = DATASTRIP.matcher(datastripId == null ? "" : datastripId);
    return start.find() ? Instant.ofEpochMilli(epochMillis(start.group(1))) : null;
  }

  /** An id fit for files and topics. */
  static String safeId(String id) {
    if (!SAFE_ID.matcher(id).matches()) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "The id \""
              + (id.length() > 200 ? id.substring(0, 200) + "..." : id)
              + "\" is not usable: it must be 1 to 200 letters, digits, dots, dashes or underscores"
              + " and start with a letter or digit.");
    }
    return id;
  }

  private static String productName(JsonNode properties, String id) {
    for (String field :
        new String[] {
          "s2:product_uri", "sentinel:product_id", "landsat:product_id", "s1:product_identifier"
        }) {
      String name = Fields.text(properties, field);
      if (name != null) {
        return name;
      }
    }
    return id;
  }

  private static Instant sensingTime(JsonNode properties) {
    String text = Fields.text(properties, "datetime");
    if (text == null) {
      text = Fields.text(properties, "start_datetime");
    }
    if (text == null) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "The item states no sensing time: properties.datetime is missing.");
    }
    Instant time = instant("datetime", text);
    if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID, "The sensing time " + text + " cannot be right.");
    }
    return time;
  }

  /** RFC 3339 text as an instant. */
  static Instant instant(String field, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          field + " \"" + text + "\" is not a time such as 2020-06-30T10:15:00Z.",
          e);
    }
  }

  private static long generation(JsonNode properties) {
    for (String field :
        new String[] {
          "s2:generation_time", "processing:datetime", "s1:processing_datetime", "created"
        }) {
      String text = Fields.text(properties, field);
      if (text != null) {
        return instant(field, text).toEpochMilli();
      }
    }
    return 0;
  }

  private static long epochMillis(String compact) {
    try {
      LocalDate.parse(compact.substring(0, 8), DateTimeFormatter.BASIC_ISO_DATE);
      return COMPACT
          .parse(compact, java.time.LocalDateTime::from)
          .toInstant(ZoneOffset.UTC)
          .toEpochMilli();
    } catch (DateTimeException e) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID, "The product name holds no time at " + compact + ".", e);
    }
  }

  private static @Nullable String baseline(JsonNode properties, @Nullable Matcher sentinel) {
    for (String field : new String[] {"s2:processing_baseline", "processing:version"}) {
      String text = Fields.text(properties, field);
      if (text != null) {
        return text;
      }
    }
    if (sentinel != null && sentinel.group(3) != null) {
      return sentinel.group(3) + "." + sentinel.group(4);
    }
    return null;
  }

  private static @Nullable String level(JsonNode properties) {
    String level = Fields.text(properties, "processing:level");
    if (level != null) {
      return level;
    }
    String type = Fields.text(properties, "s2:product_type");
    if (type != null && type.startsWith("S2MSI")) {
      return "L" + type.substring("S2MSI".length());
    }
    return Fields.text(properties, "landsat:correction");
  }

  private static @Nullable Integer orbit(JsonNode properties, @Nullable Matcher sentinel) {
    JsonNode orbit = properties.path("sat:relative_orbit");
    if (orbit.isInt()) {
      return orbit.intValue();
    }
    return sentinel == null ? null : Integer.valueOf(sentinel.group(5));
  }

  private static @Nullable String orbitDirection(JsonNode properties) {
    String state = Fields.textOr(properties, "sat:orbit_state", "").toLowerCase(Locale.ROOT);
    return state.equals("ascending") || state.equals("descending") ? state : null;
  }

  private static @Nullable String platform(JsonNode properties) {
    String platform = Fields.text(properties, "platform");
    return platform == null ? null : Fields.slug(platform);
  }

  private static String sensor(JsonNode properties) {
    String platform = Fields.textOr(properties, "platform", "");
    String constellation = Fields.textOr(properties, "constellation", "");
    String instruments = properties.path("instruments").toString().toLowerCase(Locale.ROOT);
    String mission = Fields.slug(constellation.isEmpty() ? platform : constellation);
    String craft = Fields.slug(platform);
    if (mission.startsWith("sentinel-2") || craft.startsWith("sentinel-2")) {
      return KnownBands.SENTINEL_2;
    }
    if (mission.startsWith("sentinel-1") || craft.startsWith("sentinel-1")) {
      return KnownBands.SENTINEL_1;
    }
    if (mission.startsWith("landsat") || craft.startsWith("landsat")) {
      return landsatSensor(instruments);
    }
    return mission.isEmpty() ? "unknown" : mission;
  }

  private static String landsatSensor(String instruments) {
    if (instruments.contains("oli")) {
      return KnownBands.LANDSAT_OLI;
    }
    return instruments.contains("etm") ? KnownBands.LANDSAT_ETM : KnownBands.LANDSAT_TM;
  }

  private static @Nullable String gridCode(JsonNode properties, @Nullable Matcher sentinel) {
    String tile = mgrsTile(properties, sentinel);
    if (tile == null) {
      return null;
    }
    Matcher matcher = MGRS.matcher(tile);
    if (!matcher.matches()) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID, "\"" + tile + "\" is not an MGRS tile such as 33TWL.");
    }
    String plain = matcher.group(1);
    return "MGRS-" + (plain.length() == 4 ? "0" + plain : plain);
  }

  private static @Nullable String mgrsTile(JsonNode properties, @Nullable Matcher sentinel) {
    String code = Fields.text(properties, "grid:code");
    if (code != null && code.startsWith("MGRS-")) {
      return code.substring("MGRS-".length());
    }
    String tile = Fields.text(properties, "s2:mgrs_tile");
    if (tile != null) {
      return tile;
    }
    for (String prefix : new String[] {"mgrs:", "sentinel:"}) {
      String band = Fields.text(properties, prefix + "latitude_band");
      String square = Fields.text(properties, prefix + "grid_square");
      JsonNode zone = properties.path(prefix + "utm_zone");
      if (band != null && square != null && zone.isInt()) {
        return zone.intValue() + band + square;
      }
    }
    return sentinel == null ? null : sentinel.group(6);
  }
}
