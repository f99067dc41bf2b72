package io.landshift.ingest.scenes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;

/**
 * Reading of JSON that others wrote: limited in size, depth and length of its parts; thread-safe.
 */
public final class Json {
  /** Bytes of a catalogue document or sidecar. Real items have 5 to 60 kB, collections a few MB. */
  public static final int MAXIMUM_BYTES = 16 << 20;

  private static final int MAXIMUM_DEPTH = 64;
  private static final int MAXIMUM_STRING = 1 << 20;
  private static final int MAXIMUM_NAME = 1024;
  private static final int MAXIMUM_DIGITS = 64;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MAXIMUM_BYTES)
                          .maxNestingDepth(MAXIMUM_DEPTH)
                          .maxStringLength(MAXIMUM_STRING)
                          .maxNameLength(MAXIMUM_NAME)
                          .maxNumberLength(MAXIMUM_DIGITS)
                          .build())
                  .build())
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  /**
   * A JSON object.
   *
   * @param bytes UTF-8
   * @param what what is read, for the message
   * @throws LandshiftException METADATA_INVALID where it is not one JSON object, LIMIT_EXCEEDED
   *     where it is too large or too deep
   */
  public static JsonNode object(byte[] bytes, String what) {
    if (bytes.length > MAXIMUM_BYTES) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED,
          what + " has " + bytes.length + " bytes; at most " + MAXIMUM_BYTES + " are read.");
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(bytes);
    } catch (StreamConstraintsException e) {
      throw new LandshiftException(
          FailureReason.LIMIT_EXCEEDED, what + " exceeds a limit: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID, what + " is not JSON: " + e.getMessage(), e);
    }
    if (node == null || !node.isObject()) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID, what + " is not a JSON object. Is it the right file?");
    }
    return node;
  }
}
