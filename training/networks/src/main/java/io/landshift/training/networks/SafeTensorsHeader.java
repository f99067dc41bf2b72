package io.landshift.training.networks;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file, checked: names stand once, every tensor's bytes are as many as
 * its shape and type say, and together they fill the file, each byte belonging to one tensor.
 *
 * @param entries in the order of their bytes
 */
record SafeTensorsHeader(List<Entry> entries) {
  private static final int MAX_HEADER_BYTES = 16 << 20;
  private static final int MAX_TENSOR_BYTES = 1 << 30;
  private static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Number formats that are read. */
  enum Type {
    F32(Float.BYTES),
    F16(Short.BYTES),
    BF16(Short.BYTES);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }

    /** The value at an index; the buffer is little-endian and begins with the first. */
    float at(ByteBuffer data, int index) {
      int position = index * bytes;
      return switch (this) {
        case F32 -> data.getFloat(position);
        case F16 -> Float.float16ToFloat(data.getShort(position));
        case BF16 -> Float.intBitsToFloat(data.getShort(position) << Short.SIZE);
      };
    }

    float[] decode(ByteBuffer data, int count) {
      float[] values = new float[count];
      for (int index = 0; index < count; index++) {
        values[index] = at(data, index);
      }
      return values;
    }
  }

  /**
   * A tensor of the file.
   *
   * @param begin its first byte, from the end of the header
   * @param count number of values
   */
  record Entry(String name, Type type, List<Integer> shape, long begin, int count) {
    int byteCount() {
      return count * type.bytes;
    }
  }

  /** Checks the stated length of a header before it is read. */
  static void checkLength(long length, long available) {
    if (length < 2 || length > available) {
      throw broken(
          "its header is said to have %s bytes, %d follow"
              .formatted(Long.toUnsignedString(length), available));
    }
    if (length > MAX_HEADER_BYTES) {
      throw limit("its header has %d bytes, at most %d".formatted(length, MAX_HEADER_BYTES));
    }
  }

  /**
   * Parses a header.
   *
   * @param dataBytes bytes that follow it
   */
  static SafeTensorsHeader parse(byte[] text, long dataBytes) {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : object(text).properties()) {
      if (!field.getKey().equals(METADATA)) {
        entries.add(entry(field.getKey(), field.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingInt(Entry::count));
    checkFilled(entries, dataBytes);
    return new SafeTensorsHeader(entries);
  }

  private static JsonNode object(byte[] text) {
    try {
      JsonNode root = JSON.readTree(text);
      if (!root.isObject()) {
        throw broken("its header is no JSON object");
      }
      return root;
    } catch (IOException e) {
      throw broken("its header is no valid JSON: " + e.getMessage(), e);
    }
  }

  private static Entry entry(String name, JsonNode node) {
    Type type = type(name, node.path("dtype").asText());
    List<Integer> shape = new ArrayList<>();
    long count = 1;
    for (JsonNode size : array(name, node, "shape")) {
      if (!size.isIntegralNumber() || !size.canConvertToInt() || size.intValue() < 0) {
        throw broken("%s has the shape %s".formatted(name, node.get("shape")));
      }
      shape.add(size.intValue());
      // Both factors are below 2^31, so this cannot overflow before it is refused.
      count *= size.intValue();
      if (count * type.bytes > MAX_TENSOR_BYTES) {
        throw limit("%s is larger than %d bytes".formatted(name, MAX_TENSOR_BYTES));
      }
    }
    long begin = begin(name, node, count * type.bytes);
    return new Entry(name, type, shape, begin, (int) count);
  }

  private static Type type(String name, String dtype) {
    for (Type type : Type.values()) {
      if (type.name().equals(dtype)) {
        return type;
      }
    }
    throw broken(
        "%s has the type '%s'; %s are read".formatted(name, dtype, List.of(Type.values())));
  }

  private static long begin(String name, JsonNode node, long bytes) {
    JsonNode offsets = array(name, node, "data_offsets");
    boolean fits =
        offsets.size() == 2
            && offsets.get(0).isIntegralNumber()
            && offsets.get(0).canConvertToLong()
            && offsets.get(1).isIntegralNumber()
            && offsets.get(1).canConvertToLong()
            && offsets.get(0).longValue() >= 0
            && offsets.get(1).longValue() - offsets.get(0).longValue() == bytes;
    if (!fits) {
      throw broken("%s needs %d bytes, has the offsets %s".formatted(name, bytes, offsets));
    }
    return offsets.get(0).longValue();
  }

  private static JsonNode array(String name, JsonNode node, String field) {
    JsonNode array = node.path(field);
    if (!array.isArray()) {
      throw broken("%s has no list '%s'".formatted(name, field));
    }
    return array;
  }

  private static void checkFilled(List<Entry> entries, long dataBytes) {
    long end = 0;
    for (Entry entry : entries) {
      if (entry.begin() != end) {
        throw broken(
            "%s begins at byte %d, the tensor before it ends at %d"
                .formatted(entry.name(), entry.begin(), end));
      }
      end += entry.byteCount();
    }
    if (end != dataBytes) {
      throw broken("its tensors end at byte %d, its data at %d".formatted(end, dataBytes));
    }
  }

  static LandshiftException broken(String what) {
    return broken(what, null);
  }

  private static LandshiftException broken(String what, @Nullable Throwable cause) {
    return new LandshiftException(
        FailureReason.MODEL_INVALID, "the weights are no valid safetensors file: " + what, cause);
  }

  private static LandshiftException limit(String what) {
    return new LandshiftException(
        FailureReason.LIMIT_EXCEEDED, "the weights are too large: " + what);
  }
}
