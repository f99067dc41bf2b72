package io.landshift.ops.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.ops.local.StoredLetter;
import io.landshift.schemas.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Dead letters as text for people and as JSON. */
final class LetterText {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN_BYTES = 2_000;

  private LetterText() {}

  /** One line, and below it what happened and what was measured. */
  static String lines(StoredLetter stored) {
    DeadLetter letter = stored.letter();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%5d  %.19sZ  %-10s  %-23s  %-8s  %s  %s",
            stored.number(),
            letter.getFailedAt(),
            stored.state().name().toLowerCase(Locale.ROOT),
            letter.getReason(),
            letter.getStage(),
            orDash(letter.getGridCode()),
            letter.getProductId() == null
                ? orDash(letter.getSourceTopic())
                : letter.getProductId()));
    line(text, letter.getMessage());
    evidence(letter).forEach((name, value) -> line(text, name + ": " + value));
    if (!stored.note().isEmpty()) {
      line(text, "(" + stored.note() + ")");
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String content) {
    text.append(System.lineSeparator()).append("       ").append(content);
  }

  private static Map<String, String> evidence(DeadLetter letter) {
    return new TreeMap<>(letter.getEvidence());
  }

  private static String orDash(@Nullable String text) {
    return text == null ? "-" : text;
  }

  /** Everything. */
  static String full(StoredLetter stored) {
    DeadLetter letter = stored.letter();
    StringBuilder text = new StringBuilder(lines(stored));
    if (letter.getSourceOffset() != null) {
      line(
          text,
          "from "
              + letter.getSourceTopic()
              + "-"
              + letter.getSourcePartition()
              + " at "
              + letter.getSourceOffset());
    }
    if (!letter.getModelDigest().isEmpty()) {
      line(text, "model " + letter.getModelDigest());
    }
    line(text, stored.scene() == null ? printable(letter) : stored.scene().toString());
    return text.toString();
  }

  /** The record's bytes as text, as far as they are; control characters are shown as dots. */
  private static String printable(DeadLetter letter) {
    byte[] bytes = bytes(letter);
    int shown = Math.min(bytes.length, SHOWN_BYTES);
    String text =
        new String(bytes, 0, shown, StandardCharsets.UTF_8)
            .replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", ".");
    return bytes.length + " bytes: " + text + (shown < bytes.length ? " ..." : "");
  }

  private static byte[] bytes(DeadLetter letter) {
    ByteBuffer payload = letter.getPayload().duplicate();
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return bytes;
  }

  /** Everything; the payload in Base64. */
  static String json(StoredLetter stored) {
    DeadLetter letter = stored.letter();
    ObjectNode node = JSON.createObjectNode();
    node.put("number", stored.number());
    node.put("state", stored.state().name().toLowerCase(Locale.ROOT));
    node.put("note", stored.note());
    node.put("reason", letter.getReason().name());
    node.put("stage", letter.getStage());
    node.put("message", letter.getMessage());
    evidence(letter).forEach(node.putObject("evidence")::put);
    node.put("gridCode", letter.getGridCode());
    node.put("productId", letter.getProductId());
    node.put("generation", letter.getGeneration());
    node.put("attempt", stored.scene() == null ? null : (Integer) stored.scene().getAttempt());
    node.put("sourceTopic", letter.getSourceTopic());
    node.put("sourcePartition", letter.getSourcePartition());
    node.put("sourceOffset", letter.getSourceOffset());
    node.put("modelDigest", letter.getModelDigest());
    node.put("codeVersion", letter.getCodeVersion());
    node.put("failedAt", letter.getFailedAt().toString());
    node.put("payload", Base64.getEncoder().encodeToString(bytes(letter)));
    return node.toString();
  }
}
