package io.landshift.change;

/**
 * The pixels of an earlier look, as one candidate for the reference of a date.
 *
 * <p>Nobody may write to the arrays once the record has been handed on.
 *
 * @param features quantised features, planar {@code [channels * pixels]}; feature = q * step,
 *     {@value ReferenceStatistics#INVALID} = not valid
 * @param usable per pixel 1 where the look counts, else 0
 * @param seasonOffset where the look lies in the season, as {@link ReferenceLooks#seasonOffset}
 */
public record LookPixels(short[] features, byte[] usable, int seasonOffset) {}
