package io.landshift.ops.local;

import java.io.IOException;
import java.util.Arrays;

/**
 * The main class of a child process that must not outlive its parent: runs another main class, and
 * ends the process when its standard input ends, which it does whatever kills the parent.
 *
 * <p>Uses no other class of ours: the child's class path has none of their libraries.
 */
final class GuardedChild {
  private GuardedChild() {}

  /** The first argument is the main class, the others are its own. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    Thread guard = new Thread(GuardedChild::endWithParent, "parent-guard");
    guard.setDaemon(true);
    guard.start();
    Class.forName(arguments[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nobody writes; the end is what counts.
      }
    } catch (IOException e) {
      // As the end.
    }
    Runtime.getRuntime().exit(0);
  }
}
