package io.landshift.model.bundle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to a JSON object; a field that is absent or of another type is named by its path.
 */
final class JsonFields {
  private final JsonNode node;
  private final String path;

  JsonFields(JsonNode node, String path) {
    if (!node.isObject()) {
      throw Invalid.model(path + " must be a JSON object");
    }
    this.node = node;
    this.path = path;
  }

  boolean has(String name) {
    return node.hasNonNull(name);
  }

  JsonFields object(String name) {
    return new JsonFields(field(name), path + "." + name);
  }

  String text(String name) {
    return text(field(name), path + "." + name);
  }

  int integer(String name) {
    JsonNode value = field(name);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw Invalid.model(path + "." + name + " must be an integer");
    }
    return value.intValue();
  }

  double number(String name) {
    JsonNode value = field(name);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw Invalid.model(path + "." + name + " must be a number");
    }
    return value.doubleValue();
  }

  @Nullable Double numberOrNull(String name) {
    return has(name) ? Double.valueOf(number(name)) : null;
  }

  <E extends Enum<E>> E constant(String name, Class<E> type) {
    String text = text(name);
    try {
      return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Invalid.model(
          "%s.%s must be one of %s, is '%s'"
              .formatted(path, name, List.of(type.getEnumConstants()), text),
          e);
    }
  }

  <T> List<T> objects(String name, Function<JsonFields, T> read) {
    List<T> items = new ArrayList<>();
    for (JsonNode item : array(name)) {
      items.add(read.apply(new JsonFields(item, path + "." + name + "[" + items.size() + "]")));
    }
    return items;
  }

  List<String> texts(String name) {
    List<String> items = new ArrayList<>();
    for (JsonNode item : array(name)) {
      items.add(text(item, path + "." + name));
    }
    return items;
  }

  List<List<String>> textLists(String name) {
    List<List<String>> lists = new ArrayList<>();
    for (JsonNode list : array(name)) {
      List<String> items = new ArrayList<>();
      for (JsonNode item : list) {
        items.add(text(item, path + "." + name));
      }
      lists.add(items);
    }
    return lists;
  }

  List<Boolean> booleans(String name) {
    List<Boolean> items = new ArrayList<>();
    for (JsonNode item : array(name)) {
      if (!item.isBoolean()) {
        throw Invalid.model(path + "." + name + " must hold true and false only");
      }
      items.add(item.booleanValue());
    }
    return items;
  }

  /** Names of the object's fields, in order. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private JsonNode array(String name) {
    JsonNode value = field(name);
    if (!value.isArray()) {
      throw Invalid.model(path + "." + name + " must be an array");
    }
    return value;
  }

  private JsonNode field(String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw Invalid.model(path + "." + name + " is missing");
    }
    return value;
  }

  private static String text(JsonNode value, String path) {
    if (!value.isTextual()) {
      throw Invalid.model(path + " must be text");
    }
    return value.textValue();
  }
}
