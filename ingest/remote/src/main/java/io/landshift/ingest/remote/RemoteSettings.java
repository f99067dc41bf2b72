package io.landshift.ingest.remote;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a process must know to read rasters on the network. Immutable; travels to the workers, and
 * holds no secret: credentials are those of each worker's own environment.
 *
 * @param rules where connections may lead
 * @param store where {@code s3:} hrefs are asked for
 * @param tokenServices who signs for which stores
 * @param cacheBytes most bytes of remote files that are kept on disk at a time
 */
public record RemoteSettings(
    NetworkRules rules, ObjectStore store, List<TokenService> tokenServices, long cacheBytes)
    implements Serializable {
  private static final long GIBIBYTE = 1L << 30;

  public RemoteSettings {
    tokenServices = List.copyOf(tokenServices);
  }

  /** Rules with Amazon's store, no tokens and a cache of 4 GiB. */
  public static RemoteSettings of(NetworkRules rules) {
    return new RemoteSettings(rules, ObjectStore.amazon(), List.of(), 4 * GIBIBYTE);
  }

  /**
   * Settings that allow these hosts.
   *
   * @param allowed as {@link NetworkRules#allowing} takes them, or titles of {@link
   *     KnownCatalogue}s
   */
  public static RemoteSettings allowing(List<String> allowed) {
    List<String> hosts = new ArrayList<>();
    List<TokenService> services = new ArrayList<>();
    for (String each : allowed) {
      Optional<KnownCatalogue> known = KnownCatalogue.of(each);
      if (known.isPresent()) {
        hosts.addAll(known.get().hosts());
        services.addAll(known.get().tokenServices());
      } else {
        hosts.add(each);
      }
    }
    return of(NetworkRules.allowing(hosts)).withTokenServices(services);
  }

  /**
   * Settings for an API that the operator named, and hosts beside it.
   *
   * @param api its URL, or the title of a {@link KnownCatalogue}
   * @throws LandshiftException METADATA_INVALID where it is no URL
   */
  public static RemoteSettings ofApi(String api, List<String> allowed) {
    List<String> all = new ArrayList<>(allowed);
    all.add(KnownCatalogue.of(api).map(KnownCatalogue::title).orElseGet(() -> endpoint(api)));
    return allowing(all);
  }

  /** The URL of an API that is named by its title or URL. */
  public static String urlOfApi(String api) {
    boolean isTitle = api.indexOf(':') < 0;
    return isTitle ? KnownCatalogue.of(api).map(KnownCatalogue::api).orElse(api) : api;
  }

  /** What an operator names is allowed as it is: http and private addresses, too. */
  private static String endpoint(String api) {
    try {
      URI uri = URI.create(api);
      if (uri.getHost() != null && uri.getScheme() != null) {
        boolean plain = uri.getPort() < 0 && uri.getScheme().equalsIgnoreCase("https");
        return plain
            ? uri.getHost()
            : uri.getHost()
                + ":"
                + NetworkRules.port(uri.getScheme().toLowerCase(Locale.ROOT), uri.getPort());
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new LandshiftException(
        FailureReason.METADATA_INVALID,
        "\"" + Shown.href(api) + "\" is no URL of a STAC API, and no catalogue that is known.");
  }

  /** These settings with another store. */
  public RemoteSettings withStore(ObjectStore other) {
    return new RemoteSettings(rules, other, tokenServices, cacheBytes);
  }

  /** These settings with services that sign. */
  public RemoteSettings withTokenServices(List<TokenService> services) {
    return new RemoteSettings(rules, store, services, cacheBytes);
  }

  /** These settings with another size of the cache. */
  public RemoteSettings withCacheBytes(long bytes) {
    return new RemoteSettings(rules, store, tokenServices, bytes);
  }

  /** Whether an href is one for the network at all. */
  public static boolean isRemote(String href) {
    String lower = href.toLowerCase(Locale.ROOT);
    return lower.startsWith("https:") || lower.startsWith("http:") || lower.startsWith("s3:");
  }

  /**
   * The URL that an href of a raster stands for; nothing is asked yet.
   *
   * @param href http, https or s3
   * @throws LandshiftException HREF_REFUSED where the rules do not allow it, or it names no {@code
   *     .tif}, {@code .tiff} or {@code .jp2}
   */
  public URI locate(String href) {
    URI uri = rules.check(ObjectStore.isHref(href) ? store.url(href) : href);
    if (extension(uri).isEmpty()) {
      throw new LandshiftException(
          FailureReason.HREF_REFUSED,
          Shown.href(href) + " is refused: only .tif, .tiff and .jp2 are read from the network.");
    }
    return uri;
  }

  /**
   * An href without the signature that somebody added, where our own token services sign: theirs
   * expires, and would be kept in the topics.
   */
  public String unsigned(String href) {
    int query = href.indexOf('?');
    if (query < 0 || ObjectStore.isHref(href)) {
      return href;
    }
    String host = rules.check(href).getHost();
    boolean ours =
        tokenServices.stream().anyMatch(service -> host.endsWith("." + service.storage()));
    return ours ? href.substring(0, query) : href;
  }

  /** {@code .tif} or {@code .jp2}; empty for anything else. */
  static String extension(URI uri) {
    String path = uri.getPath().toLowerCase(Locale.ROOT);
    if (path.endsWith(".jp2")) {
      return ".jp2";
    }
    return path.endsWith(".tif") || path.endsWith(".tiff") ? ".tif" : "";
  }
}
