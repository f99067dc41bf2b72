package io.landshift.ingest.remote;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Where connections may lead, and how much may come back. Immutable; thread-safe.
 *
 * <p>An href is written by a stranger. It may name only https, only hosts of the list, only the
 * standard port, and only what resolves to an address of the public internet. A {@code host:port}
 * of the list is the operator's own word: there http, that port and private addresses are allowed,
 * too.
 *
 * @param hosts exact names, or {@code *.suffix} for all names below one; lower case
 * @param endpoints {@code host:port}, lower case; IPv6 literals in brackets
 * @param connectTimeout until a connection stands
 * @param readTimeout between two bytes
 * @param deadline for one request and its whole answer
 * @param responseBytes most bytes of one answer
 * @param fileBytes most bytes of one remote file
 * @param sceneBytes most bytes that are fetched for one scene
 */
public record NetworkRules(
    Set<String> hosts,
    Set<String> endpoints,
    Duration connectTimeout,
    Duration readTimeout,
    Duration deadline,
    long responseBytes,
    long fileBytes,
    long sceneBytes)
    implements Serializable {
  /** Hops that are followed. */
  static final int REDIRECTS = 5;

  private static final long MEBIBYTE = 1L << 20;
  private static final int MAXIMUM_LENGTH = 4096;
  private static final int HTTPS_PORT = 443;
  private static final Pattern NAME =
      Pattern.compile("(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?");
  private static final Pattern ENDPOINT = Pattern.compile("(\\[[0-9a-f:.]+]|[^:]+):([0-9]{1,5})");

  public NetworkRules {
    hosts = Set.copyOf(hosts);
    endpoints = Set.copyOf(endpoints);
    if (responseBytes < 1 || fileBytes < 1 || sceneBytes < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  /**
   * Rules that allow these hosts: 10 s to connect, 30 s between two bytes, 120 s for an answer of
   * at most 16 MiB, files of at most 2 GiB and scenes of at most 8 GiB.
   *
   * @param allowed {@code host}, {@code *.suffix} or {@code host:port}
   * @throws LandshiftException METADATA_INVALID where one is of no such form
   */
  public static NetworkRules allowing(Iterable<String> allowed) {
    Set<String> hosts = new TreeSet<>();
    Set<String> endpoints = new TreeSet<>();
    for (String each : allowed) {
      String lower = each.strip().toLowerCase(Locale.ROOT);
      String name = lower.startsWith("*.") ? lower.substring(2) : lower;
      if (NAME.matcher(name).matches() && (name.equals(lower) || name.indexOf('.') > 0)) {
        hosts.add(lower);
      } else if (isEndpoint(lower)) {
        endpoints.add(lower);
      } else {
        throw new LandshiftException(
            FailureReason.METADATA_INVALID,
            "\"" + each + "\" is not a host: write host, *.domain.org or host:port.");
      }
    }
    return new NetworkRules(
        hosts,
        endpoints,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        16 * MEBIBYTE,
        2048 * MEBIBYTE,
        8192 * MEBIBYTE);
  }

  /** These rules with other times. */
  public NetworkRules withTimes(Duration connect, Duration read, Duration whole) {
    return new NetworkRules(
        hosts, endpoints, connect, read, whole, responseBytes, fileBytes, sceneBytes);
  }

  /** These rules with other sizes, in bytes. */
  public NetworkRules withBytes(long response, long file, long scene) {
    return new NetworkRules(
        hosts, endpoints, connectTimeout, readTimeout, deadline, response, file, scene);
  }

  /**
   * The href as a URI that may be asked for, its host in lower case.
   *
   * @param href an absolute http or https URL
   * @throws LandshiftException HREF_REFUSED
   */
  public URI check(String href) {
    if (href.isBlank() || href.length() > MAXIMUM_LENGTH) {
      throw refused(href, "it is empty or longer than " + MAXIMUM_LENGTH + " characters");
    }
    URI uri;
    try {
      uri = new URI(href).parseServerAuthority();
    } catch (URISyntaxException e) {
      throw refused(href, "it is not a valid URL");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw refused(href, "its scheme is not https");
    }
    if (uri.getHost() == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw refused(href, "it names no host, or a user, or a part of a document");
    }
    String host = plain(uri.getHost());
    boolean explicit = isExplicit(host, port(scheme, uri.getPort()));
    if (!explicit && !isNamed(host)) {
      throw refused(
          href, "its host is not among those that are allowed: allow it with --allow-host " + host);
    }
    if (!explicit && !(scheme.equals("https") && port(scheme, uri.getPort()) == HTTPS_PORT)) {
      throw refused(
          href,
          "only https on its own port is allowed for this host: allow it with --allow-host "
              + host
              + ":"
              + port(scheme, uri.getPort()));
    }
    return rebuilt(href, scheme, host, uri);
  }

  /**
   * Those addresses of a host that may be connected to.
   *
   * @throws LandshiftException HREF_REFUSED where one of them is not public and the endpoint is not
   *     explicitly allowed: a name that resolves to both is an attempt, not a mistake
   */
  List<InetAddress> permitted(String host, int port, InetAddress... addresses) {
    if (!isExplicit(plain(host), port)) {
      for (InetAddress address : addresses) {
        if (!Addresses.isPublic(address)) {
          throw new LandshiftException(
              FailureReason.HREF_REFUSED,
              "The host "
                  + host
                  + " resolves to "
                  + address.getHostAddress()
                  + ", which is not on the public internet. If it is yours, allow it with"
                  + " --allow-host "
                  + host
                  + ":"
                  + port
                  + ".");
        }
      }
    }
    return Arrays.asList(addresses);
  }

  private boolean isExplicit(String host, int port) {
    return endpoints.contains(host + ":" + port);
  }

  private boolean isNamed(String host) {
    for (String pattern : hosts) {
      boolean matches =
          pattern.startsWith("*.")
              ? host.endsWith(pattern.substring(1)) && host.length() > pattern.length() - 1
              : host.equals(pattern);
      if (matches) {
        return true;
      }
    }
    return false;
  }

  private static URI rebuilt(String href, String scheme, String host, URI uri) {
    StringBuilder text = new StringBuilder(scheme).append("://").append(host);
    if (uri.getPort() >= 0) {
      text.append(':').append(uri.getPort());
    }
    String path = uri.getRawPath();
    text.append(path == null || path.isEmpty() ? "/" : path);
    if (uri.getRawQuery() != null) {
      text.append('?').append(uri.getRawQuery());
    }
    try {
      return new URI(text.toString());
    } catch (URISyntaxException e) {
      throw refused(href, "it is not a valid URL");
    }
  }

  private static boolean isEndpoint(String text) {
    var matcher = ENDPOINT.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65535) {
      return false;
    }
    return matcher.group(1).startsWith("[") || NAME.matcher(matcher.group(1)).matches();
  }

  static int port(String scheme, int stated) {
    if (stated >= 0) {
      return stated;
    }
    return scheme.equals("http") ? 80 : HTTPS_PORT;
  }

  private static String plain(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static LandshiftException refused(String href, String why) {
    return new LandshiftException(
        FailureReason.HREF_REFUSED, "The href " + Shown.href(href) + " is refused: " + why + ".");
  }
}
