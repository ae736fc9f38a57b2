package io.nightshift.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What our classes need of JavaCPP's in a jar, found without loading any, since CUDA's load only on
 * hosts with a driver: the classes that they refer to, and these refer to, and so on; the native
 * library of each class of functions; and the classes that such a library looks up when it is
 * loaded.
 */
final class NativeReferences {
  private static final String OURS = "io/nightshift/";

  /** A class of functions, or what it inherits from; either has a native library of its name. */
  private static final Pattern LIBRARY =
      Pattern.compile("(org/bytedeco/(?!javacpp)\\w+)/(?:global|presets)/(\\w+)");

  private static final Pattern NAME =
      Pattern.compile("org/bytedeco/[a-z]+/[\\w/$]*\\w(?![\\w/$-])");

  private final JarFile jar;
  private final Predicate<String> hidden;
  private final Set<String> missing = new LinkedHashSet<>();
  private final Set<String> libraries = new LinkedHashSet<>();
  private final Set<String> seen = new LinkedHashSet<>();
  private final Deque<String> waiting = new ArrayDeque<>();

  private NativeReferences(JarFile jar, Predicate<String> hidden) {
    this.jar = jar;
    this.hidden = hidden;
  }

  /**
   * Follows the references of all of our classes.
   *
   * @param hidden entries that are taken to be missing
   */
  static NativeReferences of(JarFile jar, Predicate<String> hidden) throws IOException {
    NativeReferences references = new NativeReferences(jar, hidden);
    for (JarEntry entry : jar.stream().toList()) {
      if (entry.getName().startsWith(OURS) && entry.getName().endsWith(".class")) {
        references.addNames(jar.getInputStream(entry).readAllBytes());
      }
    }
    references.follow();
    return references;
  }

  /** Entries that are needed and not there. */
  Set<String> missing() {
    return missing;
  }

  /** Entries of the native libraries that are needed. */
  Set<String> libraries() {
    return libraries;
  }

  private void follow() throws IOException {
    while (!waiting.isEmpty()) {
      String name = waiting.remove();
      addNames(read(name + ".class"));
      Matcher library = LIBRARY.matcher(name);
      if (library.matches()) {
        String entry = "%s/linux-x86_64/libjni%s.so".formatted(library.group(1), library.group(2));
        libraries.add(entry);
        addNames(read(entry));
      }
    }
  }

  /** Adds the classes of JavaCPP that a class file or a native library names. */
  private void addNames(byte[] content) {
    Matcher names = NAME.matcher(new String(content, ISO_8859_1));
    while (names.find()) {
      if (seen.add(names.group())) {
        waiting.add(names.group());
      }
    }
  }

  private byte[] read(String entry) throws IOException {
    JarEntry found = jar.getJarEntry(entry);
    if (found == null || hidden.test(entry)) {
      missing.add(entry);
      return new byte[0];
    }
    return jar.getInputStream(found).readAllBytes();
  }
}
