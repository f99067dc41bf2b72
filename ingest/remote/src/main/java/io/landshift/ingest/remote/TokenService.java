package io.landshift.ingest.remote;

import java.io.Serializable;

/**
 * A service that hands out the signatures with which files of a blob store may be read, as
 * Planetary Computer's does. Immutable.
 *
 * @param url asked for as {@code url/ACCOUNT/CONTAINER}; answers JSON with {@code token} and {@code
 *     msft:expiry}
 * @param storage the hosts it signs for are {@code ACCOUNT.storage}
 */
public record TokenService(String url, String storage) implements Serializable {}
