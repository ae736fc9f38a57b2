package io.nightshift.job.report.page;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** Files that pages are made of: the project's own, and those of the chart library's WebJar. */
final class PageResource {
  private PageResource() {}

  /** A file beside this class. */
  static String text(String name) throws IOException {
    try (InputStream stream = PageResource.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new FileNotFoundException(
            "The jar of Nightshift lacks the resource " + name + " of its report pages");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A file of the package uPlot. */
  static String uplot(String name) throws IOException {
    Properties folders = new Properties();
    folders.load(new StringReader(text("webjars.properties")));
    return text(folders.getProperty("uplot") + "/" + name);
  }
}
