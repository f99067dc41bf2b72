package io.landshift.ops.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one-way graph of modules and the walls around the frameworks. */
class ArchitectureTest {
  /** A module, by its package, and the modules that it may know. */
  private enum Room {
    SCHEMAS("io.landshift.schemas"),
    REMOTE("io.landshift.ingest.remote", SCHEMAS),
    RASTER("io.landshift.ingest.raster", SCHEMAS, REMOTE),
    SCENES("io.landshift.ingest.scenes", SCHEMAS, REMOTE, RASTER),
    CATALOG("io.landshift.ingest.catalog", SCHEMAS, REMOTE, RASTER, SCENES),
    BUNDLE("io.landshift.model.bundle", SCHEMAS),
    INFERENCE("io.landshift.model.inference", SCHEMAS, BUNDLE),
    CHANGE("io.landshift.change"),
    STORE("io.landshift.store", SCHEMAS),
    DETECTION(
        "io.landshift.detection",
        SCHEMAS,
        REMOTE,
        RASTER,
        SCENES,
        BUNDLE,
        INFERENCE,
        CHANGE,
        STORE),
    ALERTS("io.landshift.alerts", SCHEMAS),
    NETWORKS("io.landshift.training.networks", SCHEMAS),
    ONNX("io.landshift.training.onnx", SCHEMAS, BUNDLE, NETWORKS),
    EVALUATION("io.landshift.training.evaluation", SCHEMAS, RASTER),
    SAMPLES("io.landshift.training.samples", SCHEMAS, RASTER, SCENES, CATALOG, BUNDLE),
    LOCAL(
        "io.landshift.ops.local",
        SCHEMAS,
        REMOTE,
        RASTER,
        SCENES,
        CATALOG,
        BUNDLE,
        INFERENCE,
        CHANGE,
        STORE,
        DETECTION,
        ALERTS),
    BENCH(
        "io.landshift.ops.bench",
        SCHEMAS,
        RASTER,
        CATALOG,
        BUNDLE,
        INFERENCE,
        CHANGE,
        DETECTION,
        ONNX,
        LOCAL),
    CLI(
        "io.landshift.ops.cli",
        SCHEMAS,
        REMOTE,
        RASTER,
        SCENES,
        CATALOG,
        BUNDLE,
        INFERENCE,
        CHANGE,
        STORE,
        DETECTION,
        ALERTS,
        EVALUATION,
        LOCAL,
        BENCH);

    private final String root;
    private final Set<Room> known;

    Room(String root, Room... known) {
      this.root = root;
      this.known = Set.of(known);
    }

    String packages() {
      return root + "..";
    }

    boolean holds(JavaClass type) {
      return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
    }
  }

  /** Packages of a framework, and the only package that may see it. */
  private static final Map<String, String> WALLS =
      Map.of(
          "org.apache.hc..", Room.REMOTE.packages(),
          "org.gdal..", Room.RASTER.packages(),
          "ai.onnxruntime..", Room.INFERENCE.packages(),
          "org.apache.flink..", Room.DETECTION.packages(),
          "org.apache.kafka.streams..", Room.ALERTS.packages(),
          "org.bytedeco..", "io.landshift.training.torch..");

  private static JavaClasses product;

  @BeforeAll
  static void read() {
    product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.landshift");
  }

  @ParameterizedTest
  @EnumSource
  void aModuleKnowsOnlyThoseBelowIt(Room room) {
    // when, then: a rule about no class at all would hold, so there must be some
    assertThat(product.stream().filter(room::holds)).hasSizeGreaterThan(5);
    oneWay(room, room.known).check(product);
  }

  @Test
  void everyClassIsInAModule() {
    // when
    List<JavaClass> outside =
        product.stream()
            .filter(type -> Arrays.stream(Room.values()).noneMatch(room -> room.holds(type)))
            .toList();

    // then
    assertThat(outside).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SCHEMAS", "CHANGE"})
  void theGraphSeesWhatModulesKnow(Room room) {
    // given: the same rule, with nothing allowed
    ArchRule nothing = oneWay(room, Set.of());

    // when, then
    assertThat(nothing.evaluate(product).hasViolation()).isTrue();
  }

  @Test
  void theGraphSeesATrespassOfTheLowestModules() {
    // given
    JavaClasses trespassers =
        fixtures("io.landshift.change.trespass", "io.landshift.schemas.trespass");

    // when, then
    assertThat(oneWay(Room.CHANGE, Room.CHANGE.known).evaluate(trespassers).hasViolation())
        .isTrue();
    assertThat(oneWay(Room.SCHEMAS, Room.SCHEMAS.known).evaluate(trespassers).hasViolation())
        .isTrue();
  }

  @Test
  void packagesDoNotGoInCircles() {
    packagesWithoutCycles().check(product);
  }

  @Test
  void aCircleOfPackagesIsSeen() {
    // given: the events and the algorithms know each other once the trespassers are let in
    ArchRule rooms = slices().matching("io.landshift.(*)..").should().beFreeOfCycles();

    // when, then
    assertThat(
            rooms.evaluate(fixtures("io.landshift.change", "io.landshift.schemas")).hasViolation())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.hc..",
        "org.gdal..",
        "ai.onnxruntime..",
        "org.apache.flink..",
        "org.apache.kafka.streams..",
        "org.bytedeco.."
      })
  void aFrameworkIsSeenByOneModule(String framework) {
    wall(framework).check(product);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.hc..",
        "org.gdal..",
        "ai.onnxruntime..",
        "org.apache.flink..",
        "org.apache.kafka.streams.."
      })
  void aWallIsNotAroundNothing(String framework) {
    // given: who sees the framework at all
    ArchRule nobody = noClasses().should().dependOnClassesThat().resideInAPackage(framework);

    // when, then
    assertThat(nobody.evaluate(product).hasViolation()).isTrue();
    assertThat(wall(framework).evaluate(fixtures("io.landshift.ops.cli.trespass")).hasViolation())
        .isTrue();
  }

  @Test
  void everyPackageIsNullMarked() {
    // when, then
    nullMarked().check(product);
    assertThat(nullMarked().evaluate(fixtures("io.landshift.unmarked")).hasViolation()).isTrue();
  }

  private static ArchRule oneWay(Room room, Set<Room> known) {
    String[] unknown =
        EnumSet.allOf(Room.class).stream()
            .filter(other -> other != room && !known.contains(other))
            .map(Room::packages)
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(room.packages())
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(unknown);
  }

  private static ArchRule packagesWithoutCycles() {
    return slices().matching("io.landshift.(**)").should().beFreeOfCycles();
  }

  private static ArchRule wall(String framework) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(WALLS.get(framework))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(framework);
  }

  private static ArchRule nullMarked() {
    return classes()
        .should(
            new ArchCondition<>("be in a package that is @NullMarked") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(
                    new SimpleConditionEvent(
                        type, marked, type.getName() + " is in no @NullMarked package"));
              }
            });
  }

  private static JavaClasses fixtures(String... packages) {
    return new ClassFileImporter().importPackages(packages);
  }
}
