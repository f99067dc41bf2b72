package io.landshift.training.samples;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a network learns from at a time: looks at one place on one grid of pixels. Immutable. */
public sealed interface Sample {
  /** Where it comes from. */
  Source source();

  /** One or more, of one size, in the order of time where that is known. */
  List<Look> looks();

  /** Columns of every look. */
  default int width() {
    return looks().getFirst().width();
  }

  /** Rows of every look. */
  default int height() {
    return looks().getFirst().height();
  }

  /** Looks without labels. */
  record Unlabelled(Source source, List<Look> looks) implements Sample {
    public Unlabelled {
      looks = List.copyOf(looks);
      requireSize(looks, looks.getFirst().width() * looks.getFirst().height());
    }
  }

  /** A look and what is on it. */
  record Segmented(Source source, Look look, Labels labels) implements Sample {
    public Segmented {
      requireSize(List.of(look), labels.codes().length);
    }

    @Override
    public List<Look> looks() {
      return List.of(look);
    }
  }

  /**
   * A look, what it is compared with, and what changed.
   *
   * @param earlier one look or more
   */
  record Changed(Source source, List<Look> earlier, Look after, Labels labels) implements Sample {
    public Changed {
      earlier = List.copyOf(earlier);
      requireSize(earlier, labels.codes().length);
      requireSize(List.of(earlier.getFirst(), after), labels.codes().length);
    }

    /** A pair of dates. */
    public Changed(Source source, Look before, Look after, Labels labels) {
      this(source, List.of(before), after, labels);
    }

    /** The last of the earlier looks. */
    public Look before() {
      return earlier.getLast();
    }

    @Override
    public List<Look> looks() {
      return Stream.concat(earlier.stream(), Stream.of(after)).toList();
    }
  }

  /**
   * A look, and what other sources say of the same pixels and of the place as a whole: what a
   * network may be asked to tell from the look.
   *
   * @param maps by name, {@code [channel][row * width + column]}, NaN where not known; classes are
   *     whole numbers from 0
   * @param facts by name: numbers of the whole place, NaN where not known
   */
  record Aligned(Source source, Look look, Map<String, float[][]> maps, Map<String, float[]> facts)
      implements Sample {
    public Aligned {
      maps = Map.copyOf(maps);
      facts = Map.copyOf(facts);
      for (float[][] map : maps.values()) {
        for (float[] channel : map) {
          requireSize(List.of(look), channel.length);
        }
      }
    }

    @Override
    public List<Look> looks() {
      return List.of(look);
    }
  }

  private static void requireSize(List<Look> looks, int pixels) {
    Look first = looks.getFirst();
    for (Look look : looks) {
      if (look.width() != first.width()
          || look.height() != first.height()
          || look.quality().length != pixels) {
        throw new IllegalArgumentException("looks and labels of a sample are of one size");
      }
    }
  }
}
