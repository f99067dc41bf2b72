package io.landshift.ingest.raster;

/** How the smaller copies in a product are made. */
public enum Overviews {
  /** Every n-th pixel: for classes, statuses and dates. */
  NEAREST,
  /** The mean of the pixels with data: for scores. */
  AVERAGE,
  /** The commonest number: for classes that are to be looked at. */
  MODE
}
