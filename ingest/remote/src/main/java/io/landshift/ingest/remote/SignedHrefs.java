package io.landshift.ingest.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * Adds a token to the URLs of stores that want one. Tokens are kept until a minute before they
 * expire, so one serves all files of a container. Thread-safe.
 */
final class SignedHrefs {
  private static final Duration MARGIN = Duration.ofMinutes(1);
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{1,62}");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9=&%._~:+/-]{1,4096}");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final GuardedHttp http;
  private final List<TokenService> services;
  private final Clock clock;
  private final Map<String, Token> tokens = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();

  private record Token(String text, Instant expiry) {
    @Override
    public String toString() {
      return "Token";
    }
  }

  SignedHrefs(GuardedHttp http, List<TokenService> services, Clock clock) {
    this.http = http;
    this.services = List.copyOf(services);
    this.clock = clock;
  }

  /** Whether files of this URL are read with a token of ours. */
  boolean concerns(URI uri) {
    return services.stream().anyMatch(service -> account(uri, service) != null);
  }

  /**
   * The URL with its token; the URL itself where it needs none.
   *
   * @throws LandshiftException what asking for a token throws, METADATA_INVALID where the answer is
   *     no token
   */
  URI signed(URI uri) {
    for (TokenService service : services) {
      String account = account(uri, service);
      if (account != null) {
        String key = service.url() + "/" + account + "/" + container(uri);
        String text = uri.toString().replaceAll("\\?.*$", "");
        return http.rules().check(text + "?" + token(key));
      }
    }
    return uri;
  }

  /** Forgets the token of this URL: the store does not accept it. */
  void forget(URI uri) {
    lock.lock();
    try {
      for (TokenService service : services) {
        String account = account(uri, service);
        if (account != null) {
          tokens.remove(service.url() + "/" + account + "/" + container(uri));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private String token(String key) {
    lock.lock();
    try {
      Token token = tokens.get(key);
      if (token == null || !clock.instant().isBefore(token.expiry().minus(MARGIN))) {
        token = parse(key, http.getJson(key));
        tokens.put(key, token);
      }
      return token.text();
    } finally {
      lock.unlock();
    }
  }

  private static Token parse(String url, byte[] answer) {
    try {
      JsonNode node = JSON.readTree(answer);
      String text = node.path("token").asText();
      if (TOKEN.matcher(text).matches()) {
        return new Token(text, OffsetDateTime.parse(node.path("msft:expiry").asText()).toInstant());
      }
    } catch (IOException | DateTimeException e) {
      // Its message would show the answer, which may be a token.
    }
    throw new LandshiftException(
        FailureReason.METADATA_INVALID, Shown.href(url) + " does not answer a token with expiry.");
  }

  private static @org.jspecify.annotations.Nullable String account(URI uri, TokenService service) {
    String host = uri.getHost();
    String suffix = "." + service.storage();
    if (host == null || !host.endsWith(suffix)) {
      return null;
    }
    String account = host.substring(0, host.length() - suffix.length());
    return NAME.matcher(account).matches() ? account : null;
  }

  private static String container(URI uri) {
    String[] parts = uri.getRawPath().split("/", 3);
    String container = parts.length > 1 ? parts[1] : "";
    if (!NAME.matcher(container).matches()) {
      throw new LandshiftException(
          FailureReason.HREF_REFUSED, Shown.href(uri) + " names no container of its store.");
    }
    return container;
  }
}
