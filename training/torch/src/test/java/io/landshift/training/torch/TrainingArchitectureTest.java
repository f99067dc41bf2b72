package io.landshift.training.torch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * The rules of the modules that the program's own architecture test cannot see: nothing that serves
 * has libtorch on its class path.
 */
class TrainingArchitectureTest {
  private static final String TORCH = "io.landshift.training.torch..";
  private static final String LIBTORCH = "org.bytedeco..";

  private final JavaClasses training =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.landshift");

  @Test
  void libtorchIsSeenByOneModule() {
    noClasses()
        .that()
        .resideOutsideOfPackage(TORCH)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(LIBTORCH)
        .check(training);
    // and the rule is about something
    assertThat(
            noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage(LIBTORCH)
                .evaluate(training)
                .hasViolation())
        .isTrue();
  }

  @Test
  void trainingKnowsNetworksAndNothingThatServes() {
    classes()
        .that()
        .resideInAPackage(TORCH)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            TORCH, "io.landshift.training.networks..", LIBTORCH, "org.jspecify..", "java..")
        .check(training);
  }

  @Test
  void theStreamProcessorsAreNotOnTheClassPath() {
    assertThat(training.stream().map(type -> type.getPackageName()))
        .noneMatch(name ->
            name.startsWith("io.landshift.detection")
                || name.startsWith("io.landshift.change")
                || name.startsWith("io.landshift.store")
                || name.startsWith("io.landshift.alerts"))
        .anyMatch(name -> name.startsWith("io.landshift.training.networks"));
  }
}
