package io.nightshift.runtime.config;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which GPUs of a host engines use, by their indexes among those that {@code CUDA_VISIBLE_DEVICES}
 * shows.
 */
public sealed interface GpuSelection extends Serializable {
  /** Every GPU of the host. */
  GpuSelection ALL = new All();

  /**
   * Returns the indexes that are wanted, whether or not the host has them; ascending for all and a
   * number.
   *
   * @param visible number of GPUs that the host shows
   */
  List<Integer> indexes(int visible);

  /**
   * Reads {@code all}, a number, or a list of indexes in brackets.
   *
   * @throws IllegalArgumentException if the text is none of them, to be read behind the name of
   *     what it is the value of
   */
  static GpuSelection parse(String text) {
    String value = text.strip();
    if (value.equals("all")) {
      return ALL;
    }
    if (value.startsWith("[") && value.endsWith("]")) {
      return Indexes.parse(text, value.substring(1, value.length() - 1));
    }
    return new Count(number(text, value, 1));
  }

  private static int number(String text, String digits, int least) {
    // No host has as many GPUs as four digits can count.
    if (!digits.matches("[0-9]{1,4}") || Integer.parseInt(digits) < least) {
      throw invalid(text);
    }
    return Integer.parseInt(digits);
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "must be all, a number of GPUs from 1 on, or a list of different indexes such as [0, 2], but is "
            + text);
  }

  /** Every GPU of the host. */
  record All() implements GpuSelection {
    @Override
    public List<Integer> indexes(int visible) {
      return IntStream.range(0, visible).boxed().toList();
    }

    @Override
    public String toString() {
      return "all";
    }
  }

  /**
   * The first GPUs.
   *
   * @param number how many, at least 1
   */
  record Count(int number) implements GpuSelection {
    @Override
    public List<Integer> indexes(int visible) {
      return IntStream.range(0, number).boxed().toList();
    }

    @Override
    public String toString() {
      return Integer.toString(number);
    }
  }

  /**
   * These GPUs.
   *
   * @param list at least one index, none twice
   */
  record Indexes(List<Integer> list) implements GpuSelection {
    public Indexes {
      list = List.copyOf(list);
    }

    private static Indexes parse(String text, String items) {
      List<Integer> indexes = new ArrayList<>();
      for (String item : items.split(",", -1)) {
        indexes.add(number(text, item.strip(), 0));
      }
      if (new HashSet<>(indexes).size() < indexes.size()) {
        throw invalid(text);
      }
      return new Indexes(indexes);
    }

    @Override
    public List<Integer> indexes(int visible) {
      return list;
    }

    @Override
    public String toString() {
      return list.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
  }
}
