package io.landshift.ingest.remote;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs GET requests without a body by AWS Signature Version 4 (Amazon S3 API reference, "Signature
 * Calculations for the Authorization Header"). Immutable; thread-safe.
 *
 * <p>Written here because the SDK's own signer brings ten jars for these few lines; checked with
 * the examples that AWS publishes.
 */
final class AwsSignature {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /**
   * Who signs. Its text shows no secret.
   *
   * @param session of temporary credentials, or null
   */
  record Credentials(String key, String secret, @Nullable String session) {
    /** Those of the environment's variables; null where there are none. */
    static @Nullable Credentials of(Map<String, String> environment) {
      String key = environment.get("AWS_ACCESS_KEY_ID");
      String secret = environment.get("AWS_SECRET_ACCESS_KEY");
      return key == null || secret == null
          ? null
          : new Credentials(key, secret, environment.get("AWS_SESSION_TOKEN"));
    }

    @Override
    public String toString() {
      return "Credentials";
    }
  }

  private final Credentials credentials;
  private final String region;
  private final String service;

  AwsSignature(Credentials credentials, String region, String service) {
    this.credentials = credentials;
    this.region = region;
    this.service = service;
  }

  /**
   * The headers to send: those given, and the ones that sign them.
   *
   * @param uri its path encoded as it is sent; without a query
   * @param headers to be signed, by lower-case name, without {@code host}
   */
  Map<String, String> sign(URI uri, Map<String, String> headers, Instant now) {
    String time = TIME.format(now);
    SortedMap<String, String> signed = new TreeMap<>(headers);
    signed.put("x-amz-date", time);
    if (service.equals("s3")) {
      signed.put("x-amz-content-sha256", hash(""));
    }
    if (credentials.session() != null) {
      signed.put("x-amz-security-token", credentials.session());
    }
    Map<String, String> sent = new TreeMap<>(signed);
    signed.put("host", uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort());
    StringBuilder lines = new StringBuilder();
    signed.forEach(
        (name, value) -> lines.append(name).append(':').append(value.strip()).append('\n'));
    String names = String.join(";", signed.keySet());
    String request =
        String.join("\n", "GET", uri.getRawPath(), "", lines.toString(), names, hash(""));
    String scope = time.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
    String text = String.join("\n", ALGORITHM, time, scope, hash(request));
    String signature = HexFormat.of().formatHex(mac(key(time.substring(0, 8)), text));
    sent.put(
        "authorization",
        "%s Credential=%s/%s,SignedHeaders=%s,Signature=%s"
            .formatted(ALGORITHM, credentials.key(), scope, names, signature));
    return sent;
  }

  private byte[] key(String day) {
    byte[] key = ("AWS4" + credentials.secret()).getBytes(StandardCharsets.UTF_8);
    for (String part : Arrays.asList(day, region, service, "aws4_request")) {
      key = mac(key, part);
    }
    return key;
  }

  private static byte[] mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new LandshiftException(FailureReason.INTERNAL, "This Java has no HmacSHA256.", e);
    }
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new LandshiftException(FailureReason.INTERNAL, "This Java has no SHA-256.", e);
    }
  }
}
