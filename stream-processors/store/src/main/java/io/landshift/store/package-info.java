/**
 * The content-addressed store of pixels: features, masks, scores and status.
 *
 * <p>What is computed of a chunk is written once under the SHA-256 of its stored form and never
 * changed. Who refers to it holds the digest: going back to an earlier state is going back to
 * earlier digests, writing the same twice is writing it once, and what comes back is what was
 * written or a failure. The local store keeps one file per content:
 *
 * <pre>
 * ROOT/MGRS-33TWL/c003-r010/status/6b86b273....zst
 * </pre>
 *
 * <p>A file is a header of 16 bytes and blocks. The header is the letters LSP3, a 32-bit number
 * (numbers in a row if the content went through the filter for planes of 16-bit numbers, else 0)
 * and the 64-bit length of the content, little-endian. A block holds 128 KiB of the content, the
 * last one what is left: the 32-bit length of a Zstandard frame, and the frame. Blocks are unfolded
 * without each other, so that a part can be read alone. The file's name is its own SHA-256: {@code
 * sha256sum} checks it. A file appears under its name only when it is whole and on disk; files
 * whose names end in .unfinished were left by a killed writer.
 */
@NullMarked
package io.landshift.store;

import org.jspecify.annotations.NullMarked;
