package io.landshift.ops.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.schemas.Alert;
import io.landshift.schemas.Detection;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Alerts and detections as GeoJSON: WGS84, one feature each, sorted by first date and id. */
public final class GeoJsonFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GeoJsonFiles() {}

  /** Writes the last revision of each alert. */
  public static void writeAlerts(Path file, List<Alert> alerts) {
    write(file, alerts.stream().map(GeoJsonFiles::feature).toList());
  }

  /** Writes the last snapshot of each object. */
  public static void writeDetections(Path file, List<Detection> detections) {
    write(file, detections.stream().map(GeoJsonFiles::feature).toList());
  }

  /** An alert as a feature, for files and for {@code --json}. */
  public static ObjectNode feature(Alert alert) {
    ObjectNode feature = feature(alert.getDetection());
    ((ObjectNode) feature.get("properties"))
        .put("event", alert.getEvent().name().toLowerCase(Locale.ROOT));
    return feature;
  }

  private static ObjectNode feature(Detection detection) {
    ObjectNode feature = JSON.createObjectNode();
    feature.put("type", "Feature");
    feature.put("id", detection.getObjectId());
    try {
      feature.set("geometry", JSON.readTree(detection.getGeometry()));
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.INTERNAL, "object " + detection.getObjectId() + " has no geometry", e);
    }
    ObjectNode properties = feature.putObject("properties");
    properties.put("id", detection.getObjectId());
    properties.put("revision", detection.getRevision());
    properties.put("status", detection.getStatus().name().toLowerCase(Locale.ROOT));
    properties.put("change", detection.getScore());
    properties.put("score", detection.getMaxScore());
    properties.put("firstDate", text(detection.getFirstDate()));
    properties.put("latestDate", text(detection.getLatestDate()));
    properties.put("confirmedDate", text(detection.getConfirmedDate()));
    properties.put("finishedDate", text(detection.getFinishedDate()));
    properties.put("areaM2", detection.getAreaM2());
    properties.put("fromClass", detection.getFromClass());
    properties.put("toClass", detection.getToClass());
    properties.put("gridCode", detection.getGridCode());
    properties.put("modelDigest", detection.getModelDigest());
    return feature;
  }

  private static @Nullable String text(@Nullable LocalDate date) {
    return date == null ? null : date.toString();
  }

  private static void write(Path file, List<ObjectNode> features) {
    List<ObjectNode> sorted = new ArrayList<>(features);
    sorted.sort(
        Comparator.comparing((ObjectNode each) -> each.at("/properties/firstDate").asText())
            .thenComparing(each -> each.get("id").asText()));
    ObjectNode collection = JSON.createObjectNode();
    collection.put("type", "FeatureCollection");
    ArrayNode array = collection.putArray("features");
    sorted.forEach(array::add);
    writeJson(file, collection);
  }

  /** Writes any JSON document, indented. */
  public static void writeJson(Path file, JsonNode document) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
