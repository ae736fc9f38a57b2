package io.nightshift.runtime.energy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The energy of a CPU package, which the processor counts (Running Average Power Limit) and Linux
 * shows in {@code /sys/class/powercap}. The counter starts anew at a value that it names, on a busy
 * processor about every quarter of an hour: it must be read more often than that.
 *
 * <p>Since Linux 5.10 only root may read it (CVE-2020-8694), unless the administrator permits it.
 *
 * @see <a href="https://docs.kernel.org/power/powercap/powercap.html">Power capping framework</a>
 */
public final class RaplEnergyCounter implements EnergyCounter {
  private static final Path POWER_CAPPING = Path.of("/sys/class/powercap");
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final String ZONES = "intel-rapl:*";
  private static final double MICROJOULES = 1e-6;

  private final EnergyDevice device;
  private final Path zone;
  private long last = -1;
  private long total;

  private RaplEnergyCounter(EnergyDevice device, Path zone) {
    this.device = device;
    this.zone = zone;
  }

  /** Counters of the packages of this host; one that says why not if there are none. */
  public static List<EnergyCounter> ofThisHost() {
    return of(POWER_CAPPING, host());
  }

  /**
   * Counters of packages.
   *
   * @param folder with a folder for each zone
   * @param host identifies it
   */
  static List<EnergyCounter> of(Path folder, String host) {
    List<EnergyCounter> packages = new ArrayList<>();
    String problem = "the processor has no RAPL counters (" + folder.resolve(ZONES) + ")";
    try (var zones = Files.isDirectory(folder) ? Files.newDirectoryStream(folder, ZONES) : null) {
      for (Path zone : zones == null ? List.<Path>of() : zones) {
        String name = Files.readString(zone.resolve("name")).strip();
        // Other zones are parts of a package, or the whole machine.
        if (name.startsWith("package")) {
          EnergyDevice device = new EnergyDevice(EnergyDevice.Kind.CPU, name + " of " + host);
          packages.add(new RaplEnergyCounter(device, zone));
        }
      }
    } catch (IOException e) {
      problem = cause(folder, e);
    }
    return packages.isEmpty() ? List.of(new NoCounter(host, problem)) : packages;
  }

  /** What is the same in all containers of a host, and that of no other host. */
  private static String host() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      return "this host";
    }
  }

  @Override
  public EnergyDevice device() {
    return device;
  }

  @Override
  public double joules() throws EnergyNotMeasuredException {
    try {
      long now = read("energy_uj");
      if (last >= 0) {
        total += now >= last ? now - last : now - last + read("max_energy_range_uj");
      }
      last = now;
      return total * MICROJOULES;
    } catch (IOException | NumberFormatException e) {
      throw new EnergyNotMeasuredException("CPU energy not measured: " + cause(zone, e), e);
    }
  }

  private long read(String file) throws IOException {
    return Long.parseLong(Files.readString(zone.resolve(file)).strip());
  }

  private static String cause(Path path, Exception failure) {
    return failure instanceof AccessDeniedException denied
        ? denied.getFile() + " may be read by root only; chmod a+r " + denied.getFile()
        : path + " cannot be read (" + failure + ")";
  }

  /** Says why a host's packages have no counters. */
  private record NoCounter(String host, String problem) implements EnergyCounter {
    @Override
    public EnergyDevice device() {
      return new EnergyDevice(EnergyDevice.Kind.CPU, "packages of " + host);
    }

    @Override
    public double joules() throws EnergyNotMeasuredException {
      throw new EnergyNotMeasuredException("CPU energy not measured: " + problem);
    }
  }
}
