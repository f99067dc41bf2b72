package io.landshift.ingest.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.landshift.ingest.scenes.Json;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * How far a polled search has come, kept in a small file that is replaced as a whole and synced, so
 * a crash leaves the old or the new one. Not thread-safe.
 *
 * <p>A file and not a topic: it belongs to the one process that polls, losing it costs a second
 * look and no second announcement, and it needs no broker to be read by a person.
 */
final class SearchCursor {
  private static final int MAXIMUM_BYTES = 1 << 16;

  private final Path file;
  private final String source;

  /**
   * @param live everything up to here was looked for, and what is late is looked for again
   * @param backfilled everything of the past interval up to here was looked for
   * @param backfillEnd end of the past interval
   */
  record State(Instant live, Instant backfilled, Instant backfillEnd) {}

  /**
   * @param source what is searched: a file of another search is not used
   */
  SearchCursor(Path file, String source) {
    this.file = file;
    this.source = source;
  }

  /**
   * The state that was saved, or the first one where there is none of this search.
   *
   * @throws LandshiftException STORAGE_UNAVAILABLE, STORAGE_CORRUPT
   */
  State load(State first) {
    if (!Files.exists(file)) {
      return first;
    }
    try {
      JsonNode saved = Json.object(Files.readAllBytes(file), file.toString());
      if (!saved.path("source").asText().equals(source)) {
        throw new LandshiftException(
            FailureReason.STORAGE_CORRUPT,
            file + " is the cursor of another search. Delete it, or give --cursor another file.");
      }
      return new State(
          Instant.parse(saved.path("live").asText()),
          Instant.parse(saved.path("backfilled").asText()),
          Instant.parse(saved.path("backfillEnd").asText()));
    } catch (IOException e) {
      throw unavailable(e);
    } catch (DateTimeException e) {
      throw new LandshiftException(
          FailureReason.STORAGE_CORRUPT, file + " holds no cursor. Delete it.", e);
    }
  }

  /**
   * @throws LandshiftException STORAGE_UNAVAILABLE
   */
  void save(State state) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("source", source);
    node.put("live", state.live().toString());
    node.put("backfilled", state.backfilled().toString());
    node.put("backfillEnd", state.backfillEnd().toString());
    byte[] bytes = node.toPrettyString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAXIMUM_BYTES) {
      throw new IllegalArgumentException("the cursor's source is too long");
    }
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder == null) {
        throw new IOException("no folder");
      }
      Files.createDirectories(folder);
      Path fresh = folder.resolve(file.getFileName() + ".new");
      try (FileChannel channel =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
        entry.force(true);
      }
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private LandshiftException unavailable(IOException e) {
    return new LandshiftException(
        FailureReason.STORAGE_UNAVAILABLE, "The cursor " + file + " cannot be used: " + e, e);
  }
}
