package io.landshift.ops.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.change.Lifecycle;
import io.landshift.change.LifecycleParameters;
import io.landshift.change.LifecycleStatus;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Folds metric series, one JSON object a line, into the lifecycle of one pixel each. */
public final class LifecycleSeries {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double DECIMALS = 1e4;

  private LifecycleSeries() {}

  /**
   * Reads {@code days} and {@code metric} of each line and writes the line with one array for each
   * field of the state: numbers rounded to 4 decimals, null = NaN.
   *
   * @param in lines of JSON, compressed where the name ends in {@code .gz}
   * @return the number of series
   * @throws LandshiftException ASSET_MISSING or METADATA_INVALID for the input, STORAGE_UNAVAILABLE
   *     for the output
   */
  public static int fold(Path in, Path out) {
    int count = 0;
    try (BufferedReader lines = open(in);
        BufferedWriter writer = Files.newBufferedWriter(out)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          writer.write(JSON.writeValueAsString(fold(parse(line, in, count + 1))));
          writer.newLine();
          count++;
        }
      }
    } catch (NoSuchFileException e) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING, "there is no file " + e.getFile(), e);
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, "cannot go from " + in + " to " + out + ": " + e, e);
    }
    return count;
  }

  private static BufferedReader open(Path in) throws IOException {
    InputStream raw = Files.newInputStream(in);
    InputStream bytes = in.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
    return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
  }

  private static JsonNode parse(String line, Path in, int number) {
    try {
      JsonNode series = JSON.readTree(line);
      boolean valid =
          series.path("days").isArray()
              && series.path("metric").isArray()
              && series.get("days").size() == series.get("metric").size();
      if (valid) {
        return series;
      }
    } catch (IOException e) {
      throw invalid(in, number, e);
    }
    throw invalid(in, number, null);
  }

  private static LandshiftException invalid(Path in, int number, @Nullable IOException cause) {
    return new LandshiftException(
        FailureReason.METADATA_INVALID,
        "series %d of %s needs the arrays `days` and `metric` of one length".formatted(number, in),
        cause);
  }

  private static ObjectNode fold(JsonNode series) {
    ObjectNode result = JSON.createObjectNode();
    if (series.has("id")) {
      result.set("id", series.get("id"));
    }
    result.set("days", series.get("days"));
    result.set("metric", series.get("metric"));
    LifecycleParameters parameters = LifecycleParameters.defaults();
    LifecycleStatus status = null;
    for (int i = 0; i < series.get("days").size(); i++) {
      JsonNode value = series.get("metric").get(i);
      float[] metric = {value.isNull() ? Float.NaN : value.floatValue()};
      int day = series.get("days").get(i).intValue();
      status =
          status == null
              ? Lifecycle.first(metric, day, parameters)
              : Lifecycle.fold(status, metric, day, parameters);
      append(result, status);
    }
    return result;
  }

  private static void append(ObjectNode result, LifecycleStatus status) {
    array(result, "status").add(status.status()[0] & 0xFF);
    add(array(result, "maxMetric"), status.maxMetric()[0]);
    add(array(result, "confidence"), status.confidence()[0]);
    array(result, "firstDay").add(status.firstDay()[0]);
    array(result, "count").add(status.count()[0] & 0xFF);
    array(result, "percent").add(status.percent()[0] & 0xFF);
    array(result, "duration").add(status.duration()[0]);
    array(result, "lastObservedDay").add(status.lastObservedDay()[0]);
  }

  private static ArrayNode array(ObjectNode result, String field) {
    return result.has(field) ? (ArrayNode) result.get(field) : result.putArray(field);
  }

  private static void add(ArrayNode values, float value) {
    if (Float.isNaN(value)) {
      values.addNull();
    } else {
      values.add(Math.round(value * DECIMALS) / DECIMALS);
    }
  }
}
