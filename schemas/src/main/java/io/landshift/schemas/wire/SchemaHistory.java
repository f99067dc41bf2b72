package io.landshift.schemas.wire;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.Landshift;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Protocol;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * The schemas of the events that were ever frozen: resources {@code history/v1.avpr}, {@code
 * v2.avpr}, and so on without a gap. A record written by any of them stays readable.
 */
final class SchemaHistory {
  private SchemaHistory() {}

  /** The frozen versions, oldest first. */
  static List<Protocol> versions() {
    List<Protocol> versions = new ArrayList<>();
    while (true) {
      String name = "/io/landshift/schemas/history/v%d.avpr".formatted(versions.size() + 1);
      try (InputStream in = SchemaHistory.class.getResourceAsStream(name)) {
        if (in == null) {
          return List.copyOf(versions);
        }
        versions.add(Protocol.parse(in));
      } catch (IOException e) {
        throw new LandshiftException(
            FailureReason.INTERNAL, "the resource " + name + " of our own jar is damaged", e);
      }
    }
  }

  /** Every record schema of today and of history, by its CRC-64-AVRO fingerprint. */
  static Map<Long, Schema> recordsByFingerprint() {
    Map<Long, Schema> records = new HashMap<>();
    for (Protocol version : versions()) {
      addRecords(version, records);
    }
    addRecords(Landshift.PROTOCOL, records);
    return Map.copyOf(records);
  }

  private static void addRecords(Protocol version, Map<Long, Schema> records) {
    for (Schema schema : version.getTypes()) {
      if (schema.getType() == Schema.Type.RECORD) {
        records.put(SchemaNormalization.parsingFingerprint64(schema), schema);
      }
    }
  }
}
