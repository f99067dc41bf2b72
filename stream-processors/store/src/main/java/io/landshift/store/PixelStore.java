package io.landshift.store;

import io.landshift.schemas.LandshiftException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A content-addressed store: contents are written once, named by their digest and never changed.
 *
 * <p>All methods may be called by several threads and processes at once. A digest is a SHA-256 that
 * stands for every bit of the content as it is stored, as 64 lower-case hexadecimal digits; another
 * form is an {@link IllegalArgumentException}. Failures are {@link LandshiftException}s:
 * STORAGE_CORRUPT, STORAGE_FULL, STORAGE_UNAVAILABLE or LIMIT_EXCEEDED.
 */
public interface PixelStore {
  /**
   * Writes a content, or does nothing if it is there; when it returns, the content is on disk.
   *
   * @return the content's digest
   * @throws LandshiftException LIMIT_EXCEEDED if the content is larger than the store allows,
   *     STORAGE_FULL if the disk is full, STORAGE_UNAVAILABLE if it cannot be written
   */
  String put(ChunkKey key, PixelKind kind, byte[] content);

  /** Gives a content piece by piece. */
  @FunctionalInterface
  interface Content {
    /** Writes all of it, from its first byte to its last; the stream itself never fails. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a content as it is given, as {@link #put(ChunkKey, PixelKind, byte[])}.
   *
   * @param length bytes that it has
   * @throws IllegalArgumentException if it has more or fewer
   */
  String put(ChunkKey key, PixelKind kind, int length, Content content);

  /**
   * The content that was written under this digest, checked against it.
   *
   * @throws LandshiftException STORAGE_CORRUPT if it is gone or is not what was written,
   *     STORAGE_UNAVAILABLE if it cannot be read
   */
  byte[] get(ChunkKey key, PixelKind kind, String digest);

  /**
   * A part of a content, as {@link #get}: only the blocks that hold it are unfolded.
   *
   * @param from first byte
   * @param count number of bytes
   * @throws LandshiftException STORAGE_CORRUPT too where the content does not reach so far
   */
  byte[] get(ChunkKey key, PixelKind kind, String digest, int from, int count);

  /**
   * A content, as {@link #get}, that is unfolded as it is read. To be closed; for one thread at a
   * time. Reading throws {@link LandshiftException} and no {@link IOException}.
   */
  InputStream open(ChunkKey key, PixelKind kind, String digest);

  /**
   * Writes 16-bit numbers, as {@link #put}.
   *
   * @param words rows of planes, one after the other
   * @param width numbers in a row, at least 1: what lies below each other is alike
   */
  String putWords(ChunkKey key, PixelKind kind, short[] words, int width);

  /**
   * Some of the 16-bit numbers, from the {@code from}th on, as {@link #get(ChunkKey, PixelKind,
   * String, int, int)}.
   */
  short[] getWords(ChunkKey key, PixelKind kind, String digest, int from, int count);

  /** Says which numbers of a content are needed. */
  @FunctionalInterface
  interface Wanted {
    /** Whether one is needed from the number {@code from} up to but not including {@code end}. */
    boolean anyOf(int from, int end);
  }

  /**
   * The 16-bit numbers in their places, as {@link #get}, but only the blocks in which one is wanted
   * are unfolded.
   *
   * @param into receives them; in blocks in which none is wanted, and behind what was stored, what
   *     was there before stays
   * @throws LandshiftException STORAGE_CORRUPT too where the content is longer
   */
  void getWords(ChunkKey key, PixelKind kind, String digest, Wanted wanted, short[] into);

  /**
   * Deletes a content, or does nothing if it is not there. The caller sees to it that nobody refers
   * to it, also no checkpoint.
   *
   * @throws LandshiftException STORAGE_UNAVAILABLE if it cannot be deleted
   */
  void delete(ChunkKey key, PixelKind kind, String digest);

  /** Whether a content is there; it is not read. */
  boolean contains(ChunkKey key, PixelKind kind, String digest);
}
