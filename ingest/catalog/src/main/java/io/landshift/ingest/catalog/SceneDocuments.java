package io.landshift.ingest.catalog;

import io.landshift.ingest.scenes.ProductFiles;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import java.util.List;
import java.util.function.Consumer;

/**
 * One way in which the files below a root describe scenes: by STAC items, or by sidecars. Not
 * thread-safe.
 */
interface SceneDocuments {

  /** The files that are described. */
  ProductFiles files();

  /**
   * The entries that describe scenes, sorted.
   *
   * @param failures takes what hinders finding entries
   */
  List<Entry> entries(Consumer<SceneFailure> failures);

  /**
   * An entry of a document.
   *
   * @param document path of the JSON file
   * @param part which part of the document, or empty for the whole
   */
  record Entry(String document, String part) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int order = document.compareTo(other.document);
      return order == 0 ? part.compareTo(other.part) : order;
    }

    @Override
    public String toString() {
      return part.isEmpty() ? document : document + ", " + part;
    }
  }

  /**
   * The scenes that an entry describes.
   *
   * @throws LandshiftException why it describes none
   */
  List<SceneAvailable> read(Entry entry);
}
