package io.nightshift;

import static java.util.stream.Collectors.joining;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which package uses which. The arrows come from the bytecode and from the import statements of the
 * sources: the compiler inlines constants, so that the bytecode does not show every use.
 */
final class PackageGraph {
  private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
  private static final Pattern IMPORT =
      Pattern.compile("(?m)^import (?:static )?([\\w.]+?)(?:\\.\\*)?;");

  /** Uses by the package that uses, and the package that is used. */
  private final Map<String, Map<String, Set<String>>> arrows = new TreeMap<>();

  /** Adds the arrows of compiled classes. */
  void add(JavaClasses classes) {
    for (JavaClass from : classes) {
      from.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(to -> classes.contain(to.getName()))
          .forEach(
              to ->
                  add(
                      from.getPackageName(),
                      to.getPackageName(),
                      simpleName(from.getName()) + " uses " + simpleName(to.getName())));
    }
  }

  private static String simpleName(String className) {
    return className.substring(className.lastIndexOf('.') + 1).replaceFirst("\\$.*", "");
  }

  /**
   * Adds the arrows of the import statements of all modules.
   *
   * @param project folder of the modules' folders
   */
  void addSources(Path project) throws IOException {
    List<String> sources = new ArrayList<>();
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(project)) {
      for (Path module : modules) {
        Path folder = module.resolve("src/main/java");
        if (Files.isDirectory(folder)) {
          try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
              sources.add(Files.readString(file));
            }
          }
        }
      }
    }
    addSources(sources);
  }

  /** Adds the arrows of the import statements of sources to the packages of the same sources. */
  void addSources(List<String> sources) {
    Set<String> packages = new TreeSet<>();
    sources.forEach(source -> packages.add(packageOf(source)));
    for (String source : sources) {
      Matcher imported = IMPORT.matcher(source);
      while (imported.find()) {
        String name = imported.group(1);
        String used = name;
        while (!used.isEmpty() && !packages.contains(used)) {
          used = used.substring(0, Math.max(0, used.lastIndexOf('.')));
        }
        if (!used.isEmpty()) {
          String what = name.equals(used) ? "all" : name.substring(used.length() + 1);
          add(packageOf(source), used, "import of " + what);
        }
      }
    }
  }

  private static String packageOf(String source) {
    Matcher declaration = PACKAGE.matcher(source);
    if (!declaration.find()) {
      throw new IllegalArgumentException("A source has no package declaration: " + source);
    }
    return declaration.group(1);
  }

  private void add(String from, String to, String use) {
    if (!from.equals(to)) {
      arrows
          .computeIfAbsent(from, name -> new TreeMap<>())
          .computeIfAbsent(to, name -> new TreeSet<>())
          .add(use);
    }
  }

  /**
   * The same graph seen from further away: packages below the given depth are one with their
   * ancestor of that depth.
   *
   * @param depth names that a package has at most
   */
  PackageGraph upTo(int depth) {
    PackageGraph graph = new PackageGraph();
    arrows.forEach(
        (from, targets) ->
            targets.forEach(
                (to, uses) ->
                    uses.forEach(use -> graph.add(cut(from, depth), cut(to, depth), use))));
    return graph;
  }

  private static String cut(String name, int depth) {
    return Stream.of(name.split("\\.")).limit(depth).collect(joining("."));
  }

  /** The most names that a package of the graph has. */
  int depth() {
    return packages().stream().mapToInt(name -> name.split("\\.").length).max().orElse(0);
  }

  /** The largest sets of packages of which each uses all others, directly or through others. */
  Set<Set<String>> cycles() {
    Set<Set<String>> cycles = new LinkedHashSet<>();
    Map<String, Set<String>> reached = new TreeMap<>();
    packages().forEach(name -> reached.put(name, reachedFrom(name)));
    reached.forEach(
        (name, others) -> {
          if (others.contains(name)) {
            Set<String> cycle = new TreeSet<>(others);
            cycle.removeIf(other -> !reached.getOrDefault(other, Set.of()).contains(name));
            cycles.add(cycle);
          }
        });
    return cycles;
  }

  private Set<String> packages() {
    Set<String> packages = new TreeSet<>(arrows.keySet());
    arrows.values().forEach(targets -> packages.addAll(targets.keySet()));
    return packages;
  }

  private Set<String> reachedFrom(String start) {
    Set<String> reached = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(start));
    while (!open.isEmpty()) {
      for (String next : arrows.getOrDefault(open.pop(), Map.of()).keySet()) {
        if (reached.add(next)) {
          open.push(next);
        }
      }
    }
    return reached;
  }

  /** The arrows between the packages of a cycle, a line each, with the uses that they stand for. */
  String describe(Set<String> cycle) {
    return String.join("\n", uses(cycle::contains, cycle::contains));
  }

  /** The arrows from some packages to some others, with the uses that they stand for. */
  List<String> uses(Predicate<String> from, Predicate<String> to) {
    List<String> lines = new ArrayList<>();
    arrows.forEach(
        (source, targets) ->
            targets.forEach(
                (target, uses) -> {
                  if (from.test(source) && to.test(target)) {
                    lines.add(source + " -> " + target + ": " + String.join(", ", uses));
                  }
                }));
    return lines;
  }
}
