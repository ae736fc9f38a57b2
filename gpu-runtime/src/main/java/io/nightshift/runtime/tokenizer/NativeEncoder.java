package io.nightshift.runtime.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import io.nightshift.runtime.model.ModelFormatException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A native Hugging Face tokenizer. Thread-safe.
 *
 * <p>Calls the native functions directly, because DJL's {@code HuggingFaceTokenizer} retrieves
 * tokens, spans and masks with every encoding, which takes longer than the encoding itself. The
 * native batch function is not used either: an error in it aborts the JVM, and the process cannot
 * limit its threads.
 */
final class NativeEncoder implements AutoCloseable {

  private static final char REPLACEMENT = '\uFFFD';

  private final TokenizersLibrary library = NativeLibrary.get();
  // Using freed memory would crash the JVM, so close() waits for calls in progress.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final long tokenizer;
  private boolean closed;

  /**
   * @param json content of a {@code tokenizer.json}
   * @throws ModelFormatException if the native library rejects it
   */
  NativeEncoder(String json) {
    try {
      tokenizer = library.createTokenizerFromString(json);
    } catch (RuntimeException e) {
      throw new ModelFormatException("tokenizer.json cannot be used: " + e.getMessage(), e);
    }
  }

  int[] encode(String text) {
    Lock reading = lock.readLock();
    reading.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the tokenizer is closed");
      }
      long encoding = library.encode(tokenizer, wellFormed(text), false);
      long[] ids = library.getTokenIds(encoding);
      library.deleteEncoding(encoding);
      int[] tokens = new int[ids.length];
      for (int i = 0; i < ids.length; i++) {
        tokens[i] = (int) ids[i];
      }
      return tokens;
    } finally {
      reading.unlock();
    }
  }

  @Override
  public void close() {
    Lock writing = lock.writeLock();
    writing.lock();
    try {
      if (!closed) {
        closed = true;
        library.deleteTokenizer(tokenizer);
      }
    } finally {
      writing.unlock();
    }
  }

  /** Replaces unpaired surrogates, with which the native library would garble the whole text. */
  private static String wellFormed(String text) {
    StringBuilder repaired = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else {
        if (repaired == null) {
          repaired = new StringBuilder(text);
        }
        repaired.setCharAt(i, REPLACEMENT);
      }
    }
    return repaired == null ? text : repaired.toString();
  }
}
