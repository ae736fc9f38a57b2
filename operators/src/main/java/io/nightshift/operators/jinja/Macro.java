package io.nightshift.operators.jinja;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A macro together with the frame that it was defined in. */
final class Macro implements Callable {
  private final MacroBody body;
  private final Frame closure;

  Macro(MacroBody body, Frame closure) {
    this.body = body;
    this.closure = closure;
  }

  MacroBody body() {
    return body;
  }

  @Override
  public Object call(RenderContext context, Arguments arguments) {
    // A macro or generator that the call defines keeps the frame.
    context.budget().list(body.layout().size());
    Frame frame = new Frame(body.layout().size(), closure, context);
    Map<String, Object> named = new HashMap<>(arguments.named());
    int count = Math.min(arguments.positional().size(), body.parameters().size());
    boolean callerFound = count == body.parameters().size() && body.parameters().contains("caller");
    for (int i = 0; i < body.parameters().size(); i++) {
      String parameter = body.parameters().get(i);
      Object value =
          i < count ? arguments.positional().get(i) : named.getOrDefault(parameter, Frame.MISSING);
      if (i >= count) {
        named.remove(parameter);
        callerFound |= parameter.equals("caller");
      }
      frame.set(body.slots().get(i), value);
    }
    if (body.callerSlot() != null && !callerFound) {
      Object caller = named.remove("caller");
      boolean given = caller != null && caller != None.NONE;
      frame.set(body.callerSlot(), given ? caller : context.undefinedHint("No caller defined"));
    }
    acceptNamed(frame, arguments, named);
    acceptRest(frame, arguments.positional());
    return body.run(frame);
  }

  private void acceptNamed(Frame frame, Arguments arguments, Map<String, Object> named) {
    if (body.keywordsSlot() != null) {
      Dict rest = new Dict();
      arguments
          .named()
          .forEach(
              (name, value) -> {
                if (named.containsKey(name)) {
                  rest.put(name, value);
                }
              });
      frame.set(body.keywordsSlot(), rest);
    } else if (named.containsKey("caller")) {
      throw EvaluationException.type(
          "macro "
              + quotedName()
              + " was invoked with two values for the special caller argument. This is most likely"
              + " a bug.");
    } else if (!named.isEmpty()) {
      String first =
          arguments.named().keySet().stream().filter(named::containsKey).findFirst().orElse("");
      throw EvaluationException.type(
          "macro " + quotedName() + " takes no keyword argument '" + first + "'");
    }
  }

  private void acceptRest(Frame frame, List<Object> positional) {
    int accepted = body.parameters().size();
    List<Object> rest =
        positional.size() <= accepted
            ? List.of()
            : new ArrayList<>(positional.subList(accepted, positional.size()));
    if (body.restSlot() != null) {
      frame.set(body.restSlot(), new Tuple(rest));
    } else if (!rest.isEmpty()) {
      throw EvaluationException.type(
          "macro " + quotedName() + " takes not more than " + accepted + " argument(s)");
    }
  }

  private String quotedName() {
    return body.name().isEmpty() ? "None" : Representation.quote(body.name());
  }

  /** The macro as messages name it. */
  String describe() {
    return body.name().isEmpty() ? "caller" : body.name();
  }
}
