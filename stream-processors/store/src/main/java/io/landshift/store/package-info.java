/**
 * The content-addressed store of pixels: features, masks, scores and status.
 *
 * <p>What is computed of a chunk is written once under the SHA-256 of its content and never
 * changed. Who refers to it holds the digest: going back to an earlier state is going back to
 * earlier digests, writing the same twice is writing it once, and what comes back is what was
 * written or a failure. The local store keeps one file per content:
 *
 * <pre>
 * ROOT/MGRS-33TWL/c003-r010/status/6b86b273....zst
 * </pre>
 *
 * <p>A file is a header of 12 bytes (the letters LSP1, the length of the content as a little-endian
 * 64-bit number) and one Zstandard frame. It appears under its name only when it is whole and on
 * disk; files whose names begin with a dot are unfinished and may be deleted when no writer runs.
 */
@NullMarked
package io.landshift.store;

import org.jspecify.annotations.NullMarked;
