package io.landshift.ingest.remote;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Requests under {@link NetworkRules}: every hop and every resolved address is checked before it is
 * connected to, and the connection goes to the very address that was checked. Busy and failing
 * servers are asked again, five times in all ({@link Backoff}).
 *
 * <p>No cookies, no proxy of the environment, no authentication but what the caller gives, and that
 * to no other host. Queries, which may be signatures, are in no message. Thread-safe; close it to
 * end its connections.
 */
public final class GuardedHttp implements AutoCloseable {
  private static final int CONNECTIONS = 32;

  private final NetworkRules rules;
  private final Backoff backoff;
  private final CloseableHttpClient client;
  private final ScheduledThreadPoolExecutor deadlines;

  /** Looks a host's addresses up. */
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  /** Opens nothing yet. */
  public GuardedHttp(NetworkRules rules) {
    this(rules, InetAddress::getAllByName, Backoff.real());
  }

  GuardedHttp(NetworkRules rules, Resolver resolver, Backoff backoff) {
    this.rules = rules;
    this.backoff = backoff;
    this.client = client(rules, resolver);
    this.deadlines =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("deadlines").factory());
    deadlines.setRemoveOnCancelPolicy(true);
  }

  /** The rules that every request meets. */
  public NetworkRules rules() {
    return rules;
  }

  /**
   * The JSON at a URL.
   *
   * @throws LandshiftException HREF_REFUSED, ASSET_MISSING, ACCESS_DENIED, LIMIT_EXCEEDED where the
   *     answer is too large or takes too long, SOURCE_UNAVAILABLE
   */
  public byte[] getJson(String href) {
    return send(
        rules.check(href),
        uri -> {
          HttpUriRequestBase request = new HttpGet(uri);
          request.setHeader("Accept", "application/geo+json, application/json");
          return request;
        },
        (shown, response) -> wholeBody(shown, response, rules.responseBytes()));
  }

  /**
   * The JSON that a URL answers to a JSON body.
   *
   * @throws LandshiftException as {@link #getJson}
   */
  public byte[] postJson(String href, byte[] body) {
    return send(
        rules.check(href),
        uri -> {
          HttpUriRequestBase request = new HttpPost(uri);
          request.setHeader("Accept", "application/geo+json, application/json");
          request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
          return request;
        },
        (shown, response) -> wholeBody(shown, response, rules.responseBytes()));
  }

  /** A part of a file. */
  record Part(byte[] bytes, long total, @Nullable String entityTag) {}

  /**
   * Bytes {@code first} to {@code last} of a file, fewer at its end.
   *
   * @param headers what is sent to the first host, and to no other
   * @throws LandshiftException as {@link #getJson}, and ASSET_UNREADABLE where the server answers
   *     another part than was asked for
   */
  Part part(URI checked, Map<String, String> headers, long first, long last) {
    return send(
        checked,
        uri -> {
          HttpUriRequestBase request = new HttpGet(uri);
          request.setHeader("Range", "bytes=" + first + "-" + last);
          if (isSameOrigin(uri, checked)) {
            headers.forEach(request::setHeader);
          }
          return request;
        },
        (shown, response) -> partOf(shown, response, first, last));
  }

  @Override
  public void close() {
    deadlines.shutdownNow();
    try {
      client.close();
    } catch (IOException e) {
      throw new LandshiftException(FailureReason.INTERNAL, "connections do not close", e);
    }
  }

  /** Makes the request for a hop. */
  private interface Requests {
    HttpUriRequestBase to(URI uri);
  }

  /** Reads the answer. */
  private interface Answers<T> {
    T read(String shown, ClassicHttpResponse response) throws IOException, Temporary;
  }

  /** A failure that may pass. */
  private static final class Temporary extends Exception {
    private final transient LandshiftException failure;
    private final @Nullable String retryAfter;

    Temporary(FailureReason reason, String message, @Nullable String retryAfter) {
      super(message);
      this.failure = new LandshiftException(reason, message);
      this.retryAfter = retryAfter;
    }
  }

  private <T> T send(URI checked, Requests requests, Answers<T> answers) {
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          return follow(checked, requests, answers);
        } catch (Temporary e) {
          if (attempt == Backoff.ATTEMPTS) {
            throw e.failure;
          }
          backoff.pause(attempt, e.retryAfter);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LandshiftException(
          FailureReason.SOURCE_UNAVAILABLE, "Interrupted while waiting for " + Shown.href(checked));
    }
  }

  private <T> T follow(URI checked, Requests requests, Answers<T> answers) throws Temporary {
    URI uri = checked;
    for (int hop = 0; hop <= NetworkRules.REDIRECTS; hop++) {
      HttpUriRequestBase request = requests.to(uri);
      AtomicBoolean late = new AtomicBoolean();
      ScheduledFuture<?> deadline = atDeadline(request, late);
      try (ClassicHttpResponse response = client.executeOpen(host(uri), request, null)) {
        try {
          URI next = redirect(uri, request, response);
          if (next == null) {
            requireSuccess(Shown.href(uri), response);
            return answers.read(Shown.href(uri), response);
          }
          uri = next;
        } catch (IOException | RuntimeException | Temporary e) {
          // Without this, closing would read the rest of a body that may have no end.
          request.cancel();
          throw e;
        }
      } catch (IOException e) {
        throw failed(uri, e, late.get());
      } finally {
        deadline.cancel(false);
      }
    }
    throw new LandshiftException(
        FailureReason.HREF_REFUSED,
        Shown.href(checked) + " redirects more than " + NetworkRules.REDIRECTS + " times.");
  }

  private ScheduledFuture<?> atDeadline(HttpUriRequestBase request, AtomicBoolean late) {
    return deadlines.schedule(
        () -> {
          late.set(true);
          request.cancel();
        },
        rules.deadline().toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private Temporary failed(URI uri, IOException e, boolean late) {
    String shown = Shown.href(uri);
    if (late) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED,
          shown + " has not answered in full within " + rules.deadline().toSeconds() + " s.",
          e);
    }
    String message = shown + " does not answer: " + e.getClass().getSimpleName() + ". Try later.";
    if (e instanceof SSLException) {
      throw new LandshiftException(
          FailureReason.SOURCE_UNAVAILABLE, shown + " is not who it says: " + e.getMessage(), e);
    }
    return new Temporary(FailureReason.SOURCE_UNAVAILABLE, message, null);
  }

  /** The next hop, checked; null where the answer is none. */
  private @Nullable URI redirect(
      URI uri, HttpUriRequestBase request, ClassicHttpResponse response) {
    boolean redirects =
        switch (response.getCode()) {
          case 301, 302, 303, 307, 308 -> true;
          default -> false;
        };
    if (!redirects) {
      return null;
    }
    Header location = response.getFirstHeader("Location");
    boolean changesMethod = response.getCode() < 307 && !request.getMethod().equals("GET");
    if (location == null || location.getValue() == null || changesMethod) {
      throw new LandshiftException(
          FailureReason.SOURCE_UNAVAILABLE,
          Shown.href(uri) + " redirects to nowhere, or by a status that loses the request.");
    }
    URI next;
    try {
      next = uri.resolve(location.getValue());
    } catch (IllegalArgumentException e) {
      throw new LandshiftException(
          FailureReason.HREF_REFUSED, Shown.href(uri) + " redirects to what is no URL.", e);
    }
    return rules.check(next.toString());
  }

  private static void requireSuccess(String shown, ClassicHttpResponse response) throws Temporary {
    int code = response.getCode();
    switch (code) {
      case 200, 206 -> {}
      case 401, 403 ->
          throw new LandshiftException(
              FailureReason.ACCESS_DENIED,
              shown + " answers " + code + ": it wants credentials, or others than it was given.");
      case 404, 410 ->
          throw new LandshiftException(
              FailureReason.ASSET_MISSING, "There is nothing at " + shown + " (" + code + ").");
      case 408, 425, 429, 500, 502, 503, 504 -> {
        Header after = response.getFirstHeader("Retry-After");
        throw new Temporary(
            FailureReason.SOURCE_UNAVAILABLE,
            shown + " answered " + code + " " + Backoff.ATTEMPTS + " times. Try again later.",
            after == null ? null : after.getValue());
      }
      default ->
          throw new LandshiftException(
              FailureReason.SOURCE_UNAVAILABLE, shown + " answers " + code + ".");
    }
  }

  private static byte[] wholeBody(String shown, ClassicHttpResponse response, long limit)
      throws IOException {
    HttpEntity entity = response.getEntity();
    if (entity == null) {
      return new byte[0];
    }
    if (entity.getContentLength() > limit) {
      throw tooLarge(shown, limit);
    }
    InputStream in = entity.getContent();
    byte[] bytes = in.readNBytes(Math.toIntExact(limit));
    if (bytes.length == limit && in.read() >= 0) {
      throw tooLarge(shown, limit);
    }
    return bytes;
  }

  private Part partOf(String shown, ClassicHttpResponse response, long first, long last)
      throws IOException, Temporary {
    Header tag = response.getFirstHeader("ETag");
    String entityTag = tag == null ? null : tag.getValue();
    if (response.getCode() == 200) {
      HttpEntity entity = response.getEntity();
      boolean whole =
          first == 0 && entity != null && within(entity.getContentLength(), last - first + 1);
      if (!whole) {
        throw new LandshiftException(
            FailureReason.SOURCE_UNAVAILABLE,
            shown + " does not serve parts of files (no answer to Range). Copy it elsewhere.");
      }
      byte[] bytes = wholeBody(shown, response, last - first + 1);
      return new Part(bytes, bytes.length, entityTag);
    }
    Header header = response.getFirstHeader("Content-Range");
    ContentRange range = ContentRange.parse(header == null ? "" : header.getValue());
    if (range == null || !range.answers(first, last)) {
      throw new LandshiftException(
          FailureReason.ASSET_UNREADABLE,
          "%s answers %s where bytes %d to %d were asked for."
              .formatted(
                  shown, header == null ? "no Content-Range" : header.getValue(), first, last));
    }
    byte[] bytes = wholeBody(shown, response, range.length());
    if (bytes.length != range.length()) {
      throw new Temporary(
          FailureReason.SOURCE_UNAVAILABLE, shown + " ends in the middle of its answers.", null);
    }
    return new Part(bytes, range.total(), entityTag);
  }

  private static boolean within(long length, long limit) {
    return length >= 0 && length <= limit;
  }

  private static LandshiftException tooLarge(String shown, long limit) {
    return new LandshiftException(
        FailureReason.LIMIT_EXCEEDED, shown + " answers more than " + limit + " bytes.");
  }

  static boolean isSameOrigin(URI one, URI other) {
    return host(one).equals(host(other));
  }

  private static HttpHost host(URI uri) {
    return new HttpHost(
        uri.getScheme(), uri.getHost(), NetworkRules.port(uri.getScheme(), uri.getPort()));
  }

  private static CloseableHttpClient client(NetworkRules rules, Resolver resolver) {
    ConnectionConfig connections =
        ConnectionConfig.custom()
            .setConnectTimeout(Timeout.of(rules.connectTimeout()))
            .setSocketTimeout(Timeout.of(rules.readTimeout()))
            .setTimeToLive(TimeValue.ofMinutes(5))
            .setValidateAfterInactivity(TimeValue.ofSeconds(5))
            .build();
    RequestConfig requests =
        RequestConfig.custom()
            .setResponseTimeout(Timeout.of(rules.readTimeout()))
            .setConnectionRequestTimeout(Timeout.of(rules.deadline()))
            .setProtocolUpgradeEnabled(false)
            .build();
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new CheckedResolver(rules, resolver))
                .setDefaultConnectionConfig(connections)
                .setMaxConnTotal(CONNECTIONS)
                .setMaxConnPerRoute(CONNECTIONS / 4)
                .build())
        .setDefaultRequestConfig(requests)
        .setUserAgent("landshift")
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .build();
  }

  /** What it gives is what is connected to: a second look-up cannot give another address. */
  private record CheckedResolver(NetworkRules rules, Resolver resolver) implements DnsResolver {
    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
      return rules.permitted(host, port, resolver.resolve(host)).stream()
          .map(address -> new InetSocketAddress(address, port))
          .toList();
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      InetAddress[] addresses = resolver.resolve(host);
      boolean open = Arrays.stream(addresses).allMatch(Addresses::isPublic);
      return open ? addresses : new InetAddress[0];
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
