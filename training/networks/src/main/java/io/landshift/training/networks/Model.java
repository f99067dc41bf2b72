package io.landshift.training.networks;

import java.util.List;
import java.util.function.Function;

/**
 * A network, or several on one encoder, and all that is learned. Immutable, thread-safe.
 *
 * @param <N> the network
 * @param parameters in the order of their declaration, names unique
 */
public record Model<N>(N network, List<Parameter> parameters) {
  public Model {
    parameters = List.copyOf(parameters);
  }

  /** Declares a network in a scope of its own. */
  public static <N> Model<N> of(Function<Scope, N> declaration) {
    Scope scope = Scope.root();
    N network = declaration.apply(scope);
    return new Model<>(network, scope.declared());
  }

  /** Number of values that are learned. */
  public long size() {
    return parameters.stream().mapToLong(Parameter::count).sum();
  }
}
