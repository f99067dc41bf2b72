package io.landshift.ingest.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.landshift.ingest.raster.RasterRules;
import io.landshift.ingest.scenes.HrefResolver;
import io.landshift.ingest.scenes.Json;
import io.landshift.ingest.scenes.ProductFiles;
import io.landshift.ingest.scenes.StacItems;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import io.landshift.schemas.SceneAvailable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * STAC items: those that a catalogue or collection links, or, without one, every item that lies in
 * the folder. Links are followed below the root only, each document once, to a limited depth and
 * number.
 */
final class StacDocuments implements SceneDocuments {
  /** Names under which the root of a static catalogue is looked for. */
  static final List<String> ROOTS = List.of("catalog.json", "collection.json");

  private static final int MAXIMUM_DOCUMENTS = 500_000;
  private static final int MAXIMUM_DEPTH = 32;

  private final ProductFiles files;
  private final @Nullable String root;
  private final RasterRules rules;
  private final HrefResolver hrefs;
  private final Map<String, Kind> kinds = new HashMap<>();

  /**
   * @param root path of the catalogue, collection or item to start from; null = every item below
   *     the root
   */
  StacDocuments(
      ProductFiles files, @Nullable String root, RasterRules rules, List<Path> allowedRoots) {
    this.files = files;
    this.root = root;
    this.rules = rules;
    this.hrefs = new HrefResolver(files, root == null ? "" : root, allowedRoots);
  }

  @Override
  public ProductFiles files() {
    return files;
  }

  @Override
  public List<Entry> entries(Consumer<SceneFailure> failures) {
    List<Entry> entries = root == null ? lying() : new Walk(failures).from(root);
    Collections.sort(entries);
    return entries;
  }

  @Override
  public List<SceneAvailable> read(Entry entry) {
    return StacItems.read(
        document(entry.document()),
        hrefs.forDocument(entry.document()),
        rules,
        files.href(entry.document()));
  }

  private List<Entry> lying() {
    List<Entry> entries = new ArrayList<>();
    List<String> paths = files.list();
    Set<String> products = SafeDocuments.folders(paths);
    for (String path : paths) {
      // An item within a product describes that product once more.
      if (path.endsWith(".json")
          && !path.endsWith(SidecarDocuments.SERIES_SUFFIX)
          && products.stream().noneMatch(path::startsWith)) {
        long size = files.size(path).orElse(0);
        Kind kind = kinds.get(path);
        if (kind == null || kind.size() != size) {
          kind = new Kind(size, isItem(path));
          kinds.put(path, kind);
        }
        if (kind.item()) {
          entries.add(new Entry(path, ""));
        }
      }
    }
    return entries;
  }

  /** What a JSON file of a size turned out to be, so that a watched folder is not read anew. */
  private record Kind(long size, boolean item) {}

  /** Whether a JSON file means to be an item; one that cannot be read is asked again as an item. */
  private boolean isItem(String path) {
    try {
      JsonNode node = document(path);
      return node.path("type").asText().equals("Feature") && node.has("stac_version");
    } catch (LandshiftException e) {
      return true;
    }
  }

  private JsonNode document(String path) {
    return Json.object(files.read(path, Json.MAXIMUM_BYTES), path);
  }

  /** Follows the links of a catalogue, breadth first. */
  private final class Walk {
    private final Consumer<SceneFailure> failures;
    private final Set<String> visited = new HashSet<>();
    private final List<Entry> items = new ArrayList<>();
    private final Deque<Step> open = new ArrayDeque<>();

    Walk(Consumer<SceneFailure> failures) {
      this.failures = failures;
    }

    /** A document to be looked at, and how many links lead to it. */
    private record Step(String document, int depth) {}

    List<Entry> from(String start) {
      JsonNode first = document(start);
      visited.add(start);
      if (isFeature(first)) {
        return new ArrayList<>(List.of(new Entry(start, "")));
      }
      follow(start, first, 0);
      while (!open.isEmpty()) {
        Step step = open.removeFirst();
        try {
          follow(step.document(), document(step.document()), step.depth());
        } catch (LandshiftException e) {
          failures.accept(FoundScenes.failureOf(e, files, new Entry(step.document(), "")));
        }
      }
      return items;
    }

    private void follow(String path, JsonNode node, int depth) {
      if (depth > MAXIMUM_DEPTH) {
        throw new LandshiftException(
            FailureReason.LIMIT_EXCEEDED,
            "The catalogue is more than " + MAXIMUM_DEPTH + " links deep.");
      }
      for (JsonNode link : node.path("links")) {
        if (visited.size() > MAXIMUM_DOCUMENTS) {
          throw new LandshiftException(
              FailureReason.LIMIT_EXCEEDED,
              "The catalogue links more than " + MAXIMUM_DOCUMENTS + " documents. Split it.");
        }
        String rel = link.path("rel").asText();
        if (rel.equals("item") || rel.equals("child")) {
          try {
            take(path, link.path("href").asText(), rel.equals("item"), depth);
          } catch (LandshiftException e) {
            failures.accept(
                SceneFailure.of(
                    e, files.location(), path, link.toString().getBytes(StandardCharsets.UTF_8)));
          }
        }
      }
    }

    private void take(String path, String href, boolean item, int depth) {
      if (!(hrefs.forDocument(path).resolve(href) instanceof HrefResolver.InRoot target)) {
        throw new LandshiftException(
            FailureReason.HREF_REFUSED,
            "The link to " + href + " leads out of the catalogue. Only files of it are read.");
      }
      if (!visited.add(target.path())) {
        return;
      }
      if (item) {
        items.add(new Entry(target.path(), ""));
      } else {
        open.addLast(new Step(target.path(), depth + 1));
      }
    }
  }

  private static boolean isFeature(JsonNode node) {
    return node.path("type").asText().equals("Feature");
  }
}
