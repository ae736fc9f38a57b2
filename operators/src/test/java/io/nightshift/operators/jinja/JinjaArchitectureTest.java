package io.nightshift.operators.jinja;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between Jinja's packages, and which of them others may use. */
@AnalyzeClasses(
    packages = "io.nightshift.operators",
    importOptions = ImportOption.DoNotIncludeTests.class)
class JinjaArchitectureTest {
  private static final String JINJA = "io.nightshift.operators.jinja";

  @ArchTest
  static final ArchRule ARROWS_RUN_ONE_WAY =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("jinja")
          .definedBy(JINJA)
          .layer("syntax")
          .definedBy(JINJA + ".syntax..")
          .layer("builtins")
          .definedBy(JINJA + ".builtins..")
          .layer("runtime")
          .definedBy(JINJA + ".runtime..")
          .whereLayer("jinja")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("syntax")
          .mayOnlyBeAccessedByLayers("jinja")
          .whereLayer("builtins")
          .mayOnlyBeAccessedByLayers("jinja")
          .whereLayer("runtime")
          .mayOnlyBeAccessedByLayers("jinja", "syntax", "builtins");

  @ArchTest
  static final ArchRule SUB_PACKAGES_HAVE_NO_CYCLES =
      slices().matching(JINJA + ".(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule SUB_PACKAGES_ARE_KNOWN_TO_JINJA_ONLY =
      noClasses()
          .that()
          .resideOutsideOfPackage(JINJA + "..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(JINJA + ".*..");
}
