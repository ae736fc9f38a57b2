package io.nightshift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackageGraphTest {
  private final PackageGraph graph = new PackageGraph();

  @Test
  void findsCycleOfParentAndChild() {
    graph.addSources(
        List.of(
            "package a.b;\nimport a.b.c.Lower;\n",
            "package a.b.c;\nimport static a.b.Upper.CONSTANT;\n"));

    assertThat(graph.cycles()).containsExactly(Set.of("a.b", "a.b.c"));
    assertThat(graph.describe(Set.of("a.b", "a.b.c")))
        .contains("a.b -> a.b.c: import of Lower", "a.b.c -> a.b: import of Upper.CONSTANT");
  }

  @Test
  void findsCycleThroughOthers() {
    graph.addSources(
        List.of(
            "package a;\nimport b.*;\n",
            "package b;\nimport c.C;\n",
            "package c;\nimport a.A;\n",
            "package d;\nimport a.A;\n"));

    assertThat(graph.cycles()).containsExactly(Set.of("a", "b", "c"));
  }

  @Test
  void findsCycleOfSubtreesFromFurtherAway() {
    graph.addSources(
        List.of(
            "package a.one;\nimport a.two.inner.Inner;\n",
            "package a.two.inner;\n",
            "package a.two;\nimport a.one.One;\n"));

    assertThat(graph.cycles()).isEmpty();
    assertThat(graph.upTo(2).cycles()).containsExactly(Set.of("a.one", "a.two"));
  }

  @Test
  void ignoresPackagesOfOthers() {
    graph.addSources(List.of("package a;\nimport java.util.List;\n"));

    assertThat(graph.depth()).isZero();
  }
}
