package io.landshift.ingest.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.remote.RangeGateway;
import io.landshift.ingest.remote.RemoteSettings;
import io.landshift.ingest.scenes.HrefResolver;
import io.landshift.ingest.scenes.Json;
import io.landshift.ingest.scenes.StacItems;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes STAC items that are pushed: {@code POST /scenes}, one item a request, JSON.
 *
 * <p>Answers 202 with the scenes once they are published, or the failure's reason and message: 400
 * where the body is no item, 413 where it is too large, 422 where it is refused, 502 where its
 * rasters cannot be looked at, 503 where they cannot be published; and 401, 404, 405, 415 as usual.
 *
 * <p>On loopback anybody on the machine may push, browsers of other pages may not: the body must be
 * declared JSON and the host be a loopback name. Elsewhere a bearer token is required. Requests
 * that trickle in are cut off after 20 s, connections are limited to 200. Rasters must be on the
 * network and allowed there; files of this machine are not taken. Items are taken one at a time.
 */
public final class PushSource implements SceneSource {
  private static final Logger LOG = LoggerFactory.getLogger(PushSource.class);
  private static final int MAXIMUM_BODY = 4 << 20;
  private static final int SHORTEST_TOKEN = 16;
  private static final String PATH = "/scenes";
  private static final Pattern LOCAL_HOST =
      Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d+)?");

  static {
    limitServer();
  }

  private final InetSocketAddress address;
  private final byte @Nullable [] token;
  private final RemoteSettings settings;
  private final HttpServer server;
  private final ExecutorService executor;
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable SceneSink sink;
  private volatile @Nullable LandshiftException broken;

  private PushSource(
      InetSocketAddress address,
      @Nullable String token,
      RemoteSettings settings,
      HttpServer server) {
    this.address = address;
    this.token = token == null ? null : digest(token);
    this.settings = settings;
    this.server = server;
    this.executor =
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("push-", 0).factory());
    server.setExecutor(executor);
    server.createContext("/", this::handle);
  }

  /**
   * Binds the address; requests are answered once it is read.
   *
   * @param token what callers must know, at least 16 characters; null = nothing, on loopback only
   * @param settings what rasters may be named
   * @throws LandshiftException ACCESS_DENIED where the address is not loopback and there is no
   *     token, METADATA_INVALID where the token is too short, SERVICE_UNAVAILABLE where the address
   *     is taken
   */
  public static PushSource open(
      InetSocketAddress address, @Nullable String token, RemoteSettings settings) {
    if (address.isUnresolved()) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          address.getHostString() + " is no address of this machine.");
    }
    if (token == null && !address.getAddress().isLoopbackAddress()) {
      throw new LandshiftException(
          FailureReason.ACCESS_DENIED,
          address.getHostString()
              + " can be reached from elsewhere: give a token (--token-file), or listen on"
              + " 127.0.0.1.");
    }
    if (token != null && token.length() < SHORTEST_TOKEN) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "The token is shorter than "
              + SHORTEST_TOKEN
              + " characters. Make one with: openssl rand -hex 32");
    }
    try {
      return new PushSource(address, token, settings, HttpServer.create(address, 0));
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.SERVICE_UNAVAILABLE,
          "The address " + address + " cannot be listened on: " + e.getMessage(),
          e);
    }
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public String location() {
    return "push " + address.getHostString() + ":" + address.getPort();
  }

  @Override
  public void read(SceneSink into) {
    sink = into;
    server.start();
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      server.stop(1);
      executor.shutdownNow();
    }
    LandshiftException failure = broken;
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    ended.countDown();
    server.stop(0);
    executor.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange);
      byte[] body = answer.body().toString().getBytes(StandardCharsets.UTF_8);
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", "application/json");
      headers.set("Connection", "close");
      if (answer.status() == 401) {
        headers.set("WWW-Authenticate", "Bearer");
      }
      if (answer.status() == 405) {
        headers.set("Allow", "POST");
      }
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    } catch (RuntimeException e) {
      LOG.error("a pushed item made the server fail", e);
      throw e;
    }
  }

  private record Answer(int status, ObjectNode body) {
    static Answer no(int status, FailureReason reason, String message) {
      return new Answer(
          status,
          JsonNodeFactory.instance
              .objectNode()
              .put("reason", reason.name())
              .put("message", message));
    }

    static Answer no(int status, LandshiftException e) {
      return no(status, e.reason(), e.detail());
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    if (!mayPush(headers)) {
      return Answer.no(401, FailureReason.ACCESS_DENIED, "Send Authorization: Bearer TOKEN.");
    }
    if (!exchange.getRequestURI().getRawPath().equals(PATH)) {
      return Answer.no(404, FailureReason.METADATA_INVALID, "There is only " + PATH + ".");
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      return Answer.no(405, FailureReason.METADATA_INVALID, "Only POST is understood.");
    }
    if (!isJson(headers)) {
      return Answer.no(
          415, FailureReason.METADATA_INVALID, "Send Content-Type: application/geo+json.");
    }
    byte[] body = exchange.getRequestBody().readNBytes(MAXIMUM_BODY + 1);
    if (body.length > MAXIMUM_BODY) {
      return Answer.no(
          413, FailureReason.LIMIT_EXCEEDED, "An item has at most " + MAXIMUM_BODY + " bytes.");
    }
    return take(body);
  }

  private boolean mayPush(Headers headers) {
    byte[] expected = token;
    if (expected == null) {
      // A page whose name was made to resolve to 127.0.0.1 sends that name.
      String host = headers.getFirst("Host");
      return host != null && LOCAL_HOST.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }
    String given = headers.getFirst("Authorization");
    String secret =
        given != null && given.regionMatches(true, 0, "Bearer ", 0, 7) ? given.substring(7) : "";
    return MessageDigest.isEqual(expected, digest(secret.strip()));
  }

  private static boolean isJson(Headers headers) {
    String type = headers.getFirst("Content-Type");
    String plain = type == null ? "" : type.split(";", -1)[0].strip().toLowerCase(Locale.ROOT);
    return plain.equals("application/json") || plain.equals("application/geo+json");
  }

  private Answer take(byte[] body) {
    List<SceneAvailable> scenes;
    try {
      JsonNode item = Json.object(body, "The body");
      scenes = scenes(item);
    } catch (LandshiftException e) {
      return Answer.no(status(e.reason()), e);
    }
    oneAtATime.lock();
    try {
      publish(scenes);
      return new Answer(202, announced(scenes));
    } catch (LandshiftException e) {
      // The publisher is of no use any more: end, so that whoever runs us starts afresh.
      broken = e;
      ended.countDown();
      return Answer.no(503, e);
    } finally {
      oneAtATime.unlock();
    }
  }

  private void publish(List<SceneAvailable> scenes) {
    SceneSink into = sink;
    if (into == null || broken != null) {
      throw new LandshiftException(
          FailureReason.SERVICE_UNAVAILABLE, "Items are not taken any more. Push it again later.");
    }
    scenes.forEach(into::scene);
    into.flush();
  }

  private List<SceneAvailable> scenes(JsonNode item) {
    String self = "the pushed item";
    for (JsonNode link : item.path("links")) {
      String href = link.path("href").asText();
      if (link.path("rel").asText().equals("self") && RemoteSettings.isRemote(href)) {
        self = href;
      }
    }
    RasterRules rules = RasterRules.anywhere().withNetwork(RangeGateway.ofProcess(settings));
    HrefResolver hrefs = HrefResolver.ofNetwork(location(), self, settings);
    return StacItems.read(item, hrefs, rules, RemoteSettings.isRemote(self) ? self : null);
  }

  private static ObjectNode announced(List<SceneAvailable> scenes) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode announced = answer.putArray("announced");
    for (SceneAvailable scene : scenes) {
      announced
          .addObject()
          .put("grid", scene.getGrid().getCode())
          .put("productId", scene.getProductId())
          .put("generation", scene.getGeneration())
          .put("sensingTime", scene.getSensingTime().toString());
    }
    return answer;
  }

  private static int status(FailureReason reason) {
    return switch (reason) {
      case METADATA_INVALID -> 400;
      case LIMIT_EXCEEDED -> 413;
      case SOURCE_UNAVAILABLE, ACCESS_DENIED -> 502;
      case SERVICE_UNAVAILABLE, STORAGE_UNAVAILABLE, STORAGE_FULL, INTERNAL -> 503;
      default -> 422;
    };
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new LandshiftException(FailureReason.INTERNAL, "This Java has no SHA-256.", e);
    }
  }

  /**
   * Bounds how long requests take and how many connections there are. The JDK's server knows these
   * as properties only, and reads them when the process first uses it: nothing else may before.
   */
  static void limitServer() {
    limit("sun.net.httpserver.maxReqTime", "20");
    limit("sun.net.httpserver.maxRspTime", "60");
    limit("sun.net.httpserver.maxReqHeaders", "64");
    limit("jdk.httpserver.maxConnections", "200");
  }

  private static void limit(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
