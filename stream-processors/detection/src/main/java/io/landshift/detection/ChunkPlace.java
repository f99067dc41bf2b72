package io.landshift.detection;

/** Which chunk of which grid. */
record ChunkPlace(String gridCode, int column, int row) {

  /** Reads what {@link EncodedChunk#chunkKey()} writes. */
  static ChunkPlace parse(String key) {
    String[] parts = key.split("\\|", -1);
    return new ChunkPlace(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }
}
