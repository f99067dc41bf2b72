package io.landshift.ingest.remote;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where {@code s3://bucket/key} is asked for. Immutable.
 *
 * @param endpoint {@code https://host[:port]} of a store that speaks S3, by paths; null = Amazon's
 * @param region of buckets that are not listed
 * @param regions of buckets, by name
 * @param requesterPays whether we pay for what we read, in buckets that want that
 */
public record ObjectStore(
    @Nullable String endpoint, String region, Map<String, String> regions, boolean requesterPays)
    implements Serializable {
  private static final Pattern HREF =
      Pattern.compile("(?i:s3)://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/([^?#]+)");

  public ObjectStore {
    regions = Map.copyOf(regions);
  }

  /** Amazon's, read anonymously or with the environment's credentials; nothing is paid for. */
  public static ObjectStore amazon() {
    return new ObjectStore(null, "us-west-2", Map.of("sentinel-s2-l2a", "eu-central-1"), false);
  }

  static boolean isHref(String href) {
    return href.regionMatches(true, 0, "s3:", 0, 3);
  }

  String regionOf(String href) {
    return regions.getOrDefault(parsed(href).group(1), region);
  }

  /**
   * The URL of an object.
   *
   * @throws LandshiftException HREF_REFUSED
   */
  String url(String href) {
    Matcher matcher = parsed(href);
    String bucket = matcher.group(1);
    String path = "/" + encoded(matcher.group(2));
    if (endpoint != null) {
      return endpoint.replaceAll("/+$", "") + "/" + bucket + path;
    }
    String store = "s3." + regionOf(href) + ".amazonaws.com";
    // A name with dots is not covered by the store's certificate.
    return bucket.indexOf('.') >= 0
        ? "https://" + store + "/" + bucket + path
        : "https://" + bucket + "." + store + path;
  }

  private static Matcher parsed(String href) {
    Matcher matcher = HREF.matcher(href);
    boolean plain = matcher.matches() && !("/" + matcher.group(2) + "/").contains("/../");
    if (!plain) {
      throw new LandshiftException(
          FailureReason.HREF_REFUSED, Shown.href(href) + " is not of the form s3://bucket/key.");
    }
    return matcher;
  }

  private static String encoded(String key) {
    StringBuilder text = new StringBuilder();
    for (byte each : key.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~/".indexOf(c) >= 0;
      text.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return text.toString();
  }
}
