package io.landshift.training.pretraining;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What pretraining knows: libtorch is on its class path, but only its interpreter sees it. */
class PretrainingArchitectureTest {
  private static final String PRETRAINING = "io.landshift.training.pretraining";

  @Test
  void knowsNetworksTheirTrainerAndSamples() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            PRETRAINING,
            "io.landshift.training.networks",
            "io.landshift.training.torch",
            "io.landshift.training.samples",
            "org.jspecify..",
            "java..")
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(PRETRAINING));
  }

  @Test
  void theStreamProcessorsAreNotOnTheClassPath() {
    ClassLoader classes = getClass().getClassLoader();
    assertThat(classes.getResource("io/landshift/training/networks")).isNotNull();
    assertThat(Stream.of("detection", "change", "store", "alerts"))
        .allMatch(name -> classes.getResource("io/landshift/" + name) == null);
  }
}
