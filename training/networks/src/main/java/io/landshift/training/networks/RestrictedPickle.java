package io.landshift.training.networks;

import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Python's pickle wrote (protocol 2, as PyTorch uses it), and runs nothing of it: of all
 * that a pickle may call, tensors, parameters and ordered dictionaries are understood, anything
 * else becomes {@link Opaque}. Values are {@link List}, {@link Map}, {@link String}, {@link Long},
 * {@link Double}, {@link Boolean}, {@link StoredTensor} and {@link Opaque}.
 */
final class RestrictedPickle {
  private static final int MAX_OPERATIONS = 10_000_000;

  /** A tensor's place in a storage of the file; sizes and strides in elements, unchecked. */
  record StoredTensor(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

  /** A storage of the file; the type is Python's class. */
  record Storage(String type, String key, long count) {}

  /** None, or what is of no use here: a name, an object, a very long number. */
  record Opaque(String what) {
    static final Opaque NONE = new Opaque("None");
  }

  private final ByteBuffer code;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private RestrictedPickle(byte[] code) {
    this.code = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The value of a pickle.
   *
   * @throws LandshiftException MODEL_INVALID if it is broken or uses what is not understood
   */
  static Object read(byte[] code) {
    RestrictedPickle pickle = new RestrictedPickle(code);
    try {
      for (int count = 0; count < MAX_OPERATIONS; count++) {
        int operation = pickle.code.get() & 0xff;
        if (operation == '.') {
          return pickle.pop();
        }
        pickle.apply(operation);
      }
    } catch (BufferUnderflowException
        | IndexOutOfBoundsException
        | ClassCastException
        | NoSuchElementException
        | UnsupportedOperationException
        | IllegalArgumentException e) {
      throw broken("it is damaged at byte " + pickle.code.position(), e);
    }
    throw broken("it has more than %d operations".formatted(MAX_OPERATIONS), null);
  }

  private void apply(int operation) {
    switch (operation) {
      case 0x80 -> code.get(); // the protocol
      case 'q' -> memo.put(code.get() & 0xff, peek());
      case 'r' -> memo.put(code.getInt(), peek());
      case 'h' -> push(remembered(code.get() & 0xff));
      case 'j' -> push(remembered(code.getInt()));
      case '(' -> marks.add(stack.size());
      case '0' -> pop();
      case 'c' -> push(new Opaque(line() + "." + line()));
      case 'Q' -> push(storage(list(pop())));
      case 'R', 0x81 -> {
        List<?> arguments = list(pop());
        push(made(((Opaque) pop()).what(), arguments));
      }
      case 'b' -> pop(); // the state of an object: none that is understood has any
      default -> {
        if (!scalar(operation) && !container(operation)) {
          throw broken("it uses the operation 0x%02x".formatted(operation), null);
        }
      }
    }
  }

  private boolean scalar(int operation) {
    switch (operation) {
      case 'N' -> push(Opaque.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> push((long) (code.get() & 0xff));
      case 'M' -> push((long) (code.getShort() & 0xffff));
      case 'J' -> push((long) code.getInt());
      case 0x8a -> push(number(bytes(code.get() & 0xff)));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(code.getLong())));
      case 'X' -> push(new String(bytes(code.getInt()), StandardCharsets.UTF_8));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean container(int operation) {
    switch (operation) {
      case ']' -> push(new ArrayList<>());
      case '}' -> push(new LinkedHashMap<>());
      case ')' -> push(List.of());
      case 't' -> push(Collections.unmodifiableList(sinceMark()));
      case 0x85 -> push(Collections.unmodifiableList(top(1)));
      case 0x86 -> push(Collections.unmodifiableList(top(2)));
      case 0x87 -> push(Collections.unmodifiableList(top(3)));
      case 'a' -> append(top(1));
      case 'e' -> append(sinceMark());
      case 's' -> put(top(2));
      case 'u' -> put(sinceMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object pop() {
    return stack.removeLast();
  }

  private Object peek() {
    return stack.getLast();
  }

  private Object remembered(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw new IllegalArgumentException("nothing was remembered as " + index);
    }
    return value;
  }

  private List<Object> top(int count) {
    return from(stack.size() - count);
  }

  private List<Object> sinceMark() {
    return from(marks.removeLast());
  }

  private List<Object> from(int start) {
    List<Object> tail = stack.subList(start, stack.size());
    List<Object> values = new ArrayList<>(tail);
    tail.clear();
    return values;
  }

  @SuppressWarnings("unchecked") // whatever it holds, an object may be added
  private void append(List<Object> values) {
    ((List<Object>) peek()).addAll(values);
  }

  /** Keys other than text and numbers are left out: their hash could run in circles. */
  @SuppressWarnings("unchecked") // as above; what is no map has no use for entries
  private void put(List<Object> entries) {
    if (peek() instanceof Map<?, ?> map) {
      for (int index = 0; index < entries.size(); index += 2) {
        Object key = entries.get(index);
        if (key instanceof String || key instanceof Long) {
          ((Map<Object, Object>) map).put(key, entries.get(index + 1));
        }
      }
    }
  }

  private static Object made(String name, List<?> arguments) {
    return switch (name) {
      case "collections.OrderedDict" -> new LinkedHashMap<>();
      case "torch._utils._rebuild_parameter" -> arguments.getFirst();
      case "torch._utils._rebuild_tensor_v2" ->
          new StoredTensor(
              (Storage) arguments.get(0),
              (Long) arguments.get(1),
              longs(arguments.get(2)),
              longs(arguments.get(3)));
      default -> new Opaque(name);
    };
  }

  /** ('storage', class, key, where it lay, number of elements). */
  private static Storage storage(List<?> id) {
    return new Storage(((Opaque) id.get(1)).what(), (String) id.get(2), (Long) id.get(4));
  }

  private static List<?> list(Object value) {
    return (List<?>) value;
  }

  private static List<Long> longs(Object value) {
    return list(value).stream().map(Long.class::cast).toList();
  }

  private static Object number(byte[] littleEndian) {
    if (littleEndian.length > Long.BYTES) {
      return new Opaque("a number of %d bytes".formatted(littleEndian.length));
    }
    long value = 0;
    for (int index = littleEndian.length - 1; index >= 0; index--) {
      value = (value << Byte.SIZE) | (littleEndian[index] & 0xff);
    }
    int unused = Long.SIZE - littleEndian.length * Byte.SIZE;
    return unused == Long.SIZE ? 0L : value << unused >> unused;
  }

  private byte[] bytes(int count) {
    if (count < 0 || count > code.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[count];
    code.get(bytes);
    return bytes;
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (byte next = code.get(); next != '\n'; next = code.get()) {
      line.append((char) (next & 0xff));
    }
    return line.toString();
  }

  private static LandshiftException broken(String what, @Nullable Throwable cause) {
    return new LandshiftException(
        FailureReason.MODEL_INVALID, "the pickle of the weights cannot be read: " + what, cause);
  }
}
