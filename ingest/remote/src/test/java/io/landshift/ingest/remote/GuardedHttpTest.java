package io.landshift.ingest.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers of every kind do to us, each of them real and on loopback. */
class GuardedHttpTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Duration> pauses = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private AwkwardServer server(AwkwardServer.Answer answer) throws IOException {
    AwkwardServer server = new AwkwardServer(answer);
    open.add(server);
    return server;
  }

  private GuardedHttp http(NetworkRules rules) {
    return http(rules, host -> InetAddress.getAllByName(host));
  }

  private GuardedHttp http(NetworkRules rules, GuardedHttp.Resolver resolver) {
    GuardedHttp http =
        new GuardedHttp(
            rules, resolver, new Backoff(Clock.fixed(NOW, ZoneOffset.UTC), pauses::add));
    open.add(http);
    return http;
  }

  private static NetworkRules only(AwkwardServer... servers) {
    return NetworkRules.allowing(
        Arrays.stream(servers).map(server -> "127.0.0.1:" + server.port()).toList());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void givenAPlainServer_whenAsked_thenItsJsonAndNothingOfOurs() throws Exception {
    // given
    AwkwardServer server = server((asked, out) -> AwkwardServer.json(out, "{\"a\":1}"));

    // when
    byte[] got = http(only(server)).getJson(server.url("/x?y=1"));
    byte[] posted =
        http(only(server)).postJson(server.url("/s"), "{}".getBytes(StandardCharsets.UTF_8));

    // then
    assertThat(text(got)).isEqualTo("{\"a\":1}");
    assertThat(text(posted)).isEqualTo("{\"a\":1}");
    assertThat(server.asked())
        .extracting(AwkwardServer.Asked::path)
        .containsExactly("/x?y=1", "/s");
    assertThat(server.asked().getFirst().headers())
        .doesNotContainKeys("cookie", "authorization", "accept-encoding");
    assertThat(server.asked().getLast().body()).isEqualTo("{}");
  }

  @Test
  void givenAnAllowedNameThatResolvesToLoopback_whenAsked_thenRefusedAndNotConnectedTo()
      throws Exception {
    // given
    AwkwardServer server = server((asked, out) -> AwkwardServer.json(out, "{}"));
    NetworkRules rules = NetworkRules.allowing(List.of("data.example.org"));
    GuardedHttp http = http(rules, host -> new InetAddress[] {InetAddress.getByName("127.0.0.1")});

    // when / then
    Failing.with(FailureReason.HREF_REFUSED, () -> http.getJson("https://data.example.org/a.json"));
    assertThat(server.asked()).isEmpty();
    assertThat(pauses).isEmpty();
  }

  @Test
  void givenANameThatTurnsPrivateAtTheSecondLookUp_whenAskedTwice_thenRefused() throws Exception {
    // given: DNS rebinding; the first address is public and does not answer
    AtomicInteger lookups = new AtomicInteger();
    NetworkRules rules =
        NetworkRules.allowing(List.of("data.example.org"))
            .withTimes(Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofSeconds(2));
    GuardedHttp http =
        http(
            rules,
            host -> {
              if (lookups.getAndIncrement() == 0) {
                throw new UnknownHostException("not yet");
              }
              return new InetAddress[] {InetAddress.getByName("10.0.0.1")};
            });

    // when / then
    Failing.with(FailureReason.HREF_REFUSED, () -> http.getJson("https://data.example.org/a"));
    assertThat(lookups).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:1/x",
        "http://localhost/x",
        "file:///etc/passwd",
        "//evil.org/x",
        "https://2130706433/x"
      })
  void givenARedirectToElsewhere_whenFollowed_thenRefused(String target) throws Exception {
    // given
    AwkwardServer server =
        server((asked, out) -> AwkwardServer.head(out, "302 Found", "Location: " + target));

    // when / then
    Failing.with(FailureReason.HREF_REFUSED, () -> http(only(server)).getJson(server.url("/x")));
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void givenRedirectsWithinTheRules_whenFollowed_thenFiveHopsAndNoMore() throws Exception {
    // given
    AwkwardServer server =
        server((asked, out) -> {
          int hop = Integer.parseInt(asked.path().substring(1));
          if (hop == 0) {
            AwkwardServer.json(out, "{}");
          } else {
            AwkwardServer.head(out, "307 Temporary Redirect", "Location: /" + (hop - 1));
          }
        });

    // when / then
    assertThat(text(http(only(server)).getJson(server.url("/5")))).isEqualTo("{}");
    Failing.with(FailureReason.HREF_REFUSED, () -> http(only(server)).getJson(server.url("/6")));
  }

  @Test
  void givenARedirectToAnotherHost_whenFollowed_thenCredentialsStayBehind() throws Exception {
    // given
    byte[] bytes = {1, 2, 3};
    AwkwardServer other = server(AwkwardServer.file(bytes));
    AwkwardServer first =
        server(
            (asked, out) -> AwkwardServer.head(out, "302 Found", "Location: " + other.url("/b")));

    // when
    GuardedHttp.Part part =
        http(only(first, other))
            .part(URI.create(first.url("/a")), Map.of("authorization", "secret"), 0, 9);

    // then
    assertThat(part.bytes()).isEqualTo(bytes);
    assertThat(first.asked().getFirst().headers()).containsEntry("authorization", "secret");
    assertThat(other.asked().getFirst().headers()).doesNotContainKey("authorization");
  }

  @ParameterizedTest
  @CsvSource({
    "401, ACCESS_DENIED",
    "403, ACCESS_DENIED",
    "404, ASSET_MISSING",
    "410, ASSET_MISSING",
    "400, SOURCE_UNAVAILABLE"
  })
  void givenAFinalStatus_whenAsked_thenItsReasonAtOnce(String status, FailureReason reason)
      throws Exception {
    // given
    AwkwardServer server = server((asked, out) -> AwkwardServer.head(out, status + " No"));

    // when / then
    assertThat(Failing.with(reason, () -> http(only(server)).getJson(server.url("/a?sig=secret"))))
        .hasMessageNotContaining("secret");
    assertThat(server.asked()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "'Thu, 01 Jan 2026 00:00:42 GMT', 42",
    "'Wed, 31 Dec 2025 23:59:00 GMT', 0",
    "86400, 120"
  })
  void givenTooManyRequests_whenAsked_thenRetryAfterIsWaitedForUpToTwoMinutes(
      String retryAfter, long seconds) throws Exception {
    // given
    AtomicInteger count = new AtomicInteger();
    AwkwardServer server =
        server((asked, out) -> {
          if (count.getAndIncrement() == 0) {
            AwkwardServer.head(out, "429 Too Many Requests", "Retry-After: " + retryAfter);
          } else {
            AwkwardServer.json(out, "{}");
          }
        });

    // when
    http(only(server)).getJson(server.url("/a"));

    // then
    assertThat(pauses).containsExactly(Duration.ofSeconds(seconds));
  }

  @Test
  void givenAServerThatStaysBusy_whenAsked_thenLongerPausesAndThenItsReason() throws Exception {
    // given
    AwkwardServer server =
        server((asked, out) -> AwkwardServer.head(out, "503 Busy", "Retry-After: soon"));

    // when
    Failing.with(
        FailureReason.SOURCE_UNAVAILABLE, () -> http(only(server)).getJson(server.url("/a")));

    // then
    assertThat(server.asked()).hasSize(5);
    assertThat(pauses).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(pauses.get(i))
          .isBetween(Duration.ofMillis(250L << i), Duration.ofMillis(500L << i));
    }
  }

  @Test
  void givenABodyWithoutEnd_whenRead_thenLimitExceeded() throws Exception {
    // given
    AwkwardServer server =
        server((asked, out) -> {
          AwkwardServer.head(out, "200 OK");
          while (true) {
            out.write(new byte[8192]);
          }
        });
    NetworkRules rules = only(server).withBytes(100_000, 100_000, 100_000);

    // when / then
    Failing.with(FailureReason.LIMIT_EXCEEDED, () -> http(rules).getJson(server.url("/a")));
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void givenAContentLengthOfAGigabyte_whenRead_thenLimitExceededBeforeTheBody() throws Exception {
    // given
    AwkwardServer server =
        server((asked, out) -> AwkwardServer.head(out, "200 OK", "Content-Length: 1073741824"));

    // when / then
    Failing.with(FailureReason.LIMIT_EXCEEDED, () -> http(only(server)).getJson(server.url("/a")));
  }

  @Test
  void givenABodyShorterThanItsContentLength_whenRead_thenAskedAgain() throws Exception {
    // given
    AtomicInteger count = new AtomicInteger();
    AwkwardServer server =
        server((asked, out) -> {
          if (count.getAndIncrement() == 0) {
            AwkwardServer.head(out, "200 OK", "Content-Length: 100");
            out.write("{}".getBytes(StandardCharsets.UTF_8));
          } else {
            AwkwardServer.json(out, "{}");
          }
        });

    // when / then
    assertThat(text(http(only(server)).getJson(server.url("/a")))).isEqualTo("{}");
    assertThat(count).hasValue(2);
  }

  @Test
  void givenAServerThatSendsAByteNowAndThen_whenRead_thenLimitExceededAtTheDeadline()
      throws Exception {
    // given: never silent for as long as the read timeout
    AwkwardServer server =
        server((asked, out) -> {
          AwkwardServer.head(out, "200 OK", "Content-Length: 10000");
          for (int i = 0; i < 10_000; i++) {
            out.write(' ');
            out.flush();
            Thread.sleep(20);
          }
        });
    NetworkRules rules =
        only(server)
            .withTimes(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofMillis(500));

    // when
    long started = System.nanoTime();
    Failing.with(FailureReason.LIMIT_EXCEEDED, () -> http(rules).getJson(server.url("/a")));

    // then
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(100));
  }

  @Test
  void givenAServerThatSaysNothing_whenAsked_thenUnavailableAfterTheReadTimeout() throws Exception {
    // given
    AwkwardServer server = server((asked, out) -> Thread.sleep(60_000));
    NetworkRules rules =
        only(server)
            .withTimes(Duration.ofSeconds(2), Duration.ofMillis(100), Duration.ofSeconds(20));

    // when / then
    Failing.with(FailureReason.SOURCE_UNAVAILABLE, () -> http(rules).getJson(server.url("/a")));
    assertThat(server.asked()).hasSize(5);
  }

  @Test
  void givenAServerThatDiesInTheMiddleOfARange_whenRead_thenAskedAgainAndWhole() throws Exception {
    // given
    byte[] bytes = new byte[5000];
    new Random(1).nextBytes(bytes);
    AtomicInteger count = new AtomicInteger();
    AwkwardServer server =
        server((asked, out) -> {
          if (count.getAndIncrement() < 2) {
            AwkwardServer.head(
                out,
                "206 Partial Content",
                "Content-Range: bytes 1000-1999/5000",
                "Content-Length: 1000");
            out.write(bytes, 1000, 500);
          } else {
            AwkwardServer.part(out, asked, bytes);
          }
        });

    // when
    GuardedHttp.Part part =
        http(only(server)).part(URI.create(server.url("/a")), Map.of(), 1000, 1999);

    // then
    assertThat(part.bytes()).isEqualTo(Arrays.copyOfRange(bytes, 1000, 2000));
    assertThat(part.total()).isEqualTo(5000);
    assertThat(count).hasValue(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes 0-999/5000",
        "bytes 1000-1998/5000",
        "bytes 1000-2000/5000",
        "bytes 1000-1999/*",
        "bytes 1000-1999/1500",
        "bytes 1999-1000/5000",
        "items 1000-1999/5000",
        "bytes 1000-1999/99999999999999999999",
        ""
      })
  void givenAContentRangeThatLies_whenRead_thenUnreadable(String range) throws Exception {
    // given
    AwkwardServer server =
        server((asked, out) -> {
          AwkwardServer.head(
              out, "206 Partial Content", "Content-Range: " + range, "Content-Length: 1000");
          out.write(new byte[1000]);
        });

    // when / then
    Failing.with(
        FailureReason.ASSET_UNREADABLE,
        () -> http(only(server)).part(URI.create(server.url("/a")), Map.of(), 1000, 1999));
  }

  @Test
  void givenAServerWithoutRanges_whenRead_thenOnlyAFileThatFitsOnePart() throws Exception {
    // given
    AwkwardServer server = server((asked, out) -> AwkwardServer.json(out, "0123456789"));
    GuardedHttp http = http(only(server));
    URI uri = URI.create(server.url("/a"));

    // when / then
    assertThat(http.part(uri, Map.of(), 0, 99).total()).isEqualTo(10);
    Failing.with(FailureReason.SOURCE_UNAVAILABLE, () -> http.part(uri, Map.of(), 0, 4));
    Failing.with(FailureReason.SOURCE_UNAVAILABLE, () -> http.part(uri, Map.of(), 5, 99));
  }

  @Test
  void givenAPostThatIsRedirectedAsAGet_whenAsked_thenNotFollowed() throws Exception {
    // given
    AwkwardServer server =
        server((asked, out) -> AwkwardServer.head(out, "303 See Other", "Location: /b"));

    // when / then
    LandshiftException e =
        Failing.with(
            FailureReason.SOURCE_UNAVAILABLE,
            () -> http(only(server)).postJson(server.url("/a"), new byte[2]));
    assertThat(e.detail()).contains("/a");
  }
}
