package io.nightshift.runtime.constraint.grammar;

import java.util.List;
import org.apache.lucene.util.automaton.Automaton;

/**
 * An object: some of the named properties in their order, then any number of additional ones, whose
 * names differ from each other.
 *
 * @param properties named properties, in the order of the text
 * @param additional kinds of additional properties. Their names are disjoint from each other and
 *     from all names that the schema mentions, whether a property of that name is allowed or not
 * @param minProperties minimum number of properties
 * @param maxProperties maximum number of properties; {@link Integer#MAX_VALUE} for no maximum
 */
public record ObjectAlternative(
    List<Property> properties, List<Additional> additional, int minProperties, int maxProperties)
    implements Alternative {

  /** A property with a fixed name. */
  public record Property(String name, ValueRule value, boolean required) {}

  /**
   * Additional properties.
   *
   * @param names the names, not escaped: minimal, deterministic, without dead states, over code
   *     points; not empty
   */
  public record Additional(Automaton names, ValueRule value) {}
}
