package io.landshift.ingest.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.landshift.schemas.FailureReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The gateway, asked as GDAL asks, before real servers on loopback. */
class RangeGatewayTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final Clock clock =
      new Clock() {
        @Override
        public java.time.ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now.get();
        }
      };

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private AwkwardServer server(AwkwardServer.Answer answer) throws IOException {
    AwkwardServer server = new AwkwardServer(answer);
    open.add(server);
    return server;
  }

  private RangeGateway gateway(RemoteSettings settings, Map<String, String> environment) {
    GuardedHttp http =
        new GuardedHttp(
            settings.rules(),
            host ->
                host.endsWith(".test")
                    ? new InetAddress[] {InetAddress.getByName("127.0.0.1")}
                    : InetAddress.getAllByName(host),
            new Backoff(clock, time -> {}));
    RangeGateway gateway = RangeGateway.open(settings, http, clock, environment);
    open.add(gateway);
    return gateway;
  }

  private static RemoteSettings settings(AwkwardServer... servers) {
    return RemoteSettings.of(
        NetworkRules.allowing(
            Arrays.stream(servers).map(each -> "127.0.0.1:" + each.port()).toList()));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static HttpResponse<byte[]> get(String url, String range) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
    if (range != null) {
      request.header("Range", range);
    }
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void givenAFile_whenReadByRanges_thenItsBytesAndEachPageOnce() throws Exception {
    // given
    byte[] bytes = random(3 * MEBIBYTE + 1234);
    AwkwardServer server = server(AwkwardServer.file(bytes));
    RangeGateway gateway = gateway(settings(server), Map.of());
    ByteBudget budget = gateway.sceneBudget();

    // when
    try (RangeGateway.RemoteFile file = gateway.open(server.url("/a/B04.tif"), budget)) {
      HttpResponse<byte[]> head =
          CLIENT.send(
              HttpRequest.newBuilder(URI.create(file.url())).HEAD().build(),
              HttpResponse.BodyHandlers.ofByteArray());
      HttpResponse<byte[]> across = get(file.url(), "bytes=1048570-1048580");
      HttpResponse<byte[]> end = get(file.url(), "bytes=3145728-99999999");
      HttpResponse<byte[]> whole = get(file.url(), null);

      // then
      assertThat(file.url()).matches("http://127\\.0\\.0\\.1:\\d+/[0-9a-f]{48}/raster\\.tif");
      assertThat(head.headers().firstValueAsLong("content-length")).hasValue(bytes.length);
      assertThat(across.statusCode()).isEqualTo(206);
      assertThat(across.body()).isEqualTo(Arrays.copyOfRange(bytes, 1048570, 1048581));
      assertThat(across.headers().firstValue("content-range"))
          .hasValue("bytes 1048570-1048580/" + bytes.length);
      assertThat(end.body()).isEqualTo(Arrays.copyOfRange(bytes, 3145728, bytes.length));
      assertThat(whole.body()).isEqualTo(bytes);
      assertThat(get(file.url(), "bytes=99999999-").statusCode()).isEqualTo(416);
    }
    assertThat(budget.spent()).isEqualTo(bytes.length);
    boolean[] fetched = new boolean[4];
    for (AwkwardServer.Asked asked : server.asked()) {
      for (long page = asked.range()[0] / MEBIBYTE;
          page <= Math.min(3, asked.range()[1] / MEBIBYTE);
          page++) {
        assertThat(fetched[(int) page]).as("page " + page + " fetched before").isFalse();
        fetched[(int) page] = true;
      }
    }
  }

  @Test
  void givenAClosedFileOrAGuess_whenAsked_thenNothing() throws Exception {
    // given
    AwkwardServer server = server(AwkwardServer.file(random(1000)));
    RangeGateway gateway = gateway(settings(server), Map.of());
    RangeGateway.RemoteFile file = gateway.open(server.url("/a.tif"), gateway.sceneBudget());
    String url = file.url();

    // when
    file.close();

    // then
    assertThat(get(url, null).statusCode()).isEqualTo(404);
    assertThat(get(url.replaceAll("/[0-9a-f]{48}/", "/" + "0".repeat(48) + "/"), null).statusCode())
        .isEqualTo(404);
  }

  /** Gotcha 19: JPEG 2000 without TLM costs hundreds of requests when it is read by windows. */
  @Test
  void jp2IsFetchedWholeInFewRequestsBeforeItIsRead() throws Exception {
    // given
    byte[] bytes = random(20 * MEBIBYTE + 17);
    AwkwardServer server = server(AwkwardServer.file(bytes));
    RangeGateway gateway = gateway(settings(server), Map.of());

    // when
    try (RangeGateway.RemoteFile file =
        gateway.open(server.url("/B04.jp2"), gateway.sceneBudget())) {
      int afterOpening = server.asked().size();
      for (int i = 0; i < 200; i++) {
        int at = i * 100_000;
        assertThat(get(file.url(), "bytes=" + at + "-" + (at + 99)).body())
            .isEqualTo(Arrays.copyOfRange(bytes, at, at + 100));
      }

      // then: one for the size, then eight pages at a time
      assertThat(afterOpening).isEqualTo(4);
      assertThat(server.asked()).hasSize(afterOpening);
    }
  }

  @Test
  void givenTwoReadersAtOnce_whenBothReadOnePage_thenOneRequest() throws Exception {
    // given
    byte[] bytes = random(3 * MEBIBYTE);
    CountDownLatch both = new CountDownLatch(2);
    AwkwardServer server =
        server((asked, out) -> {
          Thread.sleep(100);
          AwkwardServer.part(out, asked, bytes);
        });
    RangeGateway gateway = gateway(settings(server), Map.of());
    try (RangeGateway.RemoteFile one = gateway.open(server.url("/a.tif"), gateway.sceneBudget());
        RangeGateway.RemoteFile two = gateway.open(server.url("/a.tif"), gateway.sceneBudget())) {
      int before = server.asked().size();

      // when
      List<Thread> readers = new ArrayList<>();
      List<byte[]> read = java.util.Collections.synchronizedList(new ArrayList<>());
      for (RangeGateway.RemoteFile file : List.of(one, two)) {
        readers.add(
            Thread.ofVirtual()
                .start(() -> {
                  both.countDown();
                  try {
                    both.await();
                    read.add(get(file.url(), "bytes=2097152-2097161").body());
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                }));
      }
      for (Thread reader : readers) {
        reader.join();
      }

      // then
      byte[] expected = Arrays.copyOfRange(bytes, 2097152, 2097162);
      assertThat(read).hasSize(2).allSatisfy(each -> assertThat(each).isEqualTo(expected));
      assertThat(server.asked()).hasSize(before + 1);
    }
  }

  @Test
  void givenASmallCache_whenManyFilesAreRead_thenItIsKeptWithinBoundsAndAllIsRight()
      throws Exception {
    // given
    byte[] bytes = random(4 * MEBIBYTE);
    AwkwardServer server = server(AwkwardServer.file(bytes));
    RangeGateway gateway = gateway(settings(server).withCacheBytes(5L * MEBIBYTE), Map.of());

    // when / then
    List<RangeGateway.RemoteFile> files = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      files.add(gateway.open(server.url("/" + i + ".tif"), gateway.sceneBudget()));
    }
    for (RangeGateway.RemoteFile file : files) {
      assertThat(get(file.url(), null).body()).isEqualTo(bytes);
    }
    assertThat(get(files.getFirst().url(), "bytes=0-9").body()).isEqualTo(Arrays.copyOf(bytes, 10));
    assertThat(server.asked().stream().filter(asked -> asked.path().equals("/0.tif")).count())
        .as("dropped, and fetched again")
        .isGreaterThan(3);
    files.forEach(RangeGateway.RemoteFile::close);
  }

  @Test
  void givenAFileThatIsReplacedMeanwhile_whenReadOn_thenUnreadable() throws Exception {
    // given
    AtomicInteger version = new AtomicInteger(1);
    byte[] bytes = random(3 * MEBIBYTE);
    AwkwardServer server =
        server((asked, out) -> {
          long[] range = asked.range();
          AwkwardServer.head(
              out,
              "206 Partial Content",
              "Content-Range: bytes " + range[0] + "-" + range[1] + "/" + bytes.length,
              "ETag: \"" + version.get() + "\"",
              "Content-Length: " + (range[1] - range[0] + 1));
          out.write(bytes, (int) range[0], (int) (range[1] - range[0] + 1));
        });
    RangeGateway gateway = gateway(settings(server), Map.of());
    try (RangeGateway.RemoteFile file = gateway.open(server.url("/a.tif"), gateway.sceneBudget())) {

      // when
      version.set(2);

      // then
      assertThat(get(file.url(), "bytes=2097152-2097161").statusCode()).isEqualTo(502);
      assertThat(file.failure().orElseThrow().reason()).isEqualTo(FailureReason.ASSET_UNREADABLE);
    }
  }

  @Test
  void givenBudgetsAndFileLimits_whenExceeded_thenLimitExceeded() throws Exception {
    // given
    AwkwardServer server = server(AwkwardServer.file(random(3 * MEBIBYTE)));
    RemoteSettings settings = settings(server);
    RangeGateway smallFiles =
        gateway(
            new RemoteSettings(
                settings.rules().withBytes(MEBIBYTE, 2 * MEBIBYTE, 1L << 40),
                settings.store(),
                List.of(),
                1L << 30),
            Map.of());
    RangeGateway gateway = gateway(settings, Map.of());

    // when / then
    Failing.with(
        FailureReason.LIMIT_EXCEEDED,
        () -> smallFiles.open(server.url("/a.tif"), smallFiles.sceneBudget()));
    try (RangeGateway.RemoteFile file =
        gateway.open(server.url("/a.tif"), new ByteBudget(2 * MEBIBYTE))) {
      assertThat(get(file.url(), "bytes=2097152-2097161").statusCode()).isEqualTo(206);
      assertThat(get(file.url(), "bytes=1048576-1048586").statusCode()).isEqualTo(502);
      assertThat(file.failure().orElseThrow().reason()).isEqualTo(FailureReason.LIMIT_EXCEEDED);
    }
  }

  @Test
  void givenS3WithCredentials_whenRead_thenSignedAndWithoutThemAnonymous() throws Exception {
    // given
    AwkwardServer server = server(AwkwardServer.file(random(100)));
    RemoteSettings settings =
        settings(server)
            .withStore(new ObjectStore(server.url(""), "eu-central-1", Map.of(), false));
    Map<String, String> environment =
        Map.of("AWS_ACCESS_KEY_ID", "key", "AWS_SECRET_ACCESS_KEY", "hush");

    // when
    RangeGateway anonymous = gateway(settings, Map.of());
    anonymous.open("s3://bucket/a/B04.tif", anonymous.sceneBudget()).close();
    RangeGateway signing = gateway(settings, environment);
    signing.open("s3://bucket/a/B04.tif", signing.sceneBudget()).close();
    signing.open(server.url("/plain.tif"), signing.sceneBudget()).close();

    // then
    List<AwkwardServer.Asked> asked = server.asked();
    assertThat(asked)
        .extracting(AwkwardServer.Asked::path)
        .containsExactly("/bucket/a/B04.tif", "/bucket/a/B04.tif", "/plain.tif");
    assertThat(asked.get(0).headers()).doesNotContainKeys("authorization", "x-amz-request-payer");
    assertThat(asked.get(1).headers().get("authorization"))
        .startsWith("AWS4-HMAC-SHA256 Credential=key/20260101/eu-central-1/s3/aws4_request")
        .doesNotContain("hush");
    assertThat(asked.get(2).headers())
        .as("not s3: no signature")
        .doesNotContainKey("authorization");
  }

  /** Gotcha 17: who pays for what is read must be said, never assumed. */
  @Test
  void requesterPaysOnlyWhenThatIsAllowed() throws Exception {
    // given
    AwkwardServer server =
        server((asked, out) -> {
          if (asked.headers().containsKey("x-amz-request-payer")) {
            AwkwardServer.part(out, asked, new byte[10]);
          } else {
            AwkwardServer.head(out, "403 Forbidden");
          }
        });
    ObjectStore store = new ObjectStore(server.url(""), "eu-central-1", Map.of(), true);
    RangeGateway paying = gateway(settings(server).withStore(store), Map.of());
    RangeGateway frugal =
        gateway(
            settings(server)
                .withStore(new ObjectStore(server.url(""), "eu-central-1", Map.of(), false)),
            Map.of());

    // when / then
    paying.open("s3://bucket/B04.tif", paying.sceneBudget()).close();
    Failing.with(
        FailureReason.ACCESS_DENIED,
        () -> frugal.open("s3://bucket/B04.tif", frugal.sceneBudget()));
  }

  @Test
  void givenAStoreThatWantsTokens_whenRead_thenOneTokenServesAContainerUntilItExpires()
      throws Exception {
    // given
    AtomicInteger tokens = new AtomicInteger();
    AwkwardServer server =
        server((asked, out) -> {
          if (asked.path().startsWith("/sas/")) {
            AwkwardServer.json(
                out,
                "{\"msft:expiry\":\"%s\",\"token\":\"sv=2020&sig=t%d%%3D\"}"
                    .formatted(now.get().plus(Duration.ofMinutes(45)), tokens.incrementAndGet()));
          } else if (asked.path().endsWith("sig=t" + tokens.get() + "%3D")) {
            AwkwardServer.part(out, asked, new byte[100]);
          } else {
            AwkwardServer.head(out, "403 Forbidden");
          }
        });
    String store = "store1.blob.test:" + server.port();
    RemoteSettings settings =
        RemoteSettings.of(NetworkRules.allowing(List.of("127.0.0.1:" + server.port(), store)))
            .withTokenServices(List.of(new TokenService(server.url("/sas"), "blob.test")));
    RangeGateway gateway = gateway(settings, Map.of());
    String href = "http://" + store + "/container/";

    // when / then: two files, one token
    gateway.open(href + "a.tif", gateway.sceneBudget()).close();
    gateway.open(href + "b.tif", gateway.sceneBudget()).close();
    assertThat(tokens).hasValue(1);
    // a minute before it expires, a new one
    now.set(now.get().plus(Duration.ofMinutes(44)));
    gateway.open(href + "c.tif", gateway.sceneBudget()).close();
    assertThat(tokens).hasValue(2);
    // revoked before its time: asked for once more
    tokens.incrementAndGet();
    gateway.open(href + "d.tif", gateway.sceneBudget()).close();
    assertThat(tokens).hasValue(4);
    assertThat(server.asked().stream().map(AwkwardServer.Asked::path))
        .contains("/sas/store1/container")
        .noneMatch(path -> path.startsWith("/sas/") && path.contains("sig"));
  }

  @Test
  void givenHrefsThatAreRefused_whenOpened_thenNothingIsAsked() throws Exception {
    // given
    AwkwardServer server = server(AwkwardServer.file(random(10)));
    RangeGateway gateway = gateway(settings(server), Map.of());

    // when / then
    for (String href :
        List.of(
            server.url("/a.vrt"),
            server.url("/a.xml?x=.tif"),
            "http://127.0.0.1:1/a.tif",
            "/vsicurl/" + server.url("/a.tif"),
            "https://evil.org/a.tif")) {
      Failing.with(FailureReason.HREF_REFUSED, () -> gateway.open(href, gateway.sceneBudget()));
    }
    assertThat(server.asked()).isEmpty();
  }
}
