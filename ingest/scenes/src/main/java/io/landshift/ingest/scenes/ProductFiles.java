package io.landshift.ingest.scenes;

import io.landshift.schemas.LandshiftException;
import java.util.List;
import java.util.OptionalLong;

/**
 * The files of products below one root: a folder or a zip. Nothing outside the root is ever
 * reached.
 *
 * <p>Paths are relative to the root, with {@code /}, without {@code .} and {@code ..}. Thread-safe
 * until closed. Close it to release the zip; hrefs that were handed out stay valid.
 */
public interface ProductFiles extends AutoCloseable {

  /** Where the root is, for messages and as the scenes' {@code source}. */
  String location();

  /**
   * All files below the root, sorted by path.
   *
   * @throws LandshiftException LIMIT_EXCEEDED where there are too many, HREF_REFUSED where a zip
   *     holds a name that would leave its root
   */
  List<String> list();

  /** The size in bytes; empty where there is no such file. */
  OptionalLong size(String path);

  /**
   * The content of a file.
   *
   * @param limit most bytes that are read
   * @throws LandshiftException ASSET_MISSING, LIMIT_EXCEEDED, HREF_REFUSED where a link leaves the
   *     root, ASSET_UNREADABLE
   */
  byte[] read(String path, int limit);

  /**
   * The href under which {@code ingest/raster} opens the file.
   *
   * @throws LandshiftException ASSET_MISSING where there is no such file, HREF_REFUSED where it is
   *     a link that leaves the root
   */
  String href(String path);

  @Override
  void close();
}
