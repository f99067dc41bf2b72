package io.landshift.ingest.scenes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.MaskKind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a plain multi-band raster does not say of itself: when it was sensed, by what, what its
 * bands see and how its numbers become reflectance. Immutable.
 *
 * <p>As a file it is JSON: {@code NAME.json} beside {@code NAME.tif}, or one {@code series.json} in
 * the folder, whose fields are the defaults of all and whose {@code scenes} name the files:
 *
 * <pre>
 * {"sensor": "sentinel-2-msi", "platform": "sentinel-2b", "level": "L2A",
 *  "bands": ["B02", "B03", "B04", {"name": "B08", "commonName": "nir", "wavelength": 0.842}],
 *  "scale": 0.0001, "offset": -0.1, "nodata": 0,
 *  "masks": [{"kind": "scene-classification", "file": "20230511_SCL.tif", "band": 1}],
 *  "scenes": [{"file": "20230511.tif", "date": "2023-05-11"},
 *             {"file": "20231217.tif", "date": "2023-12-17T13:51:09Z", "offset": 0}]}
 * </pre>
 *
 * <p>Fields: {@code date} (day or UTC time; required), {@code sensor} (default {@code unknown}),
 * {@code platform}, {@code level}, {@code product} (default: the file's name without its ending),
 * {@code generation} (default 0), {@code scale} and {@code offset} (the raster's own), {@code
 * nodata} (the raster's own, which always holds as well; NaN always is no data), {@code bands} in
 * the order of the raster (default: its band descriptions; {@code null} for a band that is not
 * used; a band may have {@code name, commonName, wavelength, scale, offset, nodata}), {@code masks}
 * ({@code kind} {@code scene-classification} or {@code clear}, {@code file} default the raster
 * itself, {@code "band"} default 1), {@code description}. Other fields are errors, so that a
 * misspelt one is not silently ignored.
 *
 * <p>Of radar ({@code "sensor": "sentinel-1-sar"}, bands {@code VV}, {@code VH}, {@code HH}, {@code
 * HV}: terrain-corrected gamma0) also {@code unit} ({@code dB} or {@code power}), {@code
 * orbitDirection} ({@code ascending} or {@code descending}) and {@code relativeOrbit} (1..175),
 * which are required, and {@code datatake} and {@code incidenceAngle} (degrees), which are not.
 *
 * @param product the product's id, or null for the file's name
 * @param unit of the bands' values, or null where not stated
 * @param bands in the order of the raster, null where a band is not used; empty = the raster's
 *     descriptions
 */
public record Sidecar(
    Instant sensingTime,
    String sensor,
    @Nullable String platform,
    @Nullable String level,
    @Nullable String product,
    long generation,
    @Nullable Double scale,
    @Nullable Double offset,
    @Nullable Double nodata,
    @Nullable String unit,
    Orbit orbit,
    List<@Nullable Band> bands,
    List<Mask> masks) {

  /** The name of the file that describes a folder. */
  public static final String SERIES = "series.json";

  private static final Set<String> FIELDS =
      Set.of(
          "date",
          "sensor",
          "platform",
          "level",
          "product",
          "generation",
          "scale",
          "offset",
          "nodata",
          "unit",
          "orbitDirection",
          "relativeOrbit",
          "datatake",
          "incidenceAngle",
          "bands",
          "masks",
          "description");
  private static final Set<String> BAND_FIELDS =
      Set.of("name", "commonName", "wavelength", "scale", "offset", "nodata");
  private static final Set<String> MASK_FIELDS = Set.of("kind", "file", "band");
  private static final int MAXIMUM_BANDS = 1000;

  /**
   * Where the ground was seen from; all null where not stated.
   *
   * @param direction {@code ascending} or {@code descending}
   * @param incidenceAngle degrees from the vertical
   */
  public record Orbit(
      @Nullable String direction,
      @Nullable Integer relative,
      @Nullable String datatake,
      @Nullable Double incidenceAngle) {
    static final Orbit NOT_STATED = new Orbit(null, null, null, null);
  }

  /**
   * One band; what is null comes from the sidecar or from the sensor's table.
   *
   * @param wavelength micrometres
   */
  public record Band(
      String name,
      @Nullable String commonName,
      @Nullable Double wavelength,
      @Nullable Double scale,
      @Nullable Double offset,
      @Nullable Double nodata) {}

  /**
   * A mask raster.
   *
   * @param file relative to the sidecar, or null for the raster itself
   * @param band from 1
   */
  public record Mask(MaskKind kind, @Nullable String file, int band) {}

  /**
   * A sidecar made of options instead of a file.
   *
   * @param bandNames names of the sensor or common names, in the order of the raster; empty = the
   *     raster's descriptions
   * @param nodata null where only the raster's own nodata and NaN are none
   */
  public static Sidecar of(
      String sensor,
      List<String> bandNames,
      double scale,
      double offset,
      @Nullable Double nodata,
      Instant sensingTime) {
    List<@Nullable Band> bands = new ArrayList<>();
    for (String name : bandNames) {
      bands.add(new Band(name, null, null, null, null, null));
    }
    return new Sidecar(
        sensingTime,
        sensor,
        null,
        null,
        null,
        0,
        scale,
        offset,
        nodata,
        null,
        Orbit.NOT_STATED,
        bands,
        List.of());
  }

  /**
   * Reads the sidecar of one raster.
   *
   * @param json the content of {@code NAME.json}
   * @param defaults the content of {@code series.json}, or null
   * @param what the file's name, for messages
   * @throws LandshiftException METADATA_INVALID with the field and what it should be
   */
  public static Sidecar read(JsonNode json, @Nullable JsonNode defaults, String what) {
    if (defaults == null) {
      return new Reader(json, what).read();
    }
    ObjectNode merged = defaults.deepCopy();
    merged.remove("scenes");
    for (var field : json.properties()) {
      merged.set(field.getKey(), field.getValue());
    }
    return new Reader(merged, what).read();
  }

  /**
   * The files that a {@code series.json} names, in its order; what it says of each is not looked
   * at.
   *
   * @throws LandshiftException METADATA_INVALID where it names none
   */
  public static List<String> filesOfSeries(JsonNode series, String what) {
    JsonNode scenes = series.path("scenes");
    if (!scenes.isArray()) {
      throw Fields.invalid(
          what
              + ": \"scenes\" must list the files, as in [{\"file\": \"20230511.tif\", \"date\":"
              + " \"2023-05-11\"}].");
    }
    List<String> files = new ArrayList<>();
    for (int i = 0; i < scenes.size(); i++) {
      files.add(Fields.requiredText(scenes.get(i), "file", what + ", scene " + (i + 1)));
    }
    return files;
  }

  /**
   * Reads what a {@code series.json} says of one of its files.
   *
   * @throws LandshiftException METADATA_INVALID with the field and what it should be, also where
   *     the file is named twice
   */
  public static Sidecar readFromSeries(JsonNode series, String file, String what) {
    JsonNode found = null;
    for (JsonNode scene : series.path("scenes")) {
      if (file.equals(scene.path("file").textValue())) {
        if (found != null) {
          throw Fields.invalid(what + " names " + file + " twice.");
        }
        found = scene;
      }
    }
    if (found == null) {
      throw Fields.invalid(what + " does not name " + file + ".");
    }
    ObjectNode scene = found.deepCopy();
    scene.remove("file");
    return read(scene, series, what + ", " + file);
  }

  /** Reads the fields of one object strictly. */
  private static final class Reader {
    private final JsonNode json;
    private final String what;

    Reader(JsonNode json, String what) {
      this.json = json;
      this.what = what;
    }

    Sidecar read() {
      requireKnown(json, FIELDS, what);
      String product = Fields.text(json, "product");
      return new Sidecar(
          date(),
          Fields.textOr(json, "sensor", "unknown"),
          Fields.text(json, "platform"),
          Fields.text(json, "level"),
          product == null ? null : ProductIdentity.safeId(product),
          generation(),
          scale(json),
          Fields.number(json, "offset"),
          Fields.number(json, "nodata"),
          Fields.text(json, "unit"),
          orbit(),
          bands(),
          masks());
    }

    private Instant date() {
      String text = Fields.text(json, "date");
      if (text == null) {
        throw Fields.invalid(what + ": \"date\" is missing, as in \"2023-05-11\".");
      }
      if (text.length() > 10) {
        return ProductIdentity.instant(what + ": date", text);
      }
      try {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      } catch (DateTimeException e) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID,
            what + ": the date \"" + text + "\" is not a day such as 2023-05-11.",
            e);
      }
    }

    private Orbit orbit() {
      JsonNode relative = json.path("relativeOrbit");
      if (!relative.isMissingNode() && !relative.isInt()) {
        throw Fields.invalid(what + ": \"relativeOrbit\" must be a whole number.");
      }
      return new Orbit(
          Fields.text(json, "orbitDirection"),
          relative.isInt() ? relative.intValue() : null,
          Fields.text(json, "datatake"),
          Fields.number(json, "incidenceAngle"));
    }

    private long generation() {
      JsonNode generation = json.path("generation");
      if (generation.isMissingNode()) {
        return 0;
      }
      if (!generation.canConvertToLong() || !generation.isIntegralNumber()) {
        throw Fields.invalid(what + ": \"generation\" must be a whole number.");
      }
      return generation.longValue();
    }

    private @Nullable Double scale(JsonNode node) {
      Double scale = Fields.number(node, "scale");
      if (scale != null && (scale == 0 || scale.isNaN())) {
        throw Fields.invalid(what + ": \"scale\" must not be 0.");
      }
      return scale;
    }

    private List<@Nullable Band> bands() {
      JsonNode listed = json.path("bands");
      List<@Nullable Band> bands = new ArrayList<>();
      if (listed.isMissingNode()) {
        return bands;
      }
      if (!listed.isArray() || listed.isEmpty() || listed.size() > MAXIMUM_BANDS) {
        throw Fields.invalid(
            what + ": \"bands\" must list the raster's bands in order, as in [\"B02\", \"B03\"].");
      }
      for (JsonNode node : listed) {
        bands.add(band(node));
      }
      return bands;
    }

    private @Nullable Band band(JsonNode node) {
      if (node.isNull()) {
        return null;
      }
      if (node.isTextual()) {
        return new Band(node.textValue(), null, null, null, null, null);
      }
      if (!node.isObject()) {
        throw Fields.invalid(what + ": a band is a name, an object or null, not " + node + ".");
      }
      requireKnown(node, BAND_FIELDS, what + ", a band");
      String commonName = Fields.text(node, "commonName");
      String name = Fields.text(node, "name");
      if (name == null && commonName == null) {
        throw Fields.invalid(what + ": a band has neither \"name\" nor \"commonName\".");
      }
      return new Band(
          name == null ? String.valueOf(commonName) : name,
          commonName,
          Fields.number(node, "wavelength"),
          scale(node),
          Fields.number(node, "offset"),
          Fields.number(node, "nodata"));
    }

    private List<Mask> masks() {
      List<Mask> masks = new ArrayList<>();
      for (JsonNode node : json.path("masks")) {
        requireKnown(node, MASK_FIELDS, what + ", a mask");
        MaskKind kind =
            switch (Fields.textOr(node, "kind", "")) {
              case "scene-classification" -> MaskKind.SCENE_CLASSIFICATION;
              case "clear" -> MaskKind.CLEAR;
              case "cloud-classification" -> MaskKind.CLOUD_CLASSIFICATION;
              case "qa60" -> MaskKind.QA60;
              case "cloud" -> MaskKind.CLOUD;
              default ->
                  throw Fields.invalid(
                      what
                          + ": the \"kind\" of a mask is \"scene-classification\", \"clear\","
                          + " \"cloud-classification\", \"qa60\" or \"cloud\".");
            };
        int band = node.path("band").asInt(1);
        if (band < 1) {
          throw Fields.invalid(what + ": the \"band\" of a mask counts from 1.");
        }
        masks.add(new Mask(kind, Fields.text(node, "file"), band));
      }
      return masks;
    }

    private static void requireKnown(JsonNode node, Set<String> known, String what) {
      for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
        String name = names.next();
        if (!known.contains(name)) {
          throw Fields.invalid(
              what
                  + ": the field \""
                  + name
                  + "\" is not known. Known are "
                  + String.join(", ", new TreeSet<>(known))
                  + ".");
        }
      }
    }
  }
}
