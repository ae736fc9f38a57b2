package io.nightshift.runtime.cuda.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The processors that this process may use, divided among its engines: each gets whole cores of the
 * NUMA node that its GPU is attached to, where Linux says which one that is ({@code
 * Documentation/ABI/testing/sysfs-bus-pci} and {@code sysfs-devices-node} of the kernel).
 */
public final class HostProcessors {
  private final Path sys;
  private final BitSet allowed;

  /**
   * @param sys {@code /sys}
   * @param allowed processors of this process
   */
  HostProcessors(Path sys, BitSet allowed) {
    this.sys = sys;
    this.allowed = allowed;
  }

  /** The processors that this process may use, however its threads are bound. */
  public static HostProcessors ofThisProcess() {
    return new HostProcessors(Path.of("/sys"), ThreadAffinity.ofProcess());
  }

  /** The processors that the calling thread is bound to. */
  public static HostProcessors ofThisThread() {
    return new HostProcessors(Path.of("/sys"), ThreadAffinity.ofThread());
  }

  /**
   * Divides the processors among engines: those of each node evenly among the engines whose GPUs
   * are attached to it. If the node of a GPU is unknown, or an engine would get less than half of
   * what it gets without nodes, all processors are divided evenly. No two engines share a
   * processor, unless there are more engines than processors.
   *
   * @param pciBusIds addresses of the engines' GPUs, at least one
   * @return the processors of each engine, in this order
   */
  public List<BitSet> divide(List<String> pciBusIds) {
    List<BitSet> evenly = cut(allowed, pciBusIds.size());
    Map<BitSet, List<Integer>> nodes = new LinkedHashMap<>();
    for (int engine = 0; engine < pciBusIds.size(); engine++) {
      nodes
          .computeIfAbsent(processorsNear(pciBusIds.get(engine)), node -> new ArrayList<>())
          .add(engine);
    }
    List<BitSet> shares = new ArrayList<>(Collections.nCopies(pciBusIds.size(), allowed));
    for (Map.Entry<BitSet, List<Integer>> node : nodes.entrySet()) {
      List<BitSet> parts = cut(node.getKey(), node.getValue().size());
      for (int i = 0; i < parts.size(); i++) {
        int engine = node.getValue().get(i);
        if (2 * parts.get(i).cardinality() < evenly.get(engine).cardinality()) {
          return evenly;
        }
        shares.set(engine, parts.get(i));
      }
    }
    return shares;
  }

  /** The allowed processors of the node that a device is attached to; none if that is unknown. */
  private BitSet processorsNear(String pciBusId) {
    BitSet processors = new BitSet();
    OptionalInt node = node(pciBusId);
    if (node.isPresent()) {
      try {
        String file = "devices/system/node/node%s/cpulist".formatted(node.getAsInt());
        processors.or(ProcessorList.parse(read(file)));
      } catch (IOException | NumberFormatException e) {
        processors.clear(); // A container that hides its host.
      }
    }
    processors.and(allowed);
    return processors;
  }

  /** The NUMA node that a device is attached to; empty if that is unknown. */
  public OptionalInt node(String pciBusId) {
    try {
      int node = Integer.parseInt(read("bus/pci/devices/" + pciBusId + "/numa_node"));
      return node < 0 ? OptionalInt.empty() : OptionalInt.of(node);
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty(); // A virtual machine or container that hides its host.
    }
  }

  /** Cuts processors into parts of about as many cores each. */
  private List<BitSet> cut(BitSet processors, int parts) {
    List<BitSet> cores = cores(processors);
    if (cores.size() < parts) {
      return Collections.nCopies(parts, processors);
    }
    List<BitSet> result = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      BitSet share = new BitSet();
      cores
          .subList(part * cores.size() / parts, (part + 1) * cores.size() / parts)
          .forEach(share::or);
      result.add(share);
    }
    return result;
  }

  /** The processors by core: hardware threads of one core are siblings. */
  private List<BitSet> cores(BitSet processors) {
    Map<Integer, BitSet> cores = new TreeMap<>();
    processors.stream()
        .forEach(
            processor ->
                cores
                    .computeIfAbsent(firstSibling(processor), core -> new BitSet())
                    .set(processor));
    return List.copyOf(cores.values());
  }

  private int firstSibling(int processor) {
    try {
      String file = "devices/system/cpu/cpu%s/topology/thread_siblings_list".formatted(processor);
      return Math.max(0, ProcessorList.parse(read(file)).nextSetBit(0));
    } catch (IOException | NumberFormatException e) {
      return processor;
    }
  }

  private String read(String file) throws IOException {
    return Files.readString(sys.resolve(file)).strip();
  }
}
