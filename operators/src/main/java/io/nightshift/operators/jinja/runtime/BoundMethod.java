package io.nightshift.operators.jinja.runtime;

/** A method together with the object that it was taken from. */
public record BoundMethod(String name, Object self, Body body) implements Callable {
  /** What a method does. */
  @FunctionalInterface
  public interface Body {
    Object call(RenderContext context, Object self, Arguments arguments);
  }

  @Override
  public Object call(RenderContext context, Arguments arguments) {
    context.budget().work(Values.size(self));
    return body.call(context, self, arguments);
  }

  @Override
  public String typeName() {
    return "builtin_function_or_method";
  }

  @Override
  public String misuseHint() {
    return "; " + name + " is " + remedy(name);
  }

  @Override
  public String unprintableReason(String expression) {
    return expression + " is " + remedy(expression);
  }

  private String remedy(String expression) {
    String kind = "a method of " + TypeNames.of(self) + " and has no text; ";
    String call = "to call it, write " + expression + "()";
    if (!(self instanceof Dict)) {
      return kind + call;
    }
    int dot = expression.lastIndexOf('.');
    String object = dot < 0 ? "" : expression.substring(0, dot);
    return kind + "for the field of that name, write " + object + "[\"" + name + "\"]; " + call;
  }
}
