package io.landshift.ops.local;

import java.time.LocalDate;
import java.util.List;

/**
 * What the numbers of a pair of rasters mean.
 *
 * @param sensor {@code sentinel-2-msi}, {@code landsat-tm}, ...
 * @param bands names in the order of the rasters; empty = their own descriptions
 * @param scale reflectance = number * scale + offset
 * @param nodata the number that is no data
 * @param beforeDate must be before {@code afterDate}
 */
public record PairOptions(
    String sensor,
    List<String> bands,
    double scale,
    double offset,
    double nodata,
    LocalDate beforeDate,
    LocalDate afterDate) {}
