package io.landshift.ingest.remote;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * A public catalogue whose asset stores are known, so that a user need not list their hosts.
 * Immutable.
 *
 * @param title {@code earth-search}, {@code planetary-computer}
 * @param api the root of its STAC API
 * @param hosts of the API and of its assets
 * @param tokenServices who signs for its assets
 */
public record KnownCatalogue(
    String title, String api, List<String> hosts, List<TokenService> tokenServices) {
  /** Earth Search of Element 84: COGs of Sentinel-2 on Amazon. */
  public static final KnownCatalogue EARTH_SEARCH =
      new KnownCatalogue(
          "earth-search",
          "https://earth-search.aws.element84.com/v1",
          List.of(
              "earth-search.aws.element84.com",
              "sentinel-cogs.s3.us-west-2.amazonaws.com",
              "e84-earth-search-sentinel-data.s3.us-west-2.amazonaws.com"),
          List.of());

  /** Planetary Computer of Microsoft: COGs on Azure, read with tokens. */
  public static final KnownCatalogue PLANETARY_COMPUTER =
      new KnownCatalogue(
          "planetary-computer",
          "https://planetarycomputer.microsoft.com/api/stac/v1",
          List.of(
              "planetarycomputer.microsoft.com",
              "sentinel2l2a01.blob.core.windows.net",
              "landsateuwest.blob.core.windows.net",
              "sentinel1euwestrtc.blob.core.windows.net"),
          List.of(
              new TokenService(
                  "https://planetarycomputer.microsoft.com/api/sas/v1/token",
                  "blob.core.windows.net")));

  private static final List<KnownCatalogue> ALL = List.of(EARTH_SEARCH, PLANETARY_COMPUTER);

  public KnownCatalogue {
    hosts = List.copyOf(hosts);
    tokenServices = List.copyOf(tokenServices);
  }

  /** The catalogue that a title or the URL of an API stands for. */
  public static Optional<KnownCatalogue> of(String titleOrUrl) {
    return ALL.stream()
        .filter(each ->
            each.title.equals(titleOrUrl) || isAt(titleOrUrl, URI.create(each.api).getHost()))
        .findFirst();
  }

  private static boolean isAt(String url, String host) {
    try {
      return host.equalsIgnoreCase(URI.create(url).getHost());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
