package io.landshift.model.bundle;

/** The part that a graph of a bundle plays, named as its asset in the manifest. */
public enum GraphRole {
  /** Bands to features. */
  ENCODER("encoder"),
  /** Features to class probabilities. */
  SEGMENTATION("segmentation"),
  /** Current features, reference centre and reference spread to named scores. */
  CHANGE("change");

  private final String key;

  GraphRole(String key) {
    this.key = key;
  }

  /** The key of the graph's asset in {@code bundle.json}. */
  public String key() {
    return key;
  }
}
