package io.landshift.ops.bench;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;

/**
 * What the products of one date say of it, in either format.
 *
 * @param index of the date in its series, from 0
 * @param day when it was sensed
 * @param changed whether the planted changes show
 */
record BenchScene(int index, LocalDate day, boolean changed) {
  static final String TILE = "18SVG";
  static final String TIME = "T155911";
  static final int ORBIT = 97;

  /** Where the file of a band lies. */
  interface BandFiles {
    Path of(BenchBand band, boolean changed);
  }

  /** Where the scene classification of a day lies. */
  interface ClassesFiles {
    Path of(LocalDate day);
  }

  /**
   * What is added to the stored numbers of a band before they become reflectance, -21..21: no two
   * dates have the same of all bands, or the store would keep only one of them.
   */
  int addedNumber(BenchBand band) {
    int hash = index * 0x9E3779B1 ^ band.number() * 0x85EBCA77;
    hash = (hash ^ hash >>> 15) * 0x2C1B3C6D;
    return Math.floorMod(hash ^ hash >>> 13, 43) - 21;
  }

  String compactDay() {
    return day.format(DateTimeFormatter.BASIC_ISO_DATE);
  }

  /** The product's name, without an ending. */
  String product() {
    return "S2A_MSIL2A_%s%s_N0214_R%03d_T%s_%sT200000"
        .formatted(compactDay(), TIME, ORBIT, TILE, compactDay());
  }
}
