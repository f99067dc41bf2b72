package io.landshift.training.networks;

import java.util.List;
import java.util.function.Function;

/**
 * A network and all that it learns. Immutable, thread-safe.
 *
 * @param <N> the network
 * @param parameters in the order of their declaration, names unique
 */
public record Model<N extends Network>(N network, List<Parameter> parameters) {
  public Model {
    parameters = List.copyOf(parameters);
  }

  /** Declares a network in a scope of its own. */
  public static <N extends Network> Model<N> of(Function<Scope, N> declaration) {
    Scope scope = Scope.root();
    N network = declaration.apply(scope);
    return new Model<>(network, scope.declared());
  }

  /** Number of values that are learned. */
  public long size() {
    return parameters.stream().mapToLong(Parameter::count).sum();
  }
}
