package io.landshift.change;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All objects of one tile and one score after a scene.
 *
 * <p>Immutable; safe for use by several threads.
 *
 * @param objects sorted by id, no id twice
 */
public record ObjectTable(List<TrackedObject> objects) {
  /** No object. */
  public static final ObjectTable EMPTY = new ObjectTable(List.of());

  private static final int MAGIC = 0x3254424F; // "OBT2"

  /**
   * Copies and sorts the list.
   *
   * @throws IllegalArgumentException if two objects have the same id
   */
  public ObjectTable {
    List<TrackedObject> sorted = new ArrayList<>(objects);
    sorted.sort(Comparator.comparing(TrackedObject::id));
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i - 1).id().equals(sorted.get(i).id())) {
        throw new IllegalArgumentException("object " + sorted.get(i).id() + " is there twice");
      }
    }
    objects = List.copyOf(sorted);
  }

  /** The object of this id, or null. */
  public @Nullable TrackedObject find(String id) {
    for (TrackedObject each : objects) {
      if (each.id().equals(id)) {
        return each;
      }
    }
    return null;
  }

  /**
   * The objects that are not in the earlier table, or there with another revision: what a scene has
   * changed. Sorted by id.
   */
  public List<TrackedObject> changesSince(ObjectTable earlier) {
    Map<String, Integer> revisions = new HashMap<>();
    earlier.objects.forEach(each -> revisions.put(each.id(), each.revision()));
    return objects.stream()
        .filter(each -> revisions.getOrDefault(each.id(), 0) != each.revision())
        .toList();
  }

  /**
   * The table as bytes: a header (magic and version), then the objects in their order. Equal tables
   * give equal bytes.
   */
  public byte[] toBytes() {
    ByteWriter out = new ByteWriter().intOf(MAGIC).numberOf(objects.size());
    objects.forEach(each -> each.write(out));
    return out.toBytes();
  }

  /**
   * The table that {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if the bytes are not such a table, of this version, in full
   */
  public static ObjectTable fromBytes(byte[] bytes) {
    ByteReader in = new ByteReader(bytes, "object table").magic(MAGIC);
    int n = in.checked(in.numberOf(), 1);
    List<TrackedObject> objects = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      objects.add(TrackedObject.read(in));
    }
    in.end();
    return new ObjectTable(objects);
  }
}
