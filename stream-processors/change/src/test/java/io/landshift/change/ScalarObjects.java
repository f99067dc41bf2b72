package io.landshift.change;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An independent reading of the rules by which pixels become objects: a dense map of owners, and
 * rule after rule on single pixels. Slow on purpose.
 */
final class ScalarObjects {
  /** An object; its pixels are named y * width + x. */
  static final class Patch {
    final String id;
    final int birthDay;
    int youngestDay;
    int firstDay;
    int confirmedDay = -1;
    boolean gone;
    final TreeSet<Integer> footprint = new TreeSet<>();
    final TreeSet<Integer> active = new TreeSet<>();
    final TreeSet<Integer> confirmed = new TreeSet<>();

    Patch(String id, int birthDay) {
      this.id = id;
      this.birthDay = birthDay;
      this.firstDay = Integer.MAX_VALUE;
    }
  }

  /** Makes an object's id. */
  interface Naming {
    String id(int day, int x, int y, String sceneId);
  }

  private final int width;
  private final TrackerParameters parameters;
  private final Naming naming;
  final List<Patch> patches = new ArrayList<>();

  ScalarObjects(int width, TrackerParameters parameters, Naming naming) {
    this.width = width;
    this.parameters = parameters;
    this.naming = naming;
  }

  /** A scene that covers the rows above {@code height}, with the status and first day of each. */
  void scene(byte[][] status, short[][] firstDay, int height, int day, String sceneId) {
    patches.removeIf(each -> each.gone);
    TreeMap<Integer, Integer> firstOf = new TreeMap<>();
    for (int pixel = 0; pixel < width * height; pixel++) {
      byte code = status[pixel / width][pixel % width];
      if (code == 2 || code == 3 || code == 5 || code == 6) {
        firstOf.put(pixel, (int) firstDay[pixel / width][pixel % width]);
      }
    }
    grow(firstOf, day, sceneId);
    for (Patch patch : patches) {
      patch.active.removeIf(pixel -> pixel < width * height);
      for (int pixel : patch.footprint) {
        if (firstOf.containsKey(pixel)) {
          patch.active.add(pixel);
          patch.firstDay = Math.min(patch.firstDay, firstOf.get(pixel));
        }
      }
      if (patch.confirmedDay < 0) {
        patch.footprint.retainAll(patch.active);
        patch.confirmed.retainAll(patch.active);
      }
      for (int pixel : patch.active) {
        int code = pixel < width * height ? status[pixel / width][pixel % width] : 0;
        if (code == 3 || code == 6) {
          patch.confirmed.add(pixel);
        }
      }
      if (patch.confirmedDay < 0 && patch.confirmed.size() >= parameters.minimumPixels()) {
        patch.confirmedDay = day;
      }
      patch.gone = patch.footprint.isEmpty();
    }
  }

  private void grow(TreeMap<Integer, Integer> firstOf, int day, String sceneId) {
    TreeSet<Integer> left = new TreeSet<>(firstOf.keySet());
    patches.forEach(each -> left.removeAll(each.footprint));
    while (!left.isEmpty()) {
      int anchor = left.first();
      TreeSet<Integer> component = new TreeSet<>();
      Deque<Integer> open = new ArrayDeque<>(List.of(anchor));
      left.remove(anchor);
      while (!open.isEmpty()) {
        int pixel = open.pop();
        component.add(pixel);
        for (int other : List.copyOf(left)) {
          if (touch(pixel, other)) {
            left.remove(other);
            open.push(other);
          }
        }
      }
      int eldest = component.stream().mapToInt(firstOf::get).min().orElseThrow();
      int youngest = component.stream().mapToInt(firstOf::get).max().orElseThrow();
      Patch into = largestTouched(component, eldest);
      if (into == null && component.size() >= parameters.minimumPixels()) {
        into = new Patch(naming.id(day, anchor % width, anchor / width, sceneId), day);
        into.youngestDay = youngest;
        patches.add(into);
      }
      if (into != null) {
        into.footprint.addAll(component);
        into.youngestDay = Math.max(into.youngestDay, youngest);
      }
    }
  }

  private Patch largestTouched(TreeSet<Integer> component, int eldest) {
    Patch best = null;
    for (Patch patch : patches) {
      boolean touches =
          component.stream()
              .anyMatch(pixel -> patch.footprint.stream().anyMatch(own -> touch(pixel, own)));
      if (touches && eldest - patch.youngestDay <= parameters.growthDays()) {
        if (best == null || isBefore(patch, best)) {
          best = patch;
        }
      }
    }
    return best;
  }

  private static boolean isBefore(Patch a, Patch b) {
    if (a.footprint.size() != b.footprint.size()) {
      return a.footprint.size() > b.footprint.size();
    }
    return a.birthDay != b.birthDay ? a.birthDay < b.birthDay : a.id.compareTo(b.id) < 0;
  }

  private boolean touch(int a, int b) {
    return Math.abs(a % width - b % width) <= 1 && Math.abs(a / width - b / width) <= 1;
  }
}
