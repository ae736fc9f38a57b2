package io.nightshift;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The package tree is the architecture: these are its arrows. */
@AnalyzeClasses(
    packages = "io.nightshift",
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      ArchitectureTest.DoNotIncludeTestJars.class
    })
class ArchitectureTest {

  /** Leaves out the engine's tests, which are on the class path as a jar. */
  static final class DoNotIncludeTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule MODULES =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("job")
          .definedBy("io.nightshift.job..")
          .layer("operators")
          .definedBy("io.nightshift.operators..")
          .layer("connectors")
          .definedBy("io.nightshift.connectors..")
          .layer("gpu-runtime")
          .definedBy("io.nightshift.runtime..")
          .whereLayer("job")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("operators")
          .mayOnlyBeAccessedByLayers("job")
          .whereLayer("connectors")
          .mayOnlyBeAccessedByLayers("job", "operators")
          .whereLayer("gpu-runtime")
          .mayOnlyBeAccessedByLayers("job", "operators");

  @ArchTest
  static final ArchRule ENGINE_KNOWS_NO_FLINK_AND_NO_PARQUET =
      noClasses()
          .that()
          .resideInAPackage("io.nightshift.runtime..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache..");

  @ArchTest
  static final ArchRule DEVICES_ARE_KNOWN_BY_NOBODY_IN_THE_ENGINE =
      noClasses()
          .that()
          .resideInAPackage("io.nightshift.runtime..")
          .and()
          .resideOutsideOfPackages("io.nightshift.runtime.cpu..", "io.nightshift.runtime.cuda..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.nightshift.runtime.cpu..", "io.nightshift.runtime.cuda..");

  @ArchTest
  static final ArchRule DEVICES_DO_NOT_KNOW_THE_ENGINE =
      noClasses()
          .that()
          .resideInAnyPackage("io.nightshift.runtime.cpu..", "io.nightshift.runtime.cuda..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.nightshift.runtime.engine..",
              "io.nightshift.runtime.scheduler..",
              "io.nightshift.runtime.kvcache..");

  @ArchTest
  static final ArchRule ENGINE_CONFIG_IS_AT_THE_BOTTOM =
      classes()
          .that()
          .resideInAPackage("io.nightshift.runtime.config..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.nightshift.runtime.config..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule NATIVE_TYPES_STAY_IN_THE_DEVICES =
      noClasses()
          .that(
              not(
                  resideInAnyPackage(
                      "io.nightshift.runtime.cpu..", "io.nightshift.runtime.cuda..")))
          .should()
          .dependOnClassesThat(resideInAPackage("org.bytedeco.."));

  @ArchTest
  static final ArchRule SCHEDULER_NEVER_TOUCHES_THE_DEVICE =
      noClasses()
          .that()
          .resideInAPackage("io.nightshift.runtime.scheduler..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.nightshift.runtime.runner.ModelRunner");

  @ArchTest
  static final ArchRule KV_CACHE_IS_BELOW_THE_SCHEDULER =
      classes()
          .that()
          .resideInAPackage("io.nightshift.runtime.kvcache..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.nightshift.runtime.kvcache..",
              "io.nightshift.runtime.runner..",
              "java..",
              "org.jspecify..",
              "org.slf4j..");

  @ArchTest
  static final ArchRule DATA_FLOWS_ONE_WAY =
      slices().matching("io.nightshift.(*).(*)..").should().beFreeOfCycles();
}
