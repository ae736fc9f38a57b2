package io.nightshift.operators.jinja.syntax;

import java.util.List;

/**
 * The parameters of a macro or call block.
 *
 * @param defaults of the last parameters
 */
record MacroSignature(List<NameTarget> parameters, List<Expression> defaults) {
  static final MacroSignature EMPTY = new MacroSignature(List.of(), List.of());

  MacroSignature {
    parameters = List.copyOf(parameters);
    defaults = List.copyOf(defaults);
  }

  List<String> names() {
    return parameters.stream().map(NameTarget::name).toList();
  }
}
