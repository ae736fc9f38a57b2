package io.nightshift;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
          .resideInAnyPackage(
              "org.apache.flink..",
              "org.apache.parquet..",
              "org.apache.arrow..",
              "org.apache.hadoop..");

  @ArchTest
  static final ArchRule AUTOMATA_STAY_IN_CONSTRAINTS =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.nightshift.runtime.constraint..", "io.nightshift.operators.answer..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.lucene..");

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

  /** Also where the compiler inlines what is used, which no rule about bytecode sees. */
  @ArchTest
  static void noArrowPointsTheWrongWay(JavaClasses classes) throws IOException {
    PackageGraph graph = graph(classes);
    Predicate<String> engine = below("io.nightshift.runtime");
    Predicate<String> benchmarks = below("io.nightshift.runtime.bench");
    Predicate<String> devices = below("io.nightshift.runtime.cpu", "io.nightshift.runtime.cuda");
    Predicate<String> afterInference =
        below("io.nightshift.operators.order", "io.nightshift.operators.compact");
    Predicate<String> inference =
        below("io.nightshift.operators.infer", "io.nightshift.operators.model").or(engine);

    assertThat(graph.uses(engine.and(benchmarks.negate()), benchmarks)).isEmpty();
    assertThat(graph.uses(engine.and(devices.negate()), devices)).isEmpty();
    assertThat(graph.uses(afterInference, inference)).isEmpty();
  }

  /** Packages, and subtrees of packages at any depth, do not use each other in a circle. */
  @ArchTest
  static void packagesHaveNoCycles(JavaClasses classes) throws IOException {
    PackageGraph graph = graph(classes);
    Map<Set<String>, String> cycles = new LinkedHashMap<>();
    for (int depth = 1; depth <= graph.depth(); depth++) {
      PackageGraph subtrees = graph.upTo(depth);
      subtrees
          .cycles()
          .forEach(cycle -> cycles.putIfAbsent(cycle, cycle + "\n" + subtrees.describe(cycle)));
    }
    assertThat(cycles.values()).isEmpty();
  }

  private static PackageGraph graph(JavaClasses classes) throws IOException {
    PackageGraph graph = new PackageGraph();
    graph.add(classes);
    graph.addSources(Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve(".."));
    return graph;
  }

  private static Predicate<String> below(String... roots) {
    return name ->
        Stream.of(roots).anyMatch(root -> name.equals(root) || name.startsWith(root + "."));
  }
}
