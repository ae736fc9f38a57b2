package io.nightshift.job.report.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.apache.commons.io.FileUtils;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium with one page. */
final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Path folder;
  private final ChromeDriver driver;

  private Browser(Path folder, ChromeDriver driver) {
    this.folder = folder;
    this.driver = driver;
  }

  /** Starts a browser with a profile of its own. */
  static Browser start() throws IOException {
    Path folder = Files.createTempDirectory("report-page");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program("chromium"));
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + folder.resolve("profile"));
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(program("chromedriver")).build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(LIMIT).scriptTimeout(LIMIT);
    return new Browser(folder, driver);
  }

  private static File program(String name) {
    for (String path : System.getenv("PATH").split(Pattern.quote(File.pathSeparator))) {
      Path file = Path.of(path, name);
      if (Files.isExecutable(file)) {
        return file.toFile();
      }
    }
    throw new IllegalStateException("No program " + name + " on the PATH: run tools/chromium");
  }

  /** Sets the size of the window in CSS pixels, and the color scheme: {@code light} or dark. */
  void show(int width, String colorScheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colorScheme))));
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 500));
  }

  /** Opens a page, and waits until everything is drawn. */
  void open(String html) throws IOException {
    Path file = Files.writeString(folder.resolve("page.html"), html);
    console();
    requests();
    driver.get(file.toUri().toString());
    awaitFrames();
  }

  /**
   * Waits for two frames: sizes are observed in the first one, and charts are drawn before the
   * second.
   */
  void awaitFrames() {
    driver.executeAsyncScript(
        "const done = arguments[0];"
            + "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));");
  }

  /** The value of an expression. */
  Object evaluate(String expression) {
    return Objects.requireNonNull(driver.executeScript("return " + expression), expression);
  }

  /** What a script beside this class returns. */
  Object evaluateResource(String name) throws IOException {
    return Objects.requireNonNull(driver.executeScript(resource(name)), name);
  }

  /**
   * Where the page breaks the rules of axe-core, most of which are of WCAG 2.2: the rule, and the
   * elements.
   */
  List<?> violations() throws IOException {
    driver.executeScript(resource("/axe.min.js"));
    return (List<?>)
        Objects.requireNonNull(
            driver.executeAsyncScript(
                "const done = arguments[0];"
                    + "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => done("
                    + "violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])));"));
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(Browser.class.getResourceAsStream(name), name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The text of all elements that a selector finds. */
  List<String> texts(String selector) {
    List<String> texts = new ArrayList<>();
    for (Object text :
        (List<?>)
            evaluate(
                "[...document.querySelectorAll('%s')].map(found => found.textContent)"
                    .replace("%s", selector))) {
      texts.add((String) text);
    }
    return texts;
  }

  /** Presses keys in the element that has the focus. */
  void press(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  /** What the console said since the last call. */
  List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  /** The addresses that were requested since the last call. */
  List<String> requests() throws IOException {
    List<String> addresses = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode message = JSON.readTree(entry.getMessage()).get("message");
      if (message.get("method").asText().equals("Network.requestWillBeSent")) {
        addresses.add(message.at("/params/request/url").asText());
      }
    }
    return addresses;
  }

  @Override
  public void close() {
    driver.quit();
    FileUtils.deleteQuietly(folder.toFile());
  }
}
