package io.nightshift.runtime.files;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** Class loaders of the class path's classes, as Flink makes one for each job in a process. */
public final class JobClassLoader {
  private JobClassLoader() {}

  /** A new one, which shares no class with that of the tests. */
  public static URLClassLoader open() throws MalformedURLException {
    String[] entries = System.getProperty("java.class.path").split(File.pathSeparator, -1);
    URL[] urls = new URL[entries.length];
    for (int i = 0; i < entries.length; i++) {
      urls[i] = Path.of(entries[i]).toUri().toURL();
    }
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }
}
