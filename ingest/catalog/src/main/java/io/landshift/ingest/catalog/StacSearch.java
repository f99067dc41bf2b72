package io.landshift.ingest.catalog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * What is searched for in a STAC API. Immutable.
 *
 * @param api URL of the API's root
 * @param collections ids, at least one
 * @param box west, south, east, north in degrees; west above east crosses the antimeridian; empty =
 *     everywhere
 * @param from first sensing time
 * @param to last sensing time, or null: open
 */
public record StacSearch(
    String api, List<String> collections, List<Double> box, Instant from, @Nullable Instant to) {
  /** Items a page, as asked for; the API may give fewer. */
  static final int PAGE = 100;

  public StacSearch {
    api = api.replaceAll("/+$", "");
    collections = List.copyOf(collections);
    box = List.copyOf(box);
    if (collections.isEmpty()) {
      throw invalid("a search needs a collection");
    }
    boolean fits =
        box.isEmpty()
            || (box.size() == 4
                && box.stream().allMatch(Double::isFinite)
                && DoubleStream.of(box.get(0), box.get(2)).allMatch(x -> Math.abs(x) <= 180)
                && DoubleStream.of(box.get(1), box.get(3)).allMatch(y -> Math.abs(y) <= 90)
                && box.get(1) < box.get(3)
                && !box.get(0).equals(box.get(2)));
    if (!fits) {
      throw invalid("a box is WEST,SOUTH,EAST,NORTH in degrees, not " + box);
    }
    if (to != null && !from.isBefore(to)) {
      throw invalid("the interval ends before it begins");
    }
  }

  /**
   * A search of what people write.
   *
   * @param box {@code W,S,E,N}, or null
   * @param interval {@code A/B} of dates or times, B exclusive where it is a date's end: the whole
   *     day counts; {@code A/..} is open
   * @throws LandshiftException METADATA_INVALID
   */
  public static StacSearch of(
      String api, List<String> collections, @Nullable String box, String interval) {
    String[] ends = interval.split("/", -1);
    if (ends.length != 2) {
      throw invalid("an interval is FROM/TO, such as 2020-01-01/2020-12-31 or 2020-01-01/..");
    }
    try {
      List<Double> corners =
          box == null ? List.of() : List.of(box.split(",")).stream().map(Double::valueOf).toList();
      boolean open = ends[1].isEmpty() || ends[1].equals("..");
      return new StacSearch(
          api, collections, corners, time(ends[0], false), open ? null : time(ends[1], true));
    } catch (NumberFormatException | DateTimeException e) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "\"" + box + "\" or \"" + interval + "\" cannot be read: " + e.getMessage(),
          e);
    }
  }

  private static Instant time(String text, boolean end) {
    if (text.length() == "2020-01-01".length()) {
      LocalDate day = LocalDate.parse(text);
      Instant start = day.atStartOfDay(ZoneOffset.UTC).toInstant();
      return end ? day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().minusMillis(1) : start;
    }
    return OffsetDateTime.parse(text).toInstant();
  }

  /** The body of a POST for an interval, both ends inclusive. */
  ObjectNode body(Instant first, Instant last) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    collections.forEach(body.putArray("collections")::add);
    if (!box.isEmpty()) {
      box.forEach(body.putArray("bbox")::add);
    }
    return body.put("datetime", first + "/" + last).put("limit", PAGE);
  }

  /** The query of a GET for an interval, both ends inclusive. */
  String query(Instant first, Instant last) {
    String query =
        "collections="
            + encoded(String.join(",", collections))
            + "&datetime="
            + encoded(first + "/" + last)
            + "&limit="
            + PAGE;
    String corners = box.stream().map(Object::toString).collect(Collectors.joining(","));
    return box.isEmpty() ? query : query + "&bbox=" + encoded(corners);
  }

  /** What makes two searches one source, whatever their interval. */
  String source() {
    return "%s %s %s".formatted(api.toLowerCase(Locale.ROOT), String.join(",", collections), box);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static LandshiftException invalid(String why) {
    return new LandshiftException(FailureReason.METADATA_INVALID, why + ".");
  }
}
