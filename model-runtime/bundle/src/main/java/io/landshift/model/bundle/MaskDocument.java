package io.landshift.model.bundle;

import io.landshift.model.bundle.MaskManifest.MaskBand;
import io.landshift.model.bundle.MaskManifest.MaskClass;
import io.landshift.model.bundle.MaskManifest.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes the object {@code landshift:mask} of a manifest. Pure functions. */
final class MaskDocument {
  /** The property, and with another suffix the asset, of a mask head. */
  static final String PROPERTY = "landshift:mask";

  /** The key of the graph's asset. */
  static final String ASSET = "mask";

  private MaskDocument() {}

  /**
   * @throws io.landshift.schemas.LandshiftException MODEL_INVALID
   */
  static MaskManifest read(JsonFields mask) {
    try {
      return new MaskManifest(
          mask.text("name"),
          mask.text("description"),
          mask.text("architecture"),
          mask.text("licence"),
          mask.text("origin"),
          mask.text("input"),
          mask.text("output"),
          mask.constant("values", Values.class),
          mask.objects("bands", MaskDocument::band),
          mask.objects("classes", MaskDocument::maskClass),
          new MaskWindows(mask.integer("window"), mask.integer("overlap")),
          mask.number("pixel_metres"),
          mask.integer("dilation"),
          mask.number("missing"),
          mask.integer("opset"));
    } catch (IllegalArgumentException e) {
      throw Invalid.model(PROPERTY + ": " + e.getMessage(), e);
    }
  }

  private static MaskBand band(JsonFields band) {
    return new MaskBand(
        band.text("common_name"),
        band.number("wavelength"),
        band.number("mean"),
        band.number("deviation"));
  }

  private static MaskClass maskClass(JsonFields item) {
    return new MaskClass(item.text("name"), item.constant("meaning", MaskMeaning.class));
  }

  /** The object that {@link #read} reads. */
  static Map<String, Object> json(MaskManifest mask) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", mask.name());
    json.put("description", mask.description());
    json.put("architecture", mask.architecture());
    json.put("licence", mask.licence());
    json.put("origin", mask.origin());
    json.put("input", mask.input());
    json.put("output", mask.output());
    json.put("values", lowerCase(mask.values()));
    List<Map<String, Object>> bands = new ArrayList<>();
    for (MaskBand band : mask.bands()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("common_name", band.commonName());
      entry.put("wavelength", band.wavelength());
      entry.put("mean", band.mean());
      entry.put("deviation", band.deviation());
      bands.add(entry);
    }
    json.put("bands", bands);
    List<Map<String, Object>> classes = new ArrayList<>();
    for (MaskClass item : mask.classes()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", item.name());
      entry.put("meaning", lowerCase(item.meaning()));
      classes.add(entry);
    }
    json.put("classes", classes);
    json.put("window", mask.windows().size());
    json.put("overlap", mask.windows().overlap());
    json.put("pixel_metres", mask.pixelMetres());
    json.put("dilation", mask.dilation());
    json.put("missing", mask.missing());
    json.put("opset", mask.opset());
    return json;
  }

  /** The properties of a bundle that is nothing but a mask head. */
  static Map<String, @Nullable Object> properties(MaskManifest mask) {
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    properties.put("description", mask.description());
    properties.put("datetime", null);
    properties.put("start_datetime", "2015-06-27T00:00:00Z");
    properties.put("end_datetime", "9999-12-31T23:59:59Z");
    properties.put("license", mask.licence());
    properties.put("mlm:name", mask.name());
    properties.put("mlm:architecture", mask.architecture());
    properties.put("mlm:tasks", List.of("semantic-segmentation"));
    properties.put("mlm:framework", "ONNX");
    properties.put("landshift:contract", BundleDocument.CONTRACT);
    properties.put(PROPERTY, json(mask));
    return properties;
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
