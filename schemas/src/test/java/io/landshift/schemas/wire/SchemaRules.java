package io.landshift.schemas.wire;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;

/** The rules by which a change of an event's schema is let in. Pure. */
final class SchemaRules {
  private SchemaRules() {}

  /**
   * Why old readers or new readers could not go on; empty where the change is fine. Both directions
   * are checked (new code reads old records, old code reads new ones), with the kind of time or
   * date, which Avro's own check and fingerprint leave out.
   */
  static Set<String> breaches(Schema today, Schema frozen) {
    Set<String> breaches = new LinkedHashSet<>();
    breaches.addAll(unreadable("today's code cannot read old records", today, frozen));
    breaches.addAll(unreadable("old code cannot read today's records", frozen, today));
    breaches.addAll(logicalTypes(today.getFullName(), today, frozen, new LinkedHashSet<>()));
    return breaches;
  }

  private static List<String> unreadable(String what, Schema reader, Schema writer) {
    SchemaPairCompatibility pair =
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    if (pair.getType() == SchemaCompatibilityType.COMPATIBLE) {
      return List.of();
    }
    return pair.getResult().getIncompatibilities().stream()
        .map(breach ->
            "%s: %s %s at %s"
                .formatted(what, breach.getType(), breach.getMessage(), breach.getLocation()))
        .collect(Collectors.toList());
  }

  private static List<String> logicalTypes(
      String path, Schema today, Schema frozen, Set<String> seen) {
    List<String> breaches = new ArrayList<>();
    if (!name(today.getLogicalType()).equals(name(frozen.getLogicalType()))) {
      breaches.add(
          "%s was %s and is %s"
              .formatted(path, name(frozen.getLogicalType()), name(today.getLogicalType())));
    }
    if (today.getType() != frozen.getType()) {
      return breaches;
    }
    switch (today.getType()) {
      case RECORD -> {
        if (seen.add(today.getFullName())) {
          for (Schema.Field field : today.getFields()) {
            Schema.Field old = frozen.getField(field.name());
            if (old != null) {
              breaches.addAll(
                  logicalTypes(path + "." + field.name(), field.schema(), old.schema(), seen));
            }
          }
        }
      }
      case ARRAY ->
          breaches.addAll(
              logicalTypes(path + "[]", today.getElementType(), frozen.getElementType(), seen));
      case MAP ->
          breaches.addAll(
              logicalTypes(path + "{}", today.getValueType(), frozen.getValueType(), seen));
      case UNION -> {
        for (int n = 0; n < Math.min(today.getTypes().size(), frozen.getTypes().size()); n++) {
          breaches.addAll(
              logicalTypes(path, today.getTypes().get(n), frozen.getTypes().get(n), seen));
        }
      }
      default -> {}
    }
    return breaches;
  }

  private static String name(LogicalType type) {
    return type == null ? "plain" : type.getName();
  }
}
