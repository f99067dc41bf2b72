package io.landshift.training.networks;

import io.landshift.training.networks.Parameter.Start;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Declares parameters under a prefix; all scopes of a network share one collection, in which a name
 * stands once. Not thread-safe.
 */
public final class Scope {
  private final String prefix;
  private final Map<String, Parameter> declared;

  private Scope(String prefix, Map<String, Parameter> declared) {
    this.prefix = prefix;
    this.declared = declared;
  }

  static Scope root() {
    return new Scope("", new LinkedHashMap<>());
  }

  /** The scope of a part, whose names begin with the part's. */
  public Scope of(String part) {
    return new Scope(prefix + part + ".", declared);
  }

  /** The scope of a numbered part. */
  public Scope of(int part) {
    return of(Integer.toString(part));
  }

  /** A matrix or kernel. */
  Parameter weight(Integer... shape) {
    return declare("weight", Start.TRUNCATED_NORMAL, shape);
  }

  /** What a channel is multiplied by after it is normalised. */
  Parameter gain(int channels) {
    return declare("weight", Start.ONES, channels);
  }

  /** What is added to a channel. */
  Parameter bias(int channels) {
    return declare("bias", Start.ZEROS, channels);
  }

  /** Starts small and random, as a weight does. */
  public Parameter token(String name, Integer... shape) {
    return declare(name, Start.TRUNCATED_NORMAL, shape);
  }

  /** Starts at zero. */
  public Parameter zeros(String name, Integer... shape) {
    return declare(name, Start.ZEROS, shape);
  }

  /** All parameters of all scopes, in the order of their declaration. */
  List<Parameter> declared() {
    return List.copyOf(declared.values());
  }

  private Parameter declare(String name, Start start, Integer... shape) {
    Parameter parameter = new Parameter(prefix + name, start, Stream.of(shape).toList());
    if (declared.putIfAbsent(parameter.name(), parameter) != null) {
      throw new IllegalArgumentException("declared twice: " + parameter.name());
    }
    return parameter;
  }
}
