package io.landshift.training.runs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls of what trains: all of it is on this class path. */
class RunsArchitectureTest {
  private final JavaClasses training =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.landshift.training");

  @Test
  void libtorchIsSeenByItsInterpreterOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.landshift.training.torch")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
        .check(training);
  }

  @Test
  void fineTuningKnowsNetworksTheirTrainerAndSamples() {
    classes()
        .that()
        .resideInAPackage("io.landshift.training.finetuning")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.landshift.training.finetuning",
            "io.landshift.training.networks",
            "io.landshift.training.torch",
            "io.landshift.training.samples",
            "io.landshift.ingest.scenes",
            "io.landshift.model.bundle",
            "org.jspecify..",
            "java..")
        .check(training);
  }

  @Test
  void theStreamProcessorsAreNotOnTheClassPath() {
    ClassLoader classes = getClass().getClassLoader();
    assertThat(classes.getResource("io/landshift/training/finetuning")).isNotNull();
    assertThat(Stream.of("detection", "change", "store", "alerts", "ops"))
        .allMatch(name -> classes.getResource("io/landshift/" + name) == null);
  }
}
