package io.landshift.ingest.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.ingest.remote.NetworkRules;
import io.landshift.ingest.remote.RemoteSettings;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pushes items to a real server on loopback. */
@Tag("it")
class PushSourceIT {
  private static final String TOKEN = "0123456789abcdef0123";
  private static final String ITEM =
      """
      {"type":"Feature","stac_version":"1.0.0","id":"a",
       "properties":{"datetime":"2024-01-05T00:00:00Z","proj:code":"EPSG:32633"},
       "links":[],
       "assets":{"red":{"href":"https://data.example.org/B04.tif","proj:shape":[100,100],
         "proj:transform":[10,0,500000,0,-10,5000000],
         "eo:bands":[{"name":"B04","common_name":"red"}]}}}
      """;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Collected collected = new Collected();
  private final AtomicReference<LandshiftException> ended = new AtomicReference<>();
  private PushSource source;
  private Thread thread;

  private void start(String token, SceneSink sink) throws Exception {
    source =
        PushSource.open(
            new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0),
            token,
            RemoteSettings.of(NetworkRules.allowing(List.of("data.example.org"))));
    thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                source.read(sink);
              } catch (LandshiftException e) {
                ended.set(e);
              }
            });
  }

  @AfterEach
  void stop() throws Exception {
    if (source != null) {
      source.close();
      thread.join();
    }
  }

  private HttpRequest.Builder post(String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + source.port() + "/scenes"))
        .header("Content-Type", "application/geo+json")
        .timeout(Duration.ofSeconds(60))
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void givenAnItem_whenPushed_thenPublishedBeforeItIsAnswered() throws Exception {
    // given
    start(null, collected);

    // when
    HttpResponse<String> answer = send(post(ITEM));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(collected.products()).containsExactly("a");
    assertThat(collected.flushes).isEqualTo(1);
    JsonNode announced = json.readTree(answer.body()).at("/announced/0");
    assertThat(announced.path("productId").asText()).isEqualTo("a");
    assertThat(announced.path("grid").asText())
        .isEqualTo(collected.scenes.getFirst().getGrid().getCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{ | 400 | METADATA_INVALID",
        "[] | 400 | METADATA_INVALID",
        "{\"type\":\"Feature\",\"id\":\"a\",\"properties\":{}} | 400 | METADATA_INVALID",
        "{\"a\":1,\"a\":2} | 400 | METADATA_INVALID",
        "EVIL | 422 | HREF_REFUSED",
        "FILE | 422 | HREF_REFUSED",
        "NONE | 422 | ASSETS_ABSENT"
      })
  void givenWhatIsNoScene_whenPushed_thenItsReason(String body, int status, FailureReason reason)
      throws Exception {
    // given
    start(null, collected);
    String text =
        switch (body) {
          case "EVIL" -> ITEM.replace("data.example.org", "evil.org");
          case "FILE" -> ITEM.replace("https://data.example.org/", "file:///etc/");
          case "NONE" -> ITEM.replaceAll("(?s)\"assets\":.*", "\"assets\":{}}");
          default -> body;
        };

    // when
    HttpResponse<String> answer = send(post(text));

    // then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json.readTree(answer.body()).path("reason").asText()).isEqualTo(reason.name());
    assertThat(json.readTree(answer.body()).path("message").asText()).isNotBlank();
    assertThat(collected.scenes).isEmpty();
  }

  @Test
  void givenRequestsOfTheWrongKind_whenSent_thenRefused() throws Exception {
    // given
    start(null, collected);
    URI other = URI.create("http://127.0.0.1:" + source.port() + "/scenes/1");

    // when / then
    assertThat(send(post(ITEM).uri(other)).statusCode()).isEqualTo(404);
    assertThat(send(post(ITEM).GET()).statusCode()).isEqualTo(405);
    assertThat(send(post(ITEM).setHeader("Content-Type", "text/plain")).statusCode())
        .isEqualTo(415);
    assertThat(send(post(" ".repeat(5 << 20))).statusCode()).isEqualTo(413);
    assertThat(
            raw(
                "POST /scenes HTTP/1.1\r\nHost: rebound.example.org\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"))
        .as("a name that was made to resolve to loopback")
        .startsWith("HTTP/1.1 401");
    assertThat(collected.scenes).isEmpty();
  }

  private String raw(String request) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", source.port())) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.UTF_8));
      out.flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void givenAToken_whenPushed_thenOnlyWithIt() throws Exception {
    // given
    start(TOKEN, collected);

    // when / then
    assertThat(send(post(ITEM)).statusCode()).isEqualTo(401);
    assertThat(send(post(ITEM).header("Authorization", "Bearer " + TOKEN + "x")).statusCode())
        .isEqualTo(401);
    assertThat(send(post(ITEM).header("Authorization", "Basic " + TOKEN)).statusCode())
        .isEqualTo(401);
    assertThat(collected.scenes).isEmpty();
    assertThat(send(post(ITEM).header("Authorization", "Bearer " + TOKEN)).statusCode())
        .isEqualTo(202);
  }

  @Test
  void givenAnAddressForOthers_whenOpenedWithoutAToken_thenItDoesNotStart() throws Exception {
    // given
    InetSocketAddress everywhere = new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0);
    RemoteSettings settings = RemoteSettings.of(NetworkRules.allowing(List.of()));

    // when / then
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> PushSource.open(everywhere, null, settings))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.ACCESS_DENIED));
    assertThatExceptionOfType(LandshiftException.class)
        .isThrownBy(() -> PushSource.open(everywhere, "short", settings))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(FailureReason.METADATA_INVALID));
  }

  @Test
  void givenClientsThatTrickle_whenOthersPush_thenTheyAreServedAndTheFormerCutOff()
      throws Exception {
    // given: many half-open requests
    start(null, collected);
    List<Socket> slow = new java.util.ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Socket socket = new Socket("127.0.0.1", source.port());
      socket
          .getOutputStream()
          .write("POST /scenes HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.UTF_8));
      slow.add(socket);
    }

    // when
    HttpResponse<String> answer = send(post(ITEM));

    // then
    assertThat(answer.statusCode()).isEqualTo(202);
    for (Socket socket : slow) {
      try (socket) {
        socket.setSoTimeout(40_000);
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void givenAPublisherThatFails_whenPushed_then503AndTheSourceEnds() throws Exception {
    // given
    start(
        null,
        new SceneSink() {
          @Override
          public void scene(SceneAvailable scene) {
            throw new LandshiftException(FailureReason.SERVICE_UNAVAILABLE, "no broker");
          }

          @Override
          public void failure(SceneFailure failure) {}
        });

    // when
    HttpResponse<String> answer = send(post(ITEM));
    thread.join();

    // then
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(ended.get().reason()).isEqualTo(FailureReason.SERVICE_UNAVAILABLE);
  }
}
