package io.landshift.detection;

import java.io.Serializable;

/**
 * A mask head that gives a second opinion on what is clear.
 *
 * @param href folder or zip of its bundle, as seen by every worker
 * @param digest the bundle's digest
 */
public record MaskModel(String href, String digest) implements Serializable {}
