package io.landshift.ops.cli;

import io.landshift.ingest.catalog.PushSource;
import io.landshift.ingest.catalog.ScenePublisher;
import io.landshift.ingest.catalog.SceneSource;
import io.landshift.ingest.catalog.Sources;
import io.landshift.ingest.catalog.StacApiSource;
import io.landshift.ingest.catalog.StacSearch;
import io.landshift.ingest.remote.NetworkRules;
import io.landshift.ingest.remote.RemoteSettings;
import io.landshift.ops.local.Announcer;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Announces scenes. */
@Command(
    name = "ingest",
    description = {
      "Announces the scenes of a source: a STAC collection in a folder or zip, Sentinel-2 SAFE"
          + " products (folders, zips), STAC items beside their rasters, dated rasters with a"
          + " sidecar; a STAC API (--stac); or STAC items that are pushed (--listen).",
      "Announcing the same source again announces only what is new.",
      "Rasters on the network are read by `landshift up --allow-host`."
    })
final class IngestCommand implements Callable<Integer> {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})([smhd])");
  private static final String TOKEN_VARIABLE = "LANDSHIFT_PUSH_TOKEN";

  @Mixin private Broker broker;
  @Mixin private NetworkOptions network;
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "SOURCE", description = "Folder, zip or JSON file.")
  private @Nullable Path path;

  @Option(names = "--watch", description = "Stay, and announce what appears in the folder later.")
  private boolean watch;

  @Option(
      names = "--stac",
      paramLabel = "URL",
      description = "A STAC API: its URL, or earth-search or planetary-computer.")
  private @Nullable String stac;

  @Option(
      names = "--collection",
      paramLabel = "ID",
      defaultValue = "sentinel-2-l2a",
      description = "Collection of the STAC API; may be repeated. Default: ${DEFAULT-VALUE}.")
  private List<String> collections;

  @Option(
      names = "--bbox",
      paramLabel = "W,S,E,N",
      description = "Box to search, degrees. Default: everywhere.")
  private @Nullable String box;

  @Option(
      names = "--datetime",
      paramLabel = "FROM/TO",
      description = "Sensing times to search: 2020-01-01/2020-12-31, or 2020-01-01/..")
  private @Nullable String interval;

  @Option(
      names = "--poll",
      paramLabel = "TIME",
      description = "Stay, and look for what is new this often: 5m, 1h.")
  private @Nullable String poll;

  @Option(
      names = "--overlap",
      paramLabel = "TIME",
      defaultValue = "10d",
      description = "How far back each look reaches for late scenes. Default: ${DEFAULT-VALUE}.")
  private String overlap;

  @Option(
      names = "--cursor",
      paramLabel = "FILE",
      defaultValue = "landshift-data/stac-cursor.json",
      description = "Remembers how far polling has come. Default: ${DEFAULT-VALUE}.")
  private Path cursor;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Take STAC items at POST http://HOST:PORT/scenes.")
  private @Nullable String listen;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = {
        "File with the token that callers must send; required unless HOST is a loopback address.",
        "Or set " + TOKEN_VARIABLE + "."
      })
  private @Nullable Path tokenFile;

  @Override
  public Integer call() {
    try (SceneSource source = source()) {
      ScenePublisher.Counts counts = Announcer.announce(source, broker.bootstrap(), broker.codec());
      spec.commandLine()
          .getOut()
          .printf(
              "%d announced, %d known before, %d not usable (see topic dead-letters)%n",
              counts.announced(), counts.alreadyThere(), counts.failures());
      return counts.failures() > 0 && counts.announced() + counts.alreadyThere() == 0
          ? ExitCode.INPUT
          : ExitCode.OK;
    }
  }

  private SceneSource source() {
    int given = (path == null ? 0 : 1) + (stac == null ? 0 : 1) + (listen == null ? 0 : 1);
    if (given != 1) {
      throw usage("give one of SOURCE, --stac and --listen");
    }
    if (path != null) {
      return watch
          ? Sources.watch(path, List.of(), Sources.INTERVAL, Sources.PATIENCE, Clock.systemUTC())
          : Sources.of(path);
    }
    return stac != null ? api(stac) : push(listen == null ? "" : listen);
  }

  private SceneSource api(String nameOrUrl) {
    if (interval == null) {
      throw usage("--stac needs --datetime FROM/TO");
    }
    String url = RemoteSettings.urlOfApi(nameOrUrl);
    StacSearch search = StacSearch.of(url, collections, box, interval);
    StacApiSource.Polling polling =
        poll == null ? null : new StacApiSource.Polling(duration(poll), duration(overlap), cursor);
    return new StacApiSource(search, network.settings(nameOrUrl), polling, Clock.systemUTC());
  }

  private SceneSource push(String address) {
    int colon = address.lastIndexOf(':');
    if (colon < 1 || !address.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw usage("--listen wants HOST:PORT");
    }
    String host = address.substring(0, colon).replaceAll("^\\[|]$", "");
    int port = Math.min(65535, Integer.parseInt(address.substring(colon + 1)));
    RemoteSettings settings = network.settings();
    PushSource source =
        PushSource.open(
            new InetSocketAddress(host, port),
            token(),
            settings == null ? RemoteSettings.of(NetworkRules.allowing(List.of())) : settings);
    spec.commandLine()
        .getOut()
        .println(
            "listening: POST http://" + host + ":" + source.port() + "/scenes, Ctrl-C ends it");
    spec.commandLine().getOut().flush();
    return source;
  }

  private @Nullable String token() {
    if (tokenFile == null) {
      return System.getenv(TOKEN_VARIABLE);
    }
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.ASSET_MISSING, "The token file " + tokenFile + " cannot be read.", e);
    }
  }

  private Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches() || matcher.group(1).matches("0+")) {
      throw usage("\"" + text + "\" is no time such as 30s, 5m, 1h or 10d");
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private CommandLine.ParameterException usage(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
