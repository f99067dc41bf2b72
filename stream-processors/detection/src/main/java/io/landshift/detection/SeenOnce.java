package io.landshift.detection;

import io.landshift.ingest.scenes.Quality;
import io.landshift.store.ChunkKey;
import io.landshift.store.PixelKind;
import io.landshift.store.PixelStore;
import java.util.List;

/**
 * Ground that several products of one datatake show was seen once: the parts in which a datatake
 * came down overlap, and neighbouring tiles share ground. The first of them to see a pixel clear
 * counts; in the others it is {@link Quality#NODATA}, so that one look never confirms itself.
 */
final class SeenOnce {
  private final PixelStore store;

  SeenOnce(PixelStore store) {
    this.store = store;
  }

  /** The observations of the same datatake that come before {@code observation}. */
  static List<Observation> siblings(Observation observation, List<Observation> earlier) {
    String datatake = observation.datatake();
    if (datatake.isEmpty()) {
      return List.of();
    }
    String order = observation.scene().sensingOrder();
    return earlier.stream()
        .filter(other -> other.datatake().equals(datatake))
        .filter(other -> other.scene().sensingOrder().compareTo(order) < 0)
        .toList();
  }

  /**
   * The quality of an observation's pixels, without those that were seen before.
   *
   * @param earlier observations of the chunk, among them all that come before this one
   */
  byte[] quality(ChunkKey key, Observation observation, List<Observation> earlier) {
    byte[] quality = store.get(key, PixelKind.QUALITY, observation.quality());
    for (Observation sibling : siblings(observation, earlier)) {
      byte[] seen = store.get(key, PixelKind.QUALITY, sibling.quality());
      byte[] here = Planes.moved(seen, sibling.window(), observation.window(), Quality.NODATA);
      for (int p = 0; p < quality.length; p++) {
        boolean twice = quality[p] == Quality.CLEAR && here[p] == Quality.CLEAR;
        quality[p] = twice ? Quality.NODATA : quality[p];
      }
    }
    return quality;
  }
}
