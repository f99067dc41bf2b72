package io.landshift.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A STAC API on loopback over a zip with items: search with pages of two, files by ranges. */
final class DemoApi implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PAGE = 2;

  private final ZipFile zip;
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final List<ObjectNode> items = new ArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  DemoApi(Path file) throws IOException {
    zip = new ZipFile(file.toFile());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    for (ZipEntry entry : zip.stream().toList()) {
      if (entry.getName().endsWith(".json")) {
        try (InputStream in = zip.getInputStream(entry)) {
          JsonNode item = JSON.readTree(in);
          if (item.path("type").asText().equals("Feature")) {
            items.add(located((ObjectNode) item, entry.getName()));
          }
        }
      }
    }
    // Newest first, as the public APIs do.
    items.sort(Comparator.comparing(DemoApi::time).reversed());
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  long rangesOf(String suffix) {
    return asked.stream().filter(path -> path.endsWith(suffix)).count();
  }

  long pages() {
    return rangesOf("/search");
  }

  private ObjectNode located(ObjectNode item, String name) {
    String self = url() + "/data/" + name;
    item.putArray("links").addObject().put("rel", "self").put("href", self);
    return item;
  }

  private static Instant time(JsonNode item) {
    return Instant.parse(item.at("/properties/datetime").asText());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.add(path);
      if (path.startsWith("/data/")) {
        data(exchange, zip.getEntry(path.substring("/data/".length())));
        return;
      }
      JsonNode answer = path.equals("/search") ? search(exchange.getRequestBody()) : landing();
      byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private ObjectNode landing() {
    ObjectNode landing = JSON.createObjectNode().put("type", "Catalog");
    landing
        .putArray("links")
        .addObject()
        .put("rel", "search")
        .put("method", "POST")
        .put("href", url() + "/search");
    return landing;
  }

  private ObjectNode search(InputStream in) throws IOException {
    JsonNode query = JSON.readTree(in);
    String[] ends = query.path("datetime").asText().split("/");
    List<ObjectNode> found =
        items.stream()
            .filter(item -> item.path("collection").equals(query.at("/collections/0")))
            .filter(item -> !time(item).isBefore(Instant.parse(ends[0])))
            .filter(item -> !time(item).isAfter(Instant.parse(ends[1])))
            .toList();
    int from = query.path("token").asInt(0);
    ObjectNode page = JSON.createObjectNode().put("type", "FeatureCollection");
    ArrayNode features = page.putArray("features");
    found.stream().skip(from).limit(PAGE).forEach(features::add);
    ArrayNode links = page.putArray("links");
    if (from + PAGE < found.size()) {
      ObjectNode next = links.addObject().put("rel", "next").put("method", "POST");
      next.put("merge", true).put("href", url() + "/search");
      next.putObject("body").put("token", from + PAGE);
    }
    return page;
  }

  private void data(HttpExchange exchange, ZipEntry entry) throws IOException {
    if (entry == null) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    byte[] bytes;
    try (InputStream in = zip.getInputStream(entry)) {
      bytes = in.readAllBytes();
    }
    String[] range =
        exchange.getRequestHeaders().getFirst("Range").replace("bytes=", "").split("-");
    int first = Integer.parseInt(range[0]);
    int last = Math.min(Integer.parseInt(range[1]), bytes.length - 1);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(first, last, bytes.length));
    exchange.sendResponseHeaders(206, last - first + 1);
    exchange.getResponseBody().write(bytes, first, last - first + 1);
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    executor.shutdownNow();
    zip.close();
  }
}
