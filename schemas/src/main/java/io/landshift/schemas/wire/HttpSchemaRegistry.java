package io.landshift.schemas.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registry that speaks the Confluent-compatible HTTP API (Confluent, Apicurio's ccompat,
 * Karapace, Redpanda).
 *
 * <p>A subject that has no compatibility rule of its own gets {@value #RULE} before its first
 * schema: records of every earlier version stay readable. A rule that somebody has set is left.
 *
 * <p>Thread-safe. Keeps every answer, at most {@value #MAXIMUM_CACHED} of each kind. Follows no
 * redirects and reads at most {@value #MAXIMUM_ANSWER_BYTES} bytes of an answer. Asks once more
 * where no answer comes: a moment's silence restarts no job. Its HTTP client ends with the last
 * reference to it.
 */
public final class HttpSchemaRegistry implements SchemaRegistry {
  static final int MAXIMUM_CACHED = 1_000;
  static final int MAXIMUM_ANSWER_BYTES = 1 << 20;
  static final String RULE = "BACKWARD_TRANSITIVE";
  private static final Logger LOG = LoggerFactory.getLogger(HttpSchemaRegistry.class);
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

  private final URI base;
  private final Duration timeout;
  private final HttpClient client;
  private final ObjectMapper json = new ObjectMapper();
  private final ConcurrentMap<SubjectAndSchema, Integer> ids = new ConcurrentHashMap<>();
  private final ConcurrentMap<Integer, Schema> schemas = new ConcurrentHashMap<>();

  /**
   * @param base the URL that ends before {@code /subjects} and {@code /schemas}
   * @param timeout longest wait for the connection, and for each answer
   * @throws LandshiftException METADATA_INVALID where the URL is not of http or https
   */
  public HttpSchemaRegistry(URI base, Duration timeout) {
    String text = base.toString();
    if (!text.matches("https?://[^/].*") || base.getHost() == null) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "the schema registry's URL must be as http://HOST:PORT/PATH, not " + text);
    }
    this.base = URI.create(text.endsWith("/") ? text : text + "/");
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  @Override
  public int idOf(String subject, Schema schema) {
    SubjectAndSchema key = new SubjectAndSchema(subject, schema);
    Integer known = ids.get(key);
    return known != null ? known : remember(ids, key, register(subject, schema));
  }

  @Override
  public Schema schemaOf(int id) {
    Schema known = schemas.get(id);
    return known != null ? known : remember(schemas, id, fetch(id));
  }

  private int register(String subject, Schema schema) {
    requireRule(subject);
    String path = "subjects/" + URLEncoder.encode(subject, StandardCharsets.UTF_8) + "/versions";
    String body =
        json.createObjectNode()
            .put("schema", schema.toString())
            .put("schemaType", "AVRO")
            .toString();
    Answer answer =
        ask(request(path).header("Content-Type", CONTENT_TYPE).POST(BodyPublishers.ofString(body)));
    if (answer.status() == 409 || answer.status() == 422) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          ("the schema registry at %s refuses today's schema of %s (%s): records of earlier versions"
                  + " could not be read with it; change it compatibly or start with a new registry")
              .formatted(base, subject, answer.body()));
    }
    JsonNode id = answer.read(json, base).path("id");
    if (!id.isInt()) {
      throw unavailable("answers without an id to " + path, null);
    }
    return id.intValue();
  }

  /** Some registries let nobody set rules: what there is must then do. */
  private void requireRule(String subject) {
    String path = "config/" + URLEncoder.encode(subject, StandardCharsets.UTF_8);
    if (ask(request(path).GET()).status() != 404) {
      return;
    }
    String rule = json.createObjectNode().put("compatibility", RULE).toString();
    Answer answer =
        ask(request(path).header("Content-Type", CONTENT_TYPE).PUT(BodyPublishers.ofString(rule)));
    if (answer.status() != 200) {
      LOG.warn(
          "the schema registry at {} does not take the rule {} for {}: {} {}",
          base,
          RULE,
          subject,
          answer.status(),
          answer.body());
    }
  }

  private Schema fetch(int id) {
    Answer answer = ask(request("schemas/ids/" + id).GET());
    if (answer.status() == 404) {
      throw new LandshiftException(
          FailureReason.RECORD_UNREADABLE,
          "the schema registry at %s has no schema %d: the record is not of this registry"
              .formatted(base, id));
    }
    JsonNode node = answer.read(json, base);
    try {
      return new Schema.Parser().parse(node.path("schema").asText());
    } catch (AvroRuntimeException e) {
      throw new LandshiftException(
          FailureReason.RECORD_UNREADABLE,
          "schema %d of the registry at %s is not an Avro schema".formatted(id, base),
          e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(timeout)
        .header("Accept", CONTENT_TYPE + ", application/json");
  }

  /** Every request may be repeated: a schema that is registered again has the id that it has. */
  private Answer ask(HttpRequest.Builder request) {
    try {
      return send(request.build());
    } catch (IOException e) {
      LOG.warn("the schema registry at {} is asked once more: {}", base, e.toString());
      try {
        return send(request.build());
      } catch (IOException again) {
        again.addSuppressed(e);
        throw unavailable("does not answer (" + again + ")", again);
      }
    }
  }

  private Answer send(HttpRequest request) throws IOException {
    try {
      HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(MAXIMUM_ANSWER_BYTES + 1);
        if (bytes.length > MAXIMUM_ANSWER_BYTES) {
          throw unavailable("answers with more than " + MAXIMUM_ANSWER_BYTES + " bytes", null);
        }
        return new Answer(response.statusCode(), new String(bytes, StandardCharsets.UTF_8));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("was not waited for", e);
    }
  }

  private LandshiftException unavailable(String what, @Nullable Throwable cause) {
    return unavailable(base, what, cause);
  }

  private static LandshiftException unavailable(URI base, String what, @Nullable Throwable cause) {
    return new LandshiftException(
        FailureReason.SERVICE_UNAVAILABLE,
        "the schema registry at %s %s: check that it runs and that its URL is right"
            .formatted(base, what),
        cause);
  }

  private static <K, V> V remember(ConcurrentMap<K, V> cache, K key, V value) {
    if (cache.size() < MAXIMUM_CACHED) {
      cache.put(key, value);
    }
    return value;
  }

  private record SubjectAndSchema(String subject, Schema schema) {}

  private record Answer(int status, String body) {
    JsonNode read(ObjectMapper json, URI base) {
      if (status != 200) {
        throw unavailable(base, "answers " + status + " " + body, null);
      }
      try {
        return json.readTree(body);
      } catch (JsonProcessingException e) {
        throw unavailable(base, "answers with what is not JSON", e);
      }
    }
  }
}
