package io.nightshift.runtime.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Another user of this machine. Where tests run as root, as they do in CI, its processes really are
 * another user's; where not, no other user can be had.
 */
public final class OtherUser {
  private static final String NOBODY = "65534";

  private OtherUser() {}

  /** Whether there can be processes of another user. */
  public static boolean isThere() {
    return "root".equals(System.getProperty("user.name"));
  }

  /**
   * What a command of the other user prints, errors included.
   *
   * @throws IOException with what it has printed if it fails
   */
  public static String run(String... command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
    line.addAll(List.of(command));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
    return output.strip();
  }

  /**
   * What a program of the other user prints.
   *
   * @param program with a {@code main}; its classes are copied, since another user need not be able
   *     to read this one's
   * @param classPath folder for the classes, which others can get into
   * @param packages a class of each package that it needs
   */
  public static String run(
      Class<?> program, Path classPath, List<Class<?>> packages, String... arguments)
      throws IOException, InterruptedException {
    for (Class<?> member : packages) {
      copyPackage(member, classPath);
    }
    copyPackage(program, classPath);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", classPath.toString(), program.getName()));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  /** Lets every user into a folder that is this user's own, such as a temporary one. */
  public static void letInto(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void copyPackage(Class<?> member, Path classPath) throws IOException {
    try {
      String folder = member.getPackageName().replace('.', '/');
      Path classes =
          Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI())
              .resolve(folder);
      Path target = Files.createDirectories(classPath.resolve(folder));
      try (Stream<Path> files = Files.list(classes)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.write(target.resolve(file.getFileName()), Files.readAllBytes(file));
        }
      }
    } catch (URISyntaxException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
