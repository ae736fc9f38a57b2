package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.Callable;
import io.nightshift.operators.jinja.runtime.Dict;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Missing;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.Quoting;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro together with the frame that it was defined in. */
final class Macro implements Callable {
  private final MacroBody body;
  private final MacroParameters parameters;
  private final Frame closure;

  Macro(MacroBody body, Frame closure) {
    this.body = body;
    this.parameters = body.parameters();
    this.closure = closure;
  }

  @Override
  public Object call(RenderContext context, Arguments arguments) {
    List<String> names = parameters.names();
    // A macro or generator that the call defines keeps the frame.
    context.budget().list(body.frameSize());
    Frame frame = new Frame(body.frameSize(), closure);
    Map<String, Object> named = new HashMap<>(arguments.named());
    int count = Math.min(arguments.positional().size(), names.size());
    boolean callerFound = count == names.size() && names.contains("caller");
    for (int i = 0; i < names.size(); i++) {
      String parameter = names.get(i);
      Object value =
          i < count
              ? arguments.positional().get(i)
              : named.getOrDefault(parameter, Missing.MISSING);
      if (i >= count) {
        named.remove(parameter);
        callerFound |= parameter.equals("caller");
      }
      frame.set(parameters.slots().get(i), value);
    }
    if (parameters.callerSlot() != null && !callerFound) {
      Object caller = named.remove("caller");
      boolean given = caller != null && caller != None.NONE;
      frame.set(
          parameters.callerSlot(), given ? caller : context.undefinedHint("No caller defined"));
    }
    acceptNamed(frame, arguments, named);
    acceptRest(frame, arguments.positional());
    return body.run(frame);
  }

  private void acceptNamed(Frame frame, Arguments arguments, Map<String, Object> named) {
    if (parameters.keywordsSlot() != null) {
      Dict rest = new Dict();
      arguments
          .named()
          .forEach(
              (name, value) -> {
                if (named.containsKey(name)) {
                  rest.put(name, value);
                }
              });
      frame.set(parameters.keywordsSlot(), rest);
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
    int accepted = parameters.names().size();
    List<Object> rest =
        positional.size() <= accepted
            ? List.of()
            : new ArrayList<>(positional.subList(accepted, positional.size()));
    if (parameters.restSlot() != null) {
      frame.set(parameters.restSlot(), new Tuple(rest));
    } else if (!rest.isEmpty()) {
      throw EvaluationException.type(
          "macro " + quotedName() + " takes not more than " + accepted + " argument(s)");
    }
  }

  private String quotedName() {
    return body.name().isEmpty() ? "None" : Quoting.quote(body.name());
  }

  @Override
  public String typeName() {
    return "Macro";
  }

  @Override
  public String typeDescription() {
    return "jinja2.runtime.Macro object";
  }

  @Override
  public String unprintableReason(String expression) {
    String call = body.name().isEmpty() ? "caller" : body.name();
    return expression + " is a macro and has no text; call it: " + call + "(...)";
  }

  @Override
  public @Nullable Object attribute(String attribute) {
    return switch (attribute) {
      case "name" -> body.name().isEmpty() ? None.NONE : (Object) body.name();
      case "arguments" -> new Tuple(List.copyOf(parameters.names()));
      case "caller" -> parameters.callerSlot() != null;
      case "catch_kwargs" -> parameters.keywordsSlot() != null;
      case "catch_varargs" -> parameters.restSlot() != null;
      default -> null;
    };
  }
}
