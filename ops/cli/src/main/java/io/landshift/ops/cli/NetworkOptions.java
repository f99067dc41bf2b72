package io.landshift.ops.cli;

import io.landshift.ingest.remote.RemoteSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where connections may lead. */
final class NetworkOptions {
  @Option(
      names = "--allow-host",
      paramLabel = "HOST",
      description = {
        "Rasters may be read from this host over https: a name, *.domain.org, or HOST:PORT, which"
            + " also allows http and private addresses.",
        "earth-search and planetary-computer stand for the hosts of these catalogues."
      })
  private List<String> hosts = new ArrayList<>();

  /** The hosts that were given; null where none was. */
  @Nullable RemoteSettings settings() {
    return hosts.isEmpty() ? null : RemoteSettings.allowing(hosts);
  }

  /** The hosts that were given, and those of an API that the user named. */
  RemoteSettings settings(String api) {
    return RemoteSettings.ofApi(api, hosts);
  }
}
