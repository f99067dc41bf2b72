package io.landshift.ingest.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.ingest.remote.GuardedHttp;
import io.landshift.ingest.remote.Shown;
import io.landshift.ingest.scenes.Json;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The items of a search, page by page (STAC API 1.0, item search; {@code next} links by GET, and by
 * POST with {@code body} and {@code merge}). Not thread-safe.
 *
 * <p>A next link is a stranger's: it is followed on the API's own host only, never twice, and not
 * without end.
 */
final class StacPages {
  private static final int MAXIMUM_PAGES = 10_000;
  private static final int MAXIMUM_ITEMS = 500_000;

  private final GuardedHttp http;
  private final StacSearch search;
  private @Nullable Endpoint endpoint;

  /** Where a search is asked for, and how. */
  private record Endpoint(String href, boolean post) {}

  /**
   * One page to ask for.
   *
   * @param body of a POST; null = GET
   */
  private record Request(String href, @Nullable ObjectNode body) {}

  StacPages(GuardedHttp http, StacSearch search) {
    this.http = http;
    this.search = search;
  }

  /**
   * Walks all pages of an interval, both ends inclusive.
   *
   * @param use takes each item
   * @throws LandshiftException where a page cannot be had; what was used before stays used
   */
  void forEach(Instant first, Instant last, Consumer<JsonNode> use) {
    Request request = first(first, last);
    Set<String> asked = new HashSet<>();
    int items = 0;
    for (int page = 1; request != null; page++) {
      if (page > MAXIMUM_PAGES || items > MAXIMUM_ITEMS) {
        throw new LandshiftException(
            FailureReason.LIMIT_EXCEEDED,
            "The search gives more than "
                + MAXIMUM_PAGES
                + " pages or "
                + MAXIMUM_ITEMS
                + " items. Search a smaller box or a shorter time.");
      }
      if (!asked.add(request.href() + "\n" + request.body())) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID,
            "The API's next link leads back to a page that was read before.");
      }
      JsonNode answer = ask(request);
      for (JsonNode item : answer.path("features")) {
        use.accept(item);
        items++;
      }
      request = next(answer, request);
    }
  }

  private Request first(Instant first, Instant last) {
    Endpoint at = endpoint;
    if (at == null) {
      at = find();
      endpoint = at;
    }
    return at.post()
        ? new Request(at.href(), search.body(first, last))
        : new Request(
            at.href() + (at.href().contains("?") ? "&" : "?") + search.query(first, last), null);
  }

  private JsonNode ask(Request request) {
    ObjectNode body = request.body();
    byte[] bytes =
        body == null
            ? http.getJson(request.href())
            : http.postJson(request.href(), body.toString().getBytes(StandardCharsets.UTF_8));
    JsonNode answer = Json.object(bytes, "The answer of " + Shown.href(request.href()));
    if (!answer.path("features").isArray()) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          Shown.href(request.href()) + " does not answer a FeatureCollection.");
    }
    return answer;
  }

  /** The API's landing page says where it is searched; POST where it can, as boxes get long. */
  private Endpoint find() {
    JsonNode landing = Json.object(http.getJson(search.api()), Shown.href(search.api()));
    Endpoint found = null;
    for (JsonNode link : landing.path("links")) {
      if (link.path("rel").asText().equals("search") && link.path("href").isTextual()) {
        boolean post = isPost(link);
        if (found == null || post) {
          found = new Endpoint(onHost(link.path("href").asText(), search.api()), post);
        }
      }
    }
    return found == null ? new Endpoint(search.api() + "/search", false) : found;
  }

  private @Nullable Request next(JsonNode answer, Request current) {
    for (JsonNode link : answer.path("links")) {
      if (link.path("rel").asText().equals("next") && link.path("href").isTextual()) {
        String href = onHost(link.path("href").asText(), current.href());
        return isPost(link) ? new Request(href, nextBody(link, current)) : new Request(href, null);
      }
    }
    return null;
  }

  private static ObjectNode nextBody(JsonNode link, Request current) {
    ObjectNode body = current.body();
    if (!(link.path("body") instanceof ObjectNode stated)) {
      if (body == null) {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID, "The API's next link is a POST without a body.");
      }
      return body;
    }
    if (body == null || !link.path("merge").asBoolean(false)) {
      return stated;
    }
    return body.deepCopy().setAll(stated);
  }

  private static boolean isPost(JsonNode link) {
    return link.path("method").asText().toUpperCase(Locale.ROOT).equals("POST");
  }

  private String onHost(String href, String base) {
    try {
      URI target = URI.create(base).resolve(href);
      URI api = http.rules().check(search.api());
      URI checked = http.rules().check(target.toString());
      if (checked.getHost().equals(api.getHost()) && checked.getPort() == api.getPort()) {
        return checked.toString();
      }
    } catch (IllegalArgumentException e) {
      throw new LandshiftException(
          FailureReason.HREF_REFUSED, "A link of the API is no URL: " + Shown.href(href), e);
    }
    throw new LandshiftException(
        FailureReason.HREF_REFUSED,
        "A link of the API leads to another host: " + Shown.href(href) + ". It is not followed.");
  }
}
