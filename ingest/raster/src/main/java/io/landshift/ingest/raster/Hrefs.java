package io.landshift.ingest.raster;

import io.landshift.ingest.remote.RangeGateway;
import io.landshift.ingest.remote.RemoteSettings;
import io.landshift.ingest.remote.Shown;
import io.landshift.schemas.FailureReason;
import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Turns hrefs, which strangers write, into the one file that they may name.
 *
 * <p>Allowed are an absolute path, a {@code file:} URI and {@code zip:/folder/archive.zip!/entry};
 * and, where the rules have a gateway, what that allows of the network. Every other form is
 * refused, GDAL's own {@code /vsi} names among them: the one name of that kind that GDAL is given
 * for the network is the gateway's own URL.
 */
final class Hrefs {
  /** More than any raster compresses by; less than a bomb does. */
  private static final long MAX_INFLATION = 1000;

  private static final long INFLATION_CHECKED_FROM = 64L << 20;

  private Hrefs() {}

  /** What an href turned out to name; to be closed once GDAL has closed it. */
  sealed interface Located extends AutoCloseable {
    /** What GDAL is to open. */
    String gdalPath();

    @Override
    default void close() {}
  }

  /**
   * A file of this machine.
   *
   * @param file links followed
   */
  record OnDisk(Path file) implements Located {
    @Override
    public String gdalPath() {
      return file.toString();
    }
  }

  /** An entry of a zip file. */
  record InArchive(String gdalPath) implements Located {}

  /** A file on the network, behind the gateway. */
  record OnNetwork(RangeGateway.RemoteFile file) implements Located {
    @Override
    public String gdalPath() {
      return "/vsicurl/" + file.url();
    }

    @Override
    public void close() {
      file.close();
    }
  }

  /**
   * @throws LandshiftException HREF_REFUSED, ASSET_MISSING, ASSET_UNREADABLE or LIMIT_EXCEEDED; for
   *     the network also SOURCE_UNAVAILABLE, ACCESS_DENIED and STORAGE_UNAVAILABLE
   */
  static Located locate(String href, RasterRules rules) {
    if (href.isBlank() || href.chars().anyMatch(c -> c < ' ')) {
      throw refused(href, "it is blank or has control characters");
    }
    String lower = href.toLowerCase(Locale.ROOT);
    if (lower.endsWith(".vrt")) {
      throw virtual(href);
    }
    if (lower.startsWith("zip:")) {
      return inArchive(href, href.substring("zip:".length()), rules);
    }
    if (RemoteSettings.isRemote(lower)) {
      return onNetwork(href, rules.network());
    }
    Path file = lower.startsWith("file:") ? ofUri(href) : ofPath(href, href);
    return new OnDisk(real(href, file, rules));
  }

  private static Located onNetwork(String href, RasterRules.@Nullable Network network) {
    if (network == null) {
      throw refused(
          Shown.href(href), "rasters on the network are not read here: allow its host first");
    }
    return new OnNetwork(network.gateway().open(href, network.budget()));
  }

  private static Located inArchive(String href, String rest, RasterRules rules) {
    int mark = rest.indexOf("!/");
    if (mark < 0 || rest.indexOf("!/", mark + 2) >= 0) {
      throw refused(href, "a zip href is zip:/folder/archive.zip!/entry");
    }
    String entry = rest.substring(mark + 2);
    boolean plain =
        List.of(entry.split("/", -1)).stream()
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (!plain || entry.indexOf('\\') >= 0) {
      throw refused(href, "the entry's name is not a plain relative path");
    }
    Path archive = real(href, ofPath(href, rest.substring(0, mark)), rules);
    if ((archive + entry).matches(".*[{}].*")) {
      throw refused(href, "braces are not allowed in a zip href");
    }
    checkEntry(href, archive, entry, rules);
    return new InArchive("/vsizip/{" + archive + "}/" + entry);
  }

  private static void checkEntry(String href, Path archive, String name, RasterRules rules) {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      ZipEntry entry = zip.getEntry(name);
      if (entry == null) {
        throw new LandshiftException(
            FailureReason.ASSET_MISSING, "no such entry in the archive: " + href);
      }
      boolean bomb =
          entry.getSize() > INFLATION_CHECKED_FROM
              && entry.getSize() / Math.max(1, entry.getCompressedSize()) > MAX_INFLATION;
      if (entry.getSize() > rules.maxEntryBytes() || bomb) {
        throw new LandshiftException(
            FailureReason.LIMIT_EXCEEDED,
            "the archive's entry inflates to " + entry.getSize() + " bytes: " + href);
      }
    } catch (IOException e) {
      throw new LandshiftException(
          FailureReason.ASSET_UNREADABLE, "not a readable zip archive: " + href, e);
    }
  }

  private static Path ofUri(String href) {
    try {
      URI uri = URI.create(href);
      String path = uri.getPath();
      boolean local =
          uri.getRawAuthority() == null || uri.getRawAuthority().equalsIgnoreCase("localhost");
      if (!local || path == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
        throw refused(href, "a file URI is file:///folder/raster.tif");
      }
      return ofPath(href, path);
    } catch (IllegalArgumentException e) {
      throw refused(href, "it is not a valid URI");
    }
  }

  private static Path ofPath(String href, String path) {
    if (!path.startsWith("/") || isVirtual(path)) {
      throw refused(
          href, "only absolute paths, file: URIs and zip:/archive.zip!/entry can be read");
    }
    try {
      return Path.of(path).normalize();
    } catch (InvalidPathException e) {
      throw refused(href, "it is not a valid path");
    }
  }

  private static boolean isVirtual(String path) {
    return path.replaceAll("/+", "/").toLowerCase(Locale.ROOT).startsWith("/vsi");
  }

  private static Path real(String href, Path file, RasterRules rules) {
    // Before touching the disk: a refusal must not tell whether a file outside the roots exists.
    requireInside(href, file, rules.roots());
    Path real;
    try {
      real = file.toRealPath();
    } catch (IOException e) {
      throw new LandshiftException(FailureReason.ASSET_MISSING, "no such file: " + href, e);
    }
    requireInside(href, real, rules.roots().stream().map(Hrefs::realRoot).toList());
    if (isVirtual(real.toString())) {
      throw refused(href, "it lies where GDAL's virtual file systems are named");
    }
    if (!Files.isRegularFile(real)) {
      throw new LandshiftException(FailureReason.ASSET_UNREADABLE, "not a file: " + href);
    }
    if (!Files.isReadable(real)) {
      throw new LandshiftException(FailureReason.ASSET_MISSING, "may not be read: " + href);
    }
    return real;
  }

  private static void requireInside(String href, Path file, List<Path> roots) {
    if (!roots.isEmpty() && roots.stream().noneMatch(file::startsWith)) {
      throw refused(href, "it is outside the folders that rasters may be read from");
    }
  }

  private static Path realRoot(Path root) {
    try {
      return root.toRealPath();
    } catch (IOException e) {
      return root;
    }
  }

  /** A VRT is a text that names other files, any of this machine among them. */
  static LandshiftException virtual(String href) {
    return refused(href, "a VRT may name any file: give the rasters themselves");
  }

  private static LandshiftException refused(String href, String why) {
    return new LandshiftException(
        FailureReason.HREF_REFUSED, "the href '" + href + "' is refused: " + why);
  }
}
