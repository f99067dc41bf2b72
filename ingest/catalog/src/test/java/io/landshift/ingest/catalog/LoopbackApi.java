package io.landshift.ingest.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.landshift.ingest.remote.NetworkRules;
import io.landshift.ingest.remote.RemoteSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A STAC API on loopback whose answers a test writes. */
final class LoopbackApi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    // The first server of the process decides for those after it, PushSource's among them.
    PushSource.limitServer();
  }

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile Search search = (request, api) -> page("", api.url("/search"));

  record Asked(String method, String path, String query, String body) {
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Answers a search: JSON, or a status as text such as {@code 503}. */
  interface Search {
    String answer(Asked asked, LoopbackApi api);
  }

  LoopbackApi() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  /** A page without items, with or without a link to the next one. */
  static String page(String items, String next) {
    String links = next.startsWith("{") ? next : "";
    return "{\"type\":\"FeatureCollection\",\"features\":[%s],\"links\":[%s]}"
        .formatted(items, links);
  }

  LoopbackApi answering(Search how) {
    search = how;
    return this;
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** Allowed are this server, and the hosts given. */
  RemoteSettings settings(String... hosts) {
    List<String> allowed = new ArrayList<>(List.of(hosts));
    allowed.add("127.0.0.1:" + server.getAddress().getPort());
    return RemoteSettings.of(NetworkRules.allowing(allowed));
  }

  /** The searches so far. */
  List<Asked> searches() {
    return asked.stream().filter(each -> each.path().equals("/search")).toList();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String query = exchange.getRequestURI().getRawQuery();
      Asked request =
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              query == null ? "" : query,
              body);
      asked.add(request);
      String answer = request.path().equals("/search") ? search.answer(request, this) : landing();
      if (answer.matches("\\d{3}")) {
        exchange.getResponseHeaders().set("Retry-After", "0");
        exchange.sendResponseHeaders(Integer.parseInt(answer), -1);
        return;
      }
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private String landing() {
    return """
    {"type":"Catalog","stac_version":"1.0.0","id":"api","links":[
      {"rel":"search","method":"GET","href":"%s"},
      {"rel":"search","method":"POST","href":"%s"}]}
    """
        .formatted(url("/search"), url("/search"));
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
