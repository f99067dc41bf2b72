package io.landshift.training.networks;

import java.util.List;

/** The published sizes of ConvNeXt V2. */
public enum ConvNextSize {
  /** 3.39 million parameters with twelve bands. */
  ATTO(40, 2, 6),
  /** 4.85 million. */
  FEMTO(48, 2, 6),
  /** 8.56 million. */
  PICO(64, 2, 6),
  /** 14.99 million. */
  NANO(80, 2, 8),
  /** 27.9 million. */
  TINY(96, 3, 9);

  private final int width;
  private final int shallow;
  private final int deep;

  ConvNextSize(int width, int shallow, int deep) {
    this.width = width;
    this.shallow = shallow;
    this.deep = deep;
  }

  /** Channels of the first level; each next level has twice as many. */
  public int width() {
    return width;
  }

  /** Blocks of each of the four levels. */
  public List<Integer> depths() {
    return List.of(shallow, shallow, deep, shallow);
  }
}
