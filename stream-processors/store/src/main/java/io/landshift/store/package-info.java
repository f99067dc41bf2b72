/**
 * The content-addressed store of pixels: features, masks, scores and status.
 *
 * <p>What is computed of a chunk is written once under a digest of its stored form and never
 * changed. Who refers to it holds the digest: going back to an earlier state is going back to
 * earlier digests, writing the same twice is writing it once, and what comes back is what was
 * written or a failure. The local store keeps one file per content:
 *
 * <pre>
 * ROOT/MGRS-33TWL/c003-r010/status/6b86b273....pixels
 * </pre>
 *
 * <p>A file is a head and blocks, one for each 128 KiB of the content, the last one for what is
 * left. The head, little-endian, is the letters LSP4, a 32-bit number (numbers in a row if the
 * content is planes of 16-bit numbers, else 0), the 64-bit length of the content, the SHA-256 of
 * all blocks, and for each block its length and its CRC-32C, 32 bits each. A block is a Zstandard
 * frame, or packed numbers ({@code WordPacking}); it is unfolded without the others, so that a part
 * can be read alone. The file's name is the SHA-256 of its head. A file appears under its name only
 * when it is whole and on disk; files whose names end in .unfinished were left by a killed writer.
 */
@NullMarked
package io.landshift.store;

import org.jspecify.annotations.NullMarked;
