package io.landshift.ingest.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.remote.GuardedHttp;
import io.landshift.ingest.remote.RangeGateway;
import io.landshift.ingest.remote.RemoteSettings;
import io.landshift.ingest.scenes.HrefResolver;
import io.landshift.ingest.scenes.StacItems;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scenes of a STAC API: those of an interval, once; or what is new, for as long as it runs, beside
 * a past interval that is filled in step by step.
 *
 * <p>What is polled for is looked for again by sensing time for some days, because catalogues come
 * by scenes late; who takes the scenes takes each once. A page that cannot be read is a failure of
 * the sink, and is asked for again at the next poll.
 */
public final class StacApiSource implements SceneSource {
  private static final Logger LOG = LoggerFactory.getLogger(StacApiSource.class);

  /** What one search asks for at a time: a tile's month is a page or so. */
  private static final Duration SLICE = Duration.ofDays(30);

  private final StacSearch search;
  private final RemoteSettings settings;
  private final @Nullable Polling polling;
  private final Clock clock;
  private final GuardedHttp http;
  private final StacPages pages;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * How a search is kept up to date.
   *
   * @param interval between two looks
   * @param overlap how far back each look reaches again, by sensing time
   * @param cursor file that remembers how far it has come
   */
  public record Polling(Duration interval, Duration overlap, Path cursor) {
    public Polling {
      if (interval.isNegative() || interval.isZero() || overlap.isNegative()) {
        throw new IllegalArgumentException("interval must be positive, overlap not negative");
      }
    }
  }

  /**
   * @param settings where connections may lead
   * @param polling null = read once
   * @param clock tells what is now
   */
  public StacApiSource(
      StacSearch search, RemoteSettings settings, @Nullable Polling polling, Clock clock) {
    this.search = search;
    this.settings = settings;
    this.polling = polling;
    this.clock = clock;
    this.http = new GuardedHttp(settings.rules());
    this.pages = new StacPages(http, search);
  }

  /** The API, the collections and the box: one source, whatever its interval. */
  @Override
  public String location() {
    return search.source();
  }

  @Override
  public void read(SceneSink sink) {
    if (polling == null) {
      readOnce(sink);
    } else {
      poll(sink, polling);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    http.close();
  }

  private void readOnce(SceneSink sink) {
    Instant end = search.to() == null ? clock.instant() : search.to();
    boolean any = false;
    Instant from = search.from();
    while (from.isBefore(end) && !isClosed()) {
      Instant to = earlier(from.plus(SLICE), end);
      try {
        look(sink, from, to);
        any = true;
      } catch (LandshiftException e) {
        if (!any) {
          // Nothing of it could be read: this is no source.
          throw e;
        }
        report(sink, e, from + "/" + to);
      }
      from = to;
    }
  }

  private void poll(SceneSink sink, Polling how) {
    Instant start = clock.instant();
    Instant end = search.to() == null ? start : earlier(search.to(), start);
    SearchCursor cursor = new SearchCursor(how.cursor(), search.source());
    SearchCursor.State state = cursor.load(new SearchCursor.State(start, search.from(), end));
    cursor.save(state);
    long due = System.nanoTime();
    while (!isClosed()) {
      SearchCursor.State before = state;
      if (System.nanoTime() - due >= 0) {
        due = System.nanoTime() + how.interval().toNanos();
        state = live(sink, state, how.overlap());
      }
      if (!isClosed() && state.backfilled().isBefore(state.backfillEnd())) {
        state = backfill(sink, state);
      }
      if (!state.equals(before)) {
        cursor.save(state);
      }
      boolean behind = state.backfilled().isBefore(state.backfillEnd());
      boolean stuck = state.equals(before);
      pause(behind && !stuck ? 0 : due - System.nanoTime());
    }
  }

  /** Looks for what is new; after a failure the next look reaches as far back as this one. */
  private SearchCursor.State live(SceneSink sink, SearchCursor.State state, Duration overlap) {
    Instant now = clock.instant();
    Instant from = state.live().minus(overlap);
    try {
      look(sink, from, now);
      return new SearchCursor.State(now, state.backfilled(), state.backfillEnd());
    } catch (LandshiftException e) {
      // Without the interval, which is another each time: the failure is told of once.
      report(sink, e, "what is new");
      return state;
    }
  }

  private SearchCursor.State backfill(SceneSink sink, SearchCursor.State state) {
    Instant from = state.backfilled();
    Instant to = earlier(from.plus(SLICE), state.backfillEnd());
    try {
      look(sink, from, to);
    } catch (LandshiftException e) {
      report(sink, e, from + "/" + to);
      if (mayPass(e)) {
        return state;
      }
    }
    return new SearchCursor.State(state.live(), to, state.backfillEnd());
  }

  /** Hands over all items of an interval, and lets them be published before it returns. */
  private void look(SceneSink sink, Instant from, Instant to) {
    FoundScenes found = new FoundScenes(sink);
    try {
      pages.forEach(from, to, item -> take(found, item));
    } finally {
      if (!isClosed()) {
        found.handOver();
      }
    }
  }

  private void take(FoundScenes found, JsonNode item) {
    String self = self(item);
    try {
      RasterRules rules = RasterRules.anywhere().withNetwork(RangeGateway.ofProcess(settings));
      HrefResolver hrefs =
          HrefResolver.ofNetwork(location(), self == null ? "the item" : self, settings);
      found.add(StacItems.read(item, hrefs, rules, self));
    } catch (LandshiftException e) {
      String id = item.path("id").asText("item without id");
      byte[] payload = item.toString().getBytes(StandardCharsets.UTF_8);
      found.add(
          SceneFailure.of(e, location(), id.substring(0, Math.min(200, id.length())), payload));
    }
  }

  private @Nullable String self(JsonNode item) {
    for (JsonNode link : item.path("links")) {
      String href = link.path("href").asText();
      if (link.path("rel").asText().equals("self") && RemoteSettings.isRemote(href)) {
        return href;
      }
    }
    return null;
  }

  private void report(SceneSink sink, LandshiftException e, String what) {
    if (isClosed()) {
      return;
    }
    LOG.warn("{}, {}: {}", location(), what, e.getMessage());
    if (!mayPass(e)) {
      byte[] payload = (location() + " " + what).getBytes(StandardCharsets.UTF_8);
      sink.failure(SceneFailure.of(e, location(), "search for " + what, payload));
      sink.flush();
    }
  }

  /** Whether asking again later is of use: such a failure is no dead letter. */
  private static boolean mayPass(LandshiftException e) {
    if (e.reason() == FailureReason.STORAGE_UNAVAILABLE
        || e.reason() == FailureReason.SERVICE_UNAVAILABLE) {
      throw e;
    }
    return e.reason() == FailureReason.SOURCE_UNAVAILABLE
        || e.reason() == FailureReason.ACCESS_DENIED;
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void pause(long nanoseconds) {
    try {
      var unused = closed.await(nanoseconds, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed.countDown();
    }
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
