package io.nightshift.connectors.jsonl.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads the lines that begin in a range of a text, whichever way they end: with {@code \n} or
 * {@code \r\n}, or with the text. A byte order mark at the beginning of the text is no part of its
 * first line.
 *
 * <p>The bytes of a line are those of {@link #buffer} until the next line is read.
 */
public final class LineReader implements Closeable {
  /** Longer lines are not kept, so that a file without line ends cannot fill the heap. */
  public static final int MAX_LINE_BYTES = 16 << 20;

  private static final int INITIAL_BYTES = 64 << 10;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final InputStream text;
  private final long end;

  private byte[] buffer = new byte[INITIAL_BYTES];
  private int limit;
  private int next;
  private long nextOffset;

  private int start;
  private int length;
  private long lineBytes;

  /**
   * @param text which this reader closes
   * @param offset of the first byte of {@code text} in the whole text
   * @param end of the range: lines that begin there or later are not read
   */
  private LineReader(InputStream text, long offset, long end) {
    this.text = text;
    this.nextOffset = offset;
    this.end = end;
  }

  /** Reads the lines from the one that begins at {@code start}. */
  public static LineReader at(TextFile file, long start, long end) throws IOException {
    return new LineReader(file.open(start), start, end);
  }

  /** Reads the lines that begin in the range, wherever its start is in a line. */
  public static LineReader within(TextFile file, long start, long end) throws IOException {
    if (start == 0) {
      return at(file, start, end);
    }
    LineReader reader = at(file, start - 1, Long.MAX_VALUE);
    try {
      reader.next();
      return new LineReader(reader, end);
    } catch (IOException e) {
      reader.close();
      throw e;
    }
  }

  private LineReader(LineReader before, long end) {
    this(before.text, before.nextOffset, end);
    buffer = before.buffer;
    limit = before.limit;
    next = before.next;
  }

  /** Moves to the next line; false at the end of the range. */
  public boolean next() throws IOException {
    if (nextOffset >= end || !hasBytes()) {
      return false;
    }
    start = next;
    int searched = start;
    long dropped = 0;
    while (true) {
      int lineEnd = indexOfLineEnd(searched);
      if (lineEnd >= 0) {
        finish(lineEnd, lineEnd + 1, dropped);
        return true;
      }
      searched = limit;
      if (searched - start > MAX_LINE_BYTES) {
        dropped += searched - start;
        start = 0;
        searched = 0;
        limit = 0;
      }
      int before = start;
      if (!fill()) {
        finish(limit, limit, dropped);
        return true;
      }
      searched -= before - start;
    }
  }

  private void finish(int lineEnd, int following, long dropped) {
    lineBytes = dropped + (lineEnd - start);
    boolean atBeginning = nextOffset == 0 && dropped == 0;
    nextOffset += dropped + (following - start);
    length = lineEnd - start;
    if (length > 0 && buffer[lineEnd - 1] == '\r') {
      length--;
    }
    if (atBeginning && startsWithByteOrderMark()) {
      start += BYTE_ORDER_MARK.length;
      length -= BYTE_ORDER_MARK.length;
    }
    next = following;
  }

  private boolean startsWithByteOrderMark() {
    int prefix = Math.min(length, BYTE_ORDER_MARK.length);
    return Arrays.equals(buffer, start, start + prefix, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
  }

  private int indexOfLineEnd(int from) {
    for (int i = from; i < limit; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private boolean hasBytes() throws IOException {
    start = next;
    boolean has = next < limit || fill();
    next = start;
    return has;
  }

  /** Reads more bytes behind the current line, which moves to the buffer's beginning. */
  private boolean fill() throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, limit - start);
      limit -= start;
      start = 0;
    }
    if (limit == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int read = text.read(buffer, limit, buffer.length - limit);
    if (read > 0) {
      limit += read;
    }
    return read > 0;
  }

  /** Holds the bytes of the line, {@link #length} from {@link #start} on. */
  public byte[] buffer() {
    return buffer;
  }

  /** Index of the line's first byte in {@link #buffer}. */
  public int start() {
    return start;
  }

  /** The number of bytes of the line, without its end. */
  public int length() {
    return length;
  }

  /** Whether the line is longer than {@link #MAX_LINE_BYTES}, so that its bytes are not there. */
  public boolean isTooLong() {
    return lineBytes > MAX_LINE_BYTES;
  }

  /** Whether the line has nothing but JSON's white space. */
  public boolean isBlank() {
    if (isTooLong()) {
      return false;
    }
    for (int i = start; i < start + length; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  /** The offset in the text at which the next line begins. */
  public long nextOffset() {
    return nextOffset;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
