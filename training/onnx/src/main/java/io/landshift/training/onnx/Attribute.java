package io.landshift.training.onnx;

import java.util.Arrays;
import java.util.List;

/** An attribute of a node. */
public sealed interface Attribute {
  /** The attribute's name, as the operator defines it. */
  String name();

  /** One integer. */
  record OfInt(String name, long value) implements Attribute {}

  /** One number. */
  record OfFloat(String name, float value) implements Attribute {}

  /** Text. */
  record OfText(String name, String value) implements Attribute {}

  /** Several integers. */
  record OfInts(String name, List<Long> values) implements Attribute {
    public OfInts {
      values = List.copyOf(values);
    }
  }

  /** One integer. */
  static Attribute of(String name, long value) {
    return new OfInt(name, value);
  }

  /** One number. */
  static Attribute of(String name, float value) {
    return new OfFloat(name, value);
  }

  /** Text. */
  static Attribute of(String name, String value) {
    return new OfText(name, value);
  }

  /** Several integers. */
  static Attribute of(String name, long[] values) {
    return new OfInts(name, Arrays.stream(values).boxed().toList());
  }
}
