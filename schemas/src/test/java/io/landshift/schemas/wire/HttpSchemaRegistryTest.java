package io.landshift.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.landshift.schemas.Alert;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.Samples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSchemaRegistryTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private volatile int status = 200;
  private volatile boolean ruleless;

  /** How many of the next schemas that are sent get no answer. */
  private volatile int silences;

  private volatile String answer = "{\"id\":42}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void aSchemaIsRegisteredOnceUnderTheNameOfItsRecord() throws IOException {
    // given
    EventCodec codec = EventCodec.withRegistry(registry("/apis/ccompat/v7"));

    // when
    byte[] first = codec.encode(Samples.alert());
    byte[] second = codec.encode(Samples.alert());

    // then
    assertThat(first).isEqualTo(second).startsWith(0, 0, 0, 0, 42);
    assertThat(requests)
        .containsExactly(
            "GET /apis/ccompat/v7/config/io.landshift.schemas.Alert",
            "POST /apis/ccompat/v7/subjects/io.landshift.schemas.Alert/versions");
    JsonNode body = JSON.readTree(bodies.get(1));
    assertThat(body.path("schemaType").asText()).isEqualTo("AVRO");
    assertThat(body.path("schema").asText()).isEqualTo(Alert.getClassSchema().toString());
  }

  @Test
  void aSubjectWithoutARuleGetsOneBeforeItsFirstSchema() {
    // given
    ruleless = true;

    // when
    EventCodec.withRegistry(registry("/")).encode(Samples.alert());

    // then
    assertThat(requests)
        .containsExactly(
            "GET /config/io.landshift.schemas.Alert",
            "PUT /config/io.landshift.schemas.Alert",
            "POST /subjects/io.landshift.schemas.Alert/versions");
    assertThat(bodies.get(1)).isEqualTo("{\"compatibility\":\"BACKWARD_TRANSITIVE\"}");
  }

  @Test
  void anIdIsLookedUpOnce() throws IOException {
    // given
    byte[] encoded = EventCodec.withRegistry(registry("/")).encode(Samples.alert());
    answer =
        JSON.writeValueAsString(
            JSON.createObjectNode().put("schema", Alert.getClassSchema().toString()));
    EventCodec reader = EventCodec.configured(base("/"));

    // when
    Alert first = reader.decode(Alert.class, encoded);
    Alert second = reader.decode(Alert.class, encoded);

    // then
    assertThat(first).isEqualTo(second).isEqualTo(Samples.alert());
    assertThat(requests).filteredOn(r -> r.equals("GET /schemas/ids/42")).hasSize(1);
  }

  @Test
  void anUnknownIdIsTheRecordsFaultAndAnyOtherErrorIsNot() {
    // given
    HttpSchemaRegistry registry = registry("/");

    // then
    status = 404;
    answer = "{\"error_code\":40403,\"message\":\"Schema 9 not found\"}";
    assertFails(() -> registry.schemaOf(9), FailureReason.RECORD_UNREADABLE, "no schema 9");
    status = 200;
    answer = "{\"schema\":\"{\\\"type\\\":\\\"nonsense\\\"}\"}";
    assertFails(() -> registry.schemaOf(9), FailureReason.RECORD_UNREADABLE, "not an Avro schema");
    answer = "<html>";
    assertFails(() -> registry.schemaOf(9), FailureReason.SERVICE_UNAVAILABLE, "not JSON");
    status = 500;
    assertFails(() -> registry.schemaOf(9), FailureReason.SERVICE_UNAVAILABLE, "500");
    status = 302;
    assertFails(() -> registry.schemaOf(9), FailureReason.SERVICE_UNAVAILABLE, "302");
    status = 200;
    answer = "x".repeat(HttpSchemaRegistry.MAXIMUM_ANSWER_BYTES + 1);
    assertFails(() -> registry.schemaOf(9), FailureReason.SERVICE_UNAVAILABLE, "more than");
    server.stop(0);
    assertFails(() -> registry.schemaOf(9), FailureReason.SERVICE_UNAVAILABLE, "does not answer");
  }

  @Test
  void aRequestWithoutAnAnswerIsMadeOnceMore() {
    // given: a connection that ends before its answer, once and then each time
    silences = 1;
    byte[] encoded = EventCodec.withRegistry(registry("/")).encode(Samples.alert());
    assertThat(encoded).startsWith(0, 0, 0, 0, 42);
    assertThat(requests)
        .containsExactly(
            "GET /config/io.landshift.schemas.Alert",
            "POST /subjects/io.landshift.schemas.Alert/versions",
            "POST /subjects/io.landshift.schemas.Alert/versions");
    silences = Integer.MAX_VALUE;
    assertFails(
        () -> EventCodec.withRegistry(registry("/")).encode(Samples.alert()),
        FailureReason.SERVICE_UNAVAILABLE,
        "does not answer (java.io.IOException");
  }

  @Test
  void aSchemaThatTheRegistryRefusesIsSaidToBeIncompatible() {
    // given
    status = 409;
    answer = "{\"error_code\":409,\"message\":\"READER_FIELD_MISSING_DEFAULT_VALUE\"}";

    // then
    assertFails(
        () -> EventCodec.withRegistry(registry("/")).encode(Samples.alert()),
        FailureReason.METADATA_INVALID,
        "READER_FIELD_MISSING_DEFAULT_VALUE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "registry", "localhost:8081", "ftp://localhost/", "http:///subjects"})
  void anUrlThatIsNoneIsRefused(String url) {
    assertFails(
        () -> EventCodec.configured(URI.create(url)),
        FailureReason.METADATA_INVALID,
        "http://HOST");
  }

  private HttpSchemaRegistry registry(String path) {
    return new HttpSchemaRegistry(base(path), Duration.ofSeconds(5));
  }

  private URI base(String path) {
    return URI.create(
        "http://%s:%d%s"
            .formatted(
                InetAddress.getLoopbackAddress().getHostAddress(),
                server.getAddress().getPort(),
                path));
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    if (exchange.getRequestMethod().equals("POST") && silences > 0) {
      silences--;
      exchange.close();
      return;
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    boolean asksForRule =
        exchange.getRequestMethod().equals("GET")
            && exchange.getRequestURI().getPath().contains("/config/");
    exchange.sendResponseHeaders(asksForRule && ruleless ? 404 : status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static void assertFails(ThrowingCallable call, FailureReason reason, String part) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LandshiftException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(part);
  }
}
