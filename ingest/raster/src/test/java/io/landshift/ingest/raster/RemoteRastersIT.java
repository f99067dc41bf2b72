package io.landshift.ingest.raster;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.landshift.ingest.remote.NetworkRules;
import io.landshift.ingest.remote.RangeGateway;
import io.landshift.ingest.remote.RemoteSettings;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Grid;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GDAL reads rasters of a server on loopback, through the gateway. */
@Tag("it")
class RemoteRastersIT {
  @TempDir Path folder;

  private final AtomicInteger requests = new AtomicInteger();
  private volatile long failsFrom = Long.MAX_VALUE;
  private HttpServer server;
  private RangeGateway gateway;
  private RasterRules rules;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext("/", this::serve);
    server.start();
    gateway =
        RangeGateway.open(
            RemoteSettings.of(
                NetworkRules.allowing(List.of("127.0.0.1:" + server.getAddress().getPort()))));
    rules = RasterRules.anywhere().withNetwork(gateway);
  }

  @AfterEach
  void stop() {
    gateway.close();
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1));
      if (!Files.exists(file)) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      byte[] bytes = Files.readAllBytes(file);
      String[] ends =
          exchange.getRequestHeaders().getFirst("Range").replace("bytes=", "").split("-");
      int first = Integer.parseInt(ends[0]);
      int last = Math.min(Integer.parseInt(ends[1]), bytes.length - 1);
      if (last >= failsFrom) {
        exchange.sendResponseHeaders(403, -1);
        return;
      }
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(first, last, bytes.length));
      exchange.sendResponseHeaders(206, last - first + 1);
      exchange.getResponseBody().write(bytes, first, last - first + 1);
    }
  }

  private String url(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
  }

  /** Noise, so that it does not compress: several megabytes, several pages. */
  private Path noise(String name) {
    Grid grid = Made.grid("EPSG:32633", 300000, 5000000, 10, 1500, 1500);
    short[] numbers = new short[1500 * 1500];
    Random random = new Random(7);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (short) (1 + random.nextInt(30_000));
    }
    Path file = folder.resolve(name);
    Made.shorts(file, grid, numbers);
    return file;
  }

  @Test
  void givenACog_whenReadOverTheNetwork_thenItsPixelsInFewRequests() throws Exception {
    // given
    Path file = noise("B04.tif");
    RasterInfo local = Rasters.inspect(file.toString(), rules);
    float[] pixels = Rasters.readAll(file.toString(), 1, rules);

    // when
    RasterInfo info = Rasters.inspect(url("B04.tif"), rules);
    float[] read = Rasters.readAll(url("B04.tif"), 1, rules);

    // then
    assertThat(info).isEqualTo(local);
    assertThat(read).isEqualTo(pixels);
    int pages = (int) (Files.size(file) >> 20) + 1;
    assertThat(pages).isGreaterThan(3);
    assertThat(requests.get()).isLessThanOrEqualTo(pages);
    assertThat(rules.network().budget().spent()).isEqualTo(Files.size(file));
  }

  /** Gotcha 19: JPEG 2000 without TLM is fetched whole, not window by window. */
  @Test
  void jp2OverTheNetworkIsReadRightInFewRequests() throws Exception {
    // given
    Path source =
        Data.of(
            "formats/eodag_real_s2_l1c_safe/S2A_MSIL1C_20180101T105441_N0206_R051_T31TDH_"
                + "20180101T124911/GRANULE/L1C_T31TDH_A013204_20180101T105435/IMG_DATA/"
                + "T31TDH_20180101T105441_B01.jp2");
    Files.copy(source, folder.resolve("B01.jp2"));

    // when
    float[] read = Rasters.readAll(url("B01.jp2"), 1, rules);

    // then
    assertThat(read).isEqualTo(Rasters.readAll(source.toString(), 1, RasterRules.anywhere()));
    assertThat(requests.get()).isLessThanOrEqualTo(1 + (int) (Files.size(source) >> 20));
  }

  @Test
  void givenAStoreThatRefusesInTheMiddle_whenRead_thenItsOwnReason() {
    // given
    noise("B04.tif");
    failsFrom = 3 << 20;

    // when / then
    Failing.with(FailureReason.ACCESS_DENIED, () -> Rasters.readAll(url("B04.tif"), 1, rules));
    Failing.with(FailureReason.ASSET_MISSING, () -> Rasters.inspect(url("B05.tif"), rules));
  }

  @Test
  void givenRulesWithoutNetwork_whenOpened_thenRefusedAndNothingAsked() {
    // given
    noise("B04.tif");

    // when / then
    Failing.with(
        FailureReason.HREF_REFUSED, () -> Rasters.inspect(url("B04.tif"), RasterRules.anywhere()));
    Failing.with(
        FailureReason.HREF_REFUSED, () -> Rasters.inspect("/vsicurl/" + url("B04.tif"), rules));
    Failing.with(
        FailureReason.HREF_REFUSED, () -> Rasters.inspect("https://evil.org/B04.tif", rules));
    assertThat(requests).hasValue(0);
  }

  @Test
  void givenContentOfAnotherKind_whenOpened_thenUnreadable() throws Exception {
    // given: a VRT that names a file of this machine, a picture, and half a raster
    Path secret = noise("secret.tif");
    Files.writeString(
        folder.resolve("vrt.tif"),
        "<VRTDataset rasterXSize=\"10\" rasterYSize=\"10\"><VRTRasterBand dataType=\"UInt16\""
            + " band=\"1\"><SimpleSource><SourceFilename>"
            + secret
            + "</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>",
        StandardCharsets.UTF_8);
    byte[] bytes = Files.readAllBytes(secret);
    Files.write(folder.resolve("half.tif"), Arrays.copyOf(bytes, bytes.length / 2));

    // when / then
    Failing.with(FailureReason.ASSET_UNREADABLE, () -> Rasters.inspect(url("vrt.tif"), rules));
    Failing.with(FailureReason.ASSET_UNREADABLE, () -> Rasters.readAll(url("half.tif"), 1, rules));
  }
}
