package io.landshift.ingest.scenes;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Typed access to the fields of JSON that others wrote. */
final class Fields {
  private Fields() {}

  /** The text of a field; null where it is absent or null. */
  static @Nullable String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw invalid(field + " is " + value.getNodeType() + ", not text.");
    }
    return value.textValue();
  }

  /** The text of a field, or another where it is absent. */
  static String textOr(JsonNode node, String field, String otherwise) {
    String text = text(node, field);
    return text == null ? otherwise : text;
  }

  static String requiredText(JsonNode node, String field, String of) {
    String text = text(node, field);
    if (text == null || text.isBlank()) {
      throw invalid(field + " of " + of + " is missing.");
    }
    return text;
  }

  /** The number of a field; null where it is absent or null. "nan" is a number as well. */
  static @Nullable Double number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (value.isTextual() && value.textValue().equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw invalid(field + " is " + shown(value) + ", not a number.");
    }
    return value.doubleValue();
  }

  static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() > 100 ? text.substring(0, 100) + "..." : text;
  }

  /** Lower case, with dashes: `LANDSAT_8` is `landsat-8`. */
  static String slug(String text) {
    String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return plain.replaceAll("^-+|-+$", "");
  }

  static LandshiftException invalid(String message) {
    return new LandshiftException(FailureReason.METADATA_INVALID, message);
  }
}
