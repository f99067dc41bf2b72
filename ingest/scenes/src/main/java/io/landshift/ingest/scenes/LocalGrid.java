package io.landshift.ingest.scenes;

import io.landshift.schemas.Grid;
import io.landshift.schemas.PixelWindow;
import io.landshift.schemas.SceneAvailable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings a series that is looked at for itself onto one small grid, instead of the shared cells
 * that a running service keeps its ground on. Pure functions; thread-safe.
 */
public final class LocalGrid {
  /** The code of such a grid, as {@link io.landshift.ingest.raster.Grids#gridOf} uses it. */
  public static final String CODE = "LOCAL";

  private LocalGrid() {}

  /**
   * The grid that the first product of a series covers: its own pixels, whatever cells they fell
   * into.
   *
   * @param scenes in their order, at least one
   */
  public static Grid ofFirst(List<SceneAvailable> scenes) {
    SceneAvailable first = scenes.getFirst();
    Grid grid = first.getGrid();
    double size = grid.getPixelSize();
    double west = Double.POSITIVE_INFINITY;
    double east = Double.NEGATIVE_INFINITY;
    double south = Double.POSITIVE_INFINITY;
    double north = Double.NEGATIVE_INFINITY;
    for (SceneAvailable scene : scenes) {
      if (isSameProduct(first, scene)) {
        Grid cell = scene.getGrid();
        PixelWindow window = scene.getWindow();
        double left = cell.getOriginX() + window.getX() * size;
        double top = cell.getOriginY() - window.getY() * size;
        west = Math.min(west, left);
        north = Math.max(north, top);
        east = Math.max(east, left + window.getWidth() * size);
        south = Math.min(south, top - window.getHeight() * size);
      }
    }
    int width = (int) Math.rint((east - west) / size);
    int height = (int) Math.rint((north - south) / size);
    return new Grid(CODE, grid.getCrs(), west, north, size, width, height);
  }

  /**
   * The scenes on one grid, each product once; scenes of another pixel size or CRS are warped when
   * they are read. Products that do not touch the grid are left out where that can be told from
   * their pixels' lattice, else found when they are read.
   *
   * @param scenes one per product and cell
   */
  public static List<SceneAvailable> onto(Grid grid, List<SceneAvailable> scenes) {
    Map<String, List<SceneAvailable>> products = new LinkedHashMap<>();
    for (SceneAvailable scene : scenes) {
      String key = scene.getProductId() + "\n" + scene.getGeneration() + "\n" + scene.getSource();
      products.computeIfAbsent(key, unseen -> new ArrayList<>()).add(scene);
    }
    List<SceneAvailable> moved = new ArrayList<>();
    for (List<SceneAvailable> cells : products.values()) {
      PixelWindow window = window(grid, cells);
      if (window.getWidth() > 0 && window.getHeight() > 0) {
        moved.add(
            SceneAvailable.newBuilder(cells.getFirst()).setGrid(grid).setWindow(window).build());
      }
    }
    return moved;
  }

  private static PixelWindow window(Grid grid, List<SceneAvailable> cells) {
    Grid covered = ofFirst(cells);
    boolean sameLattice =
        covered.getCrs().equals(grid.getCrs()) && covered.getPixelSize() == grid.getPixelSize();
    if (!sameLattice) {
      return new PixelWindow(0, 0, grid.getWidth(), grid.getHeight());
    }
    double size = grid.getPixelSize();
    long left = Math.round((covered.getOriginX() - grid.getOriginX()) / size);
    long top = Math.round((grid.getOriginY() - covered.getOriginY()) / size);
    int x = Math.clamp(left, 0, grid.getWidth());
    int y = Math.clamp(top, 0, grid.getHeight());
    int right = Math.clamp(left + covered.getWidth(), 0, grid.getWidth());
    int bottom = Math.clamp(top + covered.getHeight(), 0, grid.getHeight());
    return new PixelWindow(x, y, right - x, bottom - y);
  }

  private static boolean isSameProduct(SceneAvailable one, SceneAvailable other) {
    return one.getProductId().equals(other.getProductId())
        && one.getGeneration() == other.getGeneration()
        && one.getGrid().getCrs().equals(other.getGrid().getCrs())
        && one.getGrid().getPixelSize() == other.getGrid().getPixelSize();
  }
}
