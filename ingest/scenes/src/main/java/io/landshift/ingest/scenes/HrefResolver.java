package io.landshift.ingest.scenes;

import io.landshift.ingest.remote.RemoteSettings;
import io.landshift.ingest.remote.Shown;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns the hrefs of a document into files, trusting none: relative ones that stay below the root,
 * absolute files below roots that the operator allowed, and nothing else. Of a document that came
 * over the network it takes what the rules of the network allow, and no file at all. Immutable;
 * thread-safe as its files are.
 *
 * <p>An href is a path, not a URL reference: it is not percent-decoded, so that no second meaning
 * hides in it.
 */
public final class HrefResolver {
  private static final int MAXIMUM_LENGTH = 4096;
  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+._-]*):");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Set<String> REMOTE =
      Set.of("http", "https", "s3", "gs", "az", "abfs", "abfss", "ftp");

  private final ProductFiles files;
  private final String document;
  private final List<Path> allowedRoots;
  private final @Nullable RemoteSettings network;

  /** What an href stands for. */
  public sealed interface Target {}

  /** A file below the document's root. */
  public record InRoot(String path) implements Target {}

  /** A file elsewhere on this machine, below an allowed root. */
  public record OnMachine(Path path) implements Target {}

  /** Something on the network; a folder or zip source does not fetch it. */
  public record Remote(String href) implements Target {}

  /**
   * @param files where relative hrefs are looked up
   * @param document the path of the document whose hrefs are resolved, relative to the root
   * @param allowedRoots folders below which absolute files may be named; usually none
   */
  public HrefResolver(ProductFiles files, String document, List<Path> allowedRoots) {
    this(files, document, allowedRoots, null);
  }

  private HrefResolver(
      ProductFiles files,
      String document,
      List<Path> allowedRoots,
      @Nullable RemoteSettings network) {
    this.files = files;
    this.document = document;
    this.allowedRoots =
        allowedRoots.stream().map(Path::toAbsolutePath).map(Path::normalize).toList();
    this.network = network;
  }

  /**
   * For documents that came over the network.
   *
   * @param location where they came from, as the scenes' {@code source}
   * @param document URL of the document, which relative hrefs are relative to; or any other text,
   *     then there can be none
   */
  public static HrefResolver ofNetwork(String location, String document, RemoteSettings network) {
    return new HrefResolver(new NoFiles(location), document, List.of(), network);
  }

  /** Whether assets on the network are taken. */
  boolean takesRemote() {
    return network != null;
  }

  /** The same rules for another document of the same root. */
  public HrefResolver forDocument(String path) {
    return new HrefResolver(files, path, allowedRoots, network);
  }

  /** The files that relative hrefs are looked up in. */
  public ProductFiles files() {
    return files;
  }

  /** The document's own path, relative to the root. */
  public String document() {
    return document;
  }

  /**
   * What an href stands for; it need not exist.
   *
   * @throws LandshiftException HREF_REFUSED where it leaves the root or has a scheme that is not
   *     allowed, METADATA_INVALID where it is empty, too long or holds control characters
   */
  public Target resolve(String href) {
    if (href.isBlank() || href.length() > MAXIMUM_LENGTH || CONTROL.matcher(href).find()) {
      throw new LandshiftException(
          FailureReason.METADATA_INVALID,
          "An href of "
              + document
              + " is empty, longer than 4096 characters or holds control"
              + " characters. Name a file relative to the document.");
    }
    Matcher scheme = SCHEME.matcher(href);
    if (scheme.find()) {
      String name = scheme.group(1).toLowerCase(Locale.ROOT);
      if (REMOTE.contains(name)) {
        return network == null ? new Remote(href) : remote(href, network);
      }
      if (name.equals("file") && href.substring(scheme.end()).startsWith("///")) {
        return onMachine(href, href.substring(scheme.end() + 2));
      }
      throw refused(href, "its scheme is not allowed");
    }
    if (href.indexOf('\\') >= 0) {
      throw refused(href, "it holds a backslash");
    }
    if (href.startsWith("/")) {
      return onMachine(href, href);
    }
    return network == null ? new InRoot(normalise(href)) : remote(absolute(href), network);
  }

  private Remote remote(String href, RemoteSettings rules) {
    if (!RemoteSettings.isRemote(href)) {
      throw refused(href, "its scheme is not allowed");
    }
    String unsigned = rules.unsigned(href);
    var unused = rules.locate(unsigned);
    return new Remote(unsigned);
  }

  private String absolute(String href) {
    try {
      if (RemoteSettings.isRemote(document)) {
        return URI.create(document).resolve(href).toString();
      }
    } catch (IllegalArgumentException e) {
      throw refused(href, "it is no URL");
    }
    throw refused(href, "it is relative, and the document does not say where it is (link self)");
  }

  private Target onMachine(String href, String path) {
    if (path.startsWith("/vsi") || path.startsWith("//")) {
      throw refused(href, "it names a virtual file system");
    }
    Path file;
    try {
      file = Path.of(path).normalize();
    } catch (InvalidPathException e) {
      throw refused(href, "it is not a path");
    }
    for (Path root : allowedRoots) {
      if (file.startsWith(root)) {
        return new OnMachine(file);
      }
    }
    throw refused(href, "it is absolute and below none of the allowed folders");
  }

  /** The href, which is relative to the document, relative to the root. */
  private String normalise(String href) {
    Deque<String> segments = new ArrayDeque<>();
    int folder = document.lastIndexOf('/');
    if (folder >= 0) {
      segments.addAll(List.of(document.substring(0, folder).split("/")));
    }
    for (String segment : href.split("/", -1)) {
      if (segment.equals("..")) {
        if (segments.pollLast() == null) {
          throw refused(href, "it leaves the catalogue's root");
        }
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.addLast(segment);
      }
    }
    if (segments.isEmpty()) {
      throw refused(href, "it names the catalogue's root itself");
    }
    return String.join("/", segments);
  }

  private LandshiftException refused(String href, String why) {
    String shown = Shown.href(href);
    return new LandshiftException(
        FailureReason.HREF_REFUSED,
        "The href \""
            + shown
            + "\" of "
            + document
            + " is refused: "
            + why
            + ". Name files relative to the document, or allow their folder.");
  }
}
