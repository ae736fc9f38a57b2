package io.nightshift.job.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hosts of their own on this machine: network namespaces on a bridge that leads nowhere else. Needs
 * {@code ip} of Debian's package iproute2, and the right to make namespaces.
 */
final class HostNetwork implements AutoCloseable {
  private static final String ADDRESS = "10.213.%s.%s";

  private final String bridge;
  private final int subnet;
  private final List<Host> hosts = new ArrayList<>();

  private HostNetwork(String bridge, int subnet) {
    this.bridge = bridge;
    this.subnet = subnet;
  }

  /** A host: a process is on it that is started with its wrapper. */
  record Host(String name, String address) {
    /** The command that starts another on this host. */
    List<String> wrapper() {
      return List.of("ip", "netns", "exec", name);
    }

    /** Pulls the cable. */
    void cutOff() throws IOException, InterruptedException {
      Commands.run("ip", "link", "set", name, "down");
    }

    /** Plugs the cable in again. */
    void reconnect() throws IOException, InterruptedException {
      Commands.run("ip", "link", "set", name, "up");
    }
  }

  /** A network with so many hosts; empty where this user may not make one. */
  static Optional<HostNetwork> create(int hosts) throws InterruptedException {
    long pid = ProcessHandle.current().pid();
    String bridge = "night" + Long.toString(pid, Character.MAX_RADIX);
    HostNetwork network = new HostNetwork(bridge, (int) (pid % 250) + 1);
    try {
      network.build(hosts);
      return Optional.of(network);
    } catch (IOException e) {
      network.close();
      return Optional.empty();
    }
  }

  private void build(int count) throws IOException, InterruptedException {
    Commands.run("ip", "link", "add", bridge, "type", "bridge");
    Commands.run("ip", "address", "add", address() + "/24", "dev", bridge);
    Commands.run("ip", "link", "set", bridge, "up");
    for (int number = 0; number < count; number++) {
      Host host = new Host(bridge + "h" + number, ADDRESS.formatted(subnet, number + 2));
      Commands.run("ip", "netns", "add", host.name());
      hosts.add(host);
      String inside = "eth0";
      Commands.run(
          "ip",
          "link",
          "add",
          host.name(),
          "type",
          "veth",
          "peer",
          "name",
          inside,
          "netns",
          host.name());
      Commands.run("ip", "link", "set", host.name(), "master", bridge, "up");
      Commands.run(
          "ip", "-n", host.name(), "address", "add", host.address() + "/24", "dev", inside);
      Commands.run("ip", "-n", host.name(), "link", "set", inside, "up");
      Commands.run("ip", "-n", host.name(), "link", "set", "lo", "up");
    }
  }

  /** The address of the machine itself, as hosts see it. */
  String address() {
    return ADDRESS.formatted(subnet, 1);
  }

  List<Host> hosts() {
    return List.copyOf(hosts);
  }

  @Override
  public void close() throws InterruptedException {
    for (Host host : hosts) {
      Commands.succeeds("ip", "link", "delete", host.name());
      Commands.succeeds("ip", "netns", "delete", host.name());
    }
    Commands.succeeds("ip", "link", "delete", bridge);
  }
}
