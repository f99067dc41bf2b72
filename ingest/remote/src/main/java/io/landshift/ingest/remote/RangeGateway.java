package io.landshift.ingest.remote;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets GDAL read remote rasters without ever making a connection of its own: it is given a URL on
 * 127.0.0.1, and what it asks for there is fetched under {@link NetworkRules}, in pages, and kept
 * on disk within bounds.
 *
 * <p>COGs are read by what is needed of them. JPEG 2000 is fetched whole first: its decoder walks
 * the file in hundreds of small steps. Signatures and tokens are added here, so hrefs that travel
 * in events hold none. Thread-safe.
 */
public final class RangeGateway implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RangeGateway.class);
  private static final Map<RemoteSettings, RangeGateway> OF_PROCESS = new ConcurrentHashMap<>();
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final RemoteSettings settings;
  private final Clock clock;
  private final GuardedHttp http;
  private final SignedHrefs signed;
  private final AwsSignature.@Nullable Credentials credentials;
  private final LoopbackServer server;
  private final Path folder;
  private final AtomicLong names = new AtomicLong();
  private final Map<String, OpenFile> served = new ConcurrentHashMap<>();
  private final Map<String, Cached> cache = new LinkedHashMap<>(16, 0.75f, true);

  private RangeGateway(
      RemoteSettings settings, GuardedHttp http, Clock clock, Map<String, String> environment) {
    this.settings = settings;
    this.clock = clock;
    this.http = http;
    this.signed = new SignedHrefs(http, settings.tokenServices(), clock);
    this.credentials = AwsSignature.Credentials.of(environment);
    try {
      this.folder = Files.createTempDirectory("landshift-remote-");
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_UNAVAILABLE, "There is no folder for temporary files: " + e, e);
    }
    this.server = new LoopbackServer(served::get);
  }

  /**
   * The gateway of this process for these settings; opened when it is first asked for, closed with
   * the process.
   */
  public static RangeGateway ofProcess(RemoteSettings settings) {
    return OF_PROCESS.computeIfAbsent(
        settings,
        unseen -> {
          RangeGateway gateway = open(settings);
          Runtime.getRuntime().addShutdownHook(new Thread(gateway::close));
          return gateway;
        });
  }

  /** A gateway of the caller's own. */
  public static RangeGateway open(RemoteSettings settings) {
    return new RangeGateway(
        settings, new GuardedHttp(settings.rules()), Clock.systemUTC(), System.getenv());
  }

  /** One that looks hosts up and tells the time by others. Takes the http over. */
  static RangeGateway open(
      RemoteSettings settings, GuardedHttp http, Clock clock, Map<String, String> environment) {
    return new RangeGateway(settings, http, clock, environment);
  }

  /** What it was opened with. */
  public RemoteSettings settings() {
    return settings;
  }

  /** A fresh allowance of bytes for one scene. */
  public ByteBudget sceneBudget() {
    return new ByteBudget(settings.rules().sceneBytes());
  }

  /** A remote file that can be read at its URL until it is closed. */
  public interface RemoteFile extends AutoCloseable {
    /** {@code http://127.0.0.1:PORT/TOKEN/raster.tif}: known to nobody else. */
    String url();

    /** Size in bytes. */
    long size();

    /** Why reading failed, where it did: GDAL itself only sees a status. */
    Optional<LandshiftException> failure();

    @Override
    void close();
  }

  /**
   * Opens a remote file; its first page, or all of a JPEG 2000, has been fetched then.
   *
   * @param href http, https or s3
   * @param budget pays for what is fetched
   * @throws LandshiftException HREF_REFUSED, ASSET_MISSING, ACCESS_DENIED, LIMIT_EXCEEDED,
   *     SOURCE_UNAVAILABLE, ASSET_UNREADABLE, STORAGE_UNAVAILABLE
   */
  public RemoteFile open(String href, ByteBudget budget) {
    URI uri = settings.locate(href);
    PagedFile pages = cached(href, uri);
    long size = pages.size(budget);
    if (RemoteSettings.extension(uri).equals(".jp2")) {
      pages.fetchAll(budget);
    }
    trim(pages);
    byte[] token = new byte[24];
    RANDOM.nextBytes(token);
    String path = "/" + HexFormat.of().formatHex(token) + "/raster" + RemoteSettings.extension(uri);
    OpenFile file = new OpenFile(path, size, pages, budget);
    served.put(path, file);
    return file;
  }

  @Override
  public void close() {
    server.close();
    http.close();
    synchronized (cache) {
      cache.values().forEach(each -> each.pages().tryClear());
      cache.clear();
    }
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("temporary files stay behind: {}", e.toString());
    }
  }

  private record Cached(PagedFile pages, long since) {}

  private PagedFile cached(String href, URI uri) {
    synchronized (cache) {
      Cached found = cache.get(href);
      long now = clock.millis();
      if (found == null || now - found.since() > FRESH.toMillis()) {
        Path path = folder.resolve(Long.toString(names.incrementAndGet()));
        PagedFile pages =
            new PagedFile(
                (first, last) -> fetch(href, uri, first, last), path, settings.rules().fileBytes());
        Cached before = cache.put(href, new Cached(pages, now));
        if (before != null) {
          before.pages().tryClear();
        }
        return pages;
      }
      return found.pages();
    }
  }

  private GuardedHttp.Part fetch(String href, URI uri, long first, long last) {
    Map<String, String> headers = ObjectStore.isHref(href) ? storeHeaders(href, uri) : Map.of();
    try {
      return http.part(signed.signed(uri), headers, first, last);
    } catch (LandshiftException e) {
      if (e.reason() != FailureReason.ACCESS_DENIED || !signed.concerns(uri)) {
        throw e;
      }
      signed.forget(uri);
      return http.part(signed.signed(uri), headers, first, last);
    }
  }

  private Map<String, String> storeHeaders(String href, URI uri) {
    Map<String, String> headers = new TreeMap<>();
    if (settings.store().requesterPays()) {
      headers.put("x-amz-request-payer", "requester");
    }
    if (credentials == null) {
      return headers;
    }
    return new AwsSignature(credentials, settings.store().regionOf(href), "s3")
        .sign(uri, headers, clock.instant());
  }

  /** Gives disk back, of those first that were opened longest ago. */
  private void trim(PagedFile justRead) {
    List<PagedFile> oldestFirst = new ArrayList<>();
    synchronized (cache) {
      cache.values().forEach(each -> oldestFirst.add(each.pages()));
    }
    long total = 0;
    for (PagedFile each : oldestFirst) {
      total += each.cached();
    }
    for (PagedFile each : oldestFirst) {
      if (total <= settings.cacheBytes()) {
        return;
      }
      long bytes = each.cached();
      if (each != justRead && each.tryClear()) {
        total -= bytes;
      }
    }
  }

  private final class OpenFile implements RemoteFile, LoopbackServer.File {
    private final String path;
    private final long size;
    private final PagedFile pages;
    private final ByteBudget budget;
    private volatile @Nullable LandshiftException failure;

    OpenFile(String path, long size, PagedFile pages, ByteBudget budget) {
      this.path = path;
      this.size = size;
      this.pages = pages;
      this.budget = budget;
    }

    @Override
    public String url() {
      return "http://127.0.0.1:" + server.port() + path;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void read(long position, ByteBuffer into) {
      LandshiftException before = failure;
      if (before != null) {
        throw before;
      }
      try {
        pages.read(position, into, budget);
      } catch (LandshiftException e) {
        failure = e;
        throw e;
      }
      trim(pages);
    }

    @Override
    public Optional<LandshiftException> failure() {
      return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
      served.remove(path);
    }
  }
}
