package io.nightshift.job.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Flattens YAML to settings with dotted keys. Works on YAML's node graph, not on objects made from
 * it: nothing is instantiated, every node knows its line, and a scalar keeps the text that was
 * written ({@code choices: [true, 1.0]} are the choices "true" and "1.0"), except in options that
 * are maps, where types matter.
 */
final class YamlSettings {
  private final IntFunction<String> placeOfLine;
  private final List<Setting> settings = new ArrayList<>();

  private YamlSettings(IntFunction<String> placeOfLine) {
    this.placeOfLine = placeOfLine;
  }

  /**
   * The settings of a YAML document, in its order.
   *
   * @param name of the document, for messages
   * @throws InvalidJobException if it is no YAML, or not a map of (maps of) values that options
   *     take
   */
  static List<Setting> parse(String name, String yaml) {
    YamlSettings flattened = new YamlSettings(line -> name + ":" + line);
    Node root =
        flattened
            .compose(yaml)
            .orElseThrow(() -> new InvalidJobException(name + ": the job file is empty"));
    if (!(root instanceof MappingNode map)) {
      throw new InvalidJobException(
          flattened.place(root) + ": a job file is a map of keys, but this is none");
    }
    flattened.flatten("", map);
    return flattened.settings;
  }

  /**
   * A single value, as one would write it behind a key of the job file.
   *
   * @param place for messages
   */
  static Setting parseValue(String key, String place, String yaml) {
    YamlSettings flattened = new YamlSettings(line -> place);
    Node value =
        flattened
            .compose(yaml)
            .orElseThrow(() -> new InvalidJobException(place + ": " + key + " has no value"));
    return flattened.value(key, place, value);
  }

  private Optional<Node> compose(String yaml) {
    try {
      return new Compose(LoadSettings.builder().build()).composeString(yaml);
    } catch (MarkedYamlEngineException e) {
      throw new InvalidJobException(
          place(e.getProblemMark()) + ": not valid YAML: " + oneLine(e.getProblem()), e);
    } catch (YamlEngineException e) {
      throw new InvalidJobException(
          place(Optional.empty()) + ": not valid YAML: " + oneLine(String.valueOf(e.getMessage())),
          e);
    }
  }

  private void flatten(String prefix, MappingNode map) {
    for (NodeTuple entry : map.getValue()) {
      if (!(entry.getKeyNode() instanceof ScalarNode keyNode)) {
        throw new InvalidJobException(place(entry.getKeyNode()) + ": a key must be a plain name");
      }
      String key = prefix + keyNode.getValue();
      if (entry.getValueNode() instanceof MappingNode inner && !takesMap(key)) {
        requireSection(key, place(keyNode));
        requireEntries(key, place(keyNode), inner);
        flatten(key + ".", inner);
      } else {
        if (entry.getValueNode() instanceof SequenceNode) {
          requireOption(key, place(keyNode));
        }
        settings.add(value(key, place(keyNode), entry.getValueNode()));
      }
    }
  }

  private static void requireSection(String key, String place) {
    if (NightshiftOptions.find(key).isPresent()) {
      throw new InvalidJobException(
          place + ": " + key + " is a map, but takes a value; put templates in quotes");
    }
    if (!NightshiftOptions.isSection(key)) {
      throw new InvalidJobException(place + ": " + NightshiftOptions.unknown(key));
    }
  }

  /** An empty section inside of another one would be ignored. */
  private static void requireEntries(String key, String place, MappingNode map) {
    if (map.getValue().isEmpty() && key.contains(".")) {
      throw new InvalidJobException(place + ": " + key + " is empty; give it options or remove it");
    }
  }

  private static boolean takesMap(String key) {
    return NightshiftOptions.find(key).filter(OptionDescription::takesMap).isPresent();
  }

  /** Whatever is wrong with the items: that the key is unknown is what there is to say. */
  private static void requireOption(String key, String place) {
    if (NightshiftOptions.find(key).isEmpty()) {
      throw new InvalidJobException(place + ": " + NightshiftOptions.unknown(key));
    }
  }

  private Setting value(String key, String place, Node node) {
    if (node instanceof SequenceNode sequence) {
      List<String> items = new ArrayList<>();
      for (Node item : sequence.getValue()) {
        items.add(scalar(key, place(item), item));
      }
      return new Setting(key, place, items, SettingForm.LIST);
    }
    if (node instanceof MappingNode map && takesMap(key)) {
      String json = new YamlValues(this::place).object(map).toString();
      return new Setting(key, place, List.of(json), SettingForm.MAP);
    }
    return new Setting(key, place, List.of(scalar(key, place, node)), SettingForm.SCALAR);
  }

  private String scalar(String key, String place, Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw new InvalidJobException(
          place + ": " + key + " takes text, a number or a list of them; put templates in quotes");
    }
    if (scalar.getTag().equals(Tag.NULL)) {
      throw new InvalidJobException(
          place + ": " + key + " has no value; give it one or remove the line");
    }
    return scalar.getValue();
  }

  private String place(Node node) {
    return place(node.getStartMark());
  }

  private String place(Optional<Mark> mark) {
    return placeOfLine.apply(mark.map(start -> start.getLine() + 1).orElse(1));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
