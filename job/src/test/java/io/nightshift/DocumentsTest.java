package io.nightshift;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The documents are readable as text, and what they name is there. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int MAX_LINE = 120;

  /** Documents that name classes, all of them this repository's. */
  private static final List<Path> ABOUT_THE_CODE =
      List.of(ROOT.resolve("docs/architecture.md"), ROOT.resolve("CONTRIBUTING.md"));

  private static final Set<String> SKIPPED_FOLDERS = Set.of("target", "logs", "plugins");
  private static final Pattern URL = Pattern.compile("https?://\\S+");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern CLASS = Pattern.compile("[A-Z][a-z0-9]+([A-Z][A-Za-z0-9]*)?");
  private static final Pattern SOURCE_PATH =
      Pattern.compile("(?!.*/target/)[a-z-]+/[\\w./-]+\\.(cuh?|java|md|py|json|xml|yaml)");

  @Test
  void linesFitAndLinksLeadSomewhere() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path document : files(name -> name.endsWith(".md"))) {
      List<String> lines = Files.readAllLines(document);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        String place = ROOT.relativize(document) + ":" + (i + 1) + ": ";
        if (URL.matcher(line).replaceAll("").length() > MAX_LINE) {
          wrong.add(place + "more than " + MAX_LINE + " characters");
        }
        for (String link : matches(LINK, line)) {
          if (!URL.matcher(link).matches()
              && !link.startsWith("#")
              && !Files.exists(document.resolveSibling(link.replaceAll("#.*", "")))) {
            wrong.add(place + link + " does not exist");
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void classesAndFilesExist() throws IOException {
    Set<String> classes =
        files(name -> name.endsWith(".java")).stream()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());
    List<String> wrong = new ArrayList<>();
    for (Path document : ABOUT_THE_CODE) {
      for (String code : matches(CODE, Files.readString(document))) {
        boolean missingClass = CLASS.matcher(code).matches() && !classes.contains(code);
        boolean missingFile =
            SOURCE_PATH.matcher(code).matches() && !Files.exists(ROOT.resolve(code));
        if (missingClass || missingFile) {
          wrong.add(ROOT.relativize(document) + ": " + code);
        }
      }
    }
    assertThat(wrong).as("names of classes and files that do not exist").isEmpty();
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
  }

  /** The repository's files, without what is built or hidden. */
  private static List<Path> files(Predicate<String> wanted) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            boolean skipped = name.startsWith(".") || SKIPPED_FOLDERS.contains(name);
            return skipped && !folder.equals(ROOT)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (wanted.test(file.getFileName().toString())) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
