package io.nightshift.runtime.cuda.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A source file of kernels, and the sizes that it is compiled for.
 *
 * @param name name of the file
 * @param headers texts of the headers that it includes, by name
 * @param options options of the compiler
 */
public record KernelSource(
    String name, String text, Map<String, String> headers, List<String> options) {
  private static final String FOLDER = "/io/nightshift/runtime/cuda/kernels/";
  private static final Pattern INCLUDE = Pattern.compile("#include \"(.+)\"");

  public KernelSource {
    headers = Map.copyOf(headers);
    options = List.copyOf(options);
  }

  /**
   * Reads a source from the resources.
   *
   * @param name name of the file without its extension: {@code norm} for norm.cu
   * @param definitions values of the source's macros
   */
  public static KernelSource resource(String name, Map<String, Integer> definitions) {
    List<String> options = new ArrayList<>();
    options.add("--std=c++17");
    new TreeMap<>(definitions)
        .forEach((key, value) -> options.add("--define-macro=" + key + "=" + value));
    String text = read(name + ".cu");
    Map<String, String> headers = new TreeMap<>();
    addHeaders(text, headers);
    return new KernelSource(name + ".cu", text, headers, options);
  }

  /** Adds the headers that a text includes, directly or indirectly. */
  private static void addHeaders(String text, Map<String, String> headers) {
    Matcher includes = INCLUDE.matcher(text);
    while (includes.find()) {
      String header = includes.group(1);
      if (!headers.containsKey(header)) {
        headers.put(header, read(header));
        addHeaders(headers.get(header), headers);
      }
    }
  }

  /**
   * A hash of the source with its headers and options, and of other texts.
   *
   * @return 20 hexadecimal digits
   */
  public String fingerprint(String... others) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, text);
      new TreeMap<>(headers)
          .forEach(
              (header, content) -> {
                add(digest, header);
                add(digest, content);
              });
      options.forEach(option -> add(digest, option));
      for (String other : others) {
        add(digest, other);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 10);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Adds the length first, so that no two lists of texts have the same bytes. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  private static String read(String file) {
    try (InputStream source = KernelSource.class.getResourceAsStream(FOLDER + file)) {
      if (source == null) {
        throw new IllegalArgumentException("there is no kernel source " + file);
      }
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
