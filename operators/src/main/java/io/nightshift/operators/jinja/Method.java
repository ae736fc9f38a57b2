package io.nightshift.operators.jinja;

/** A method together with the object that it was taken from. */
record Method(String name, Object self, Body body) implements Callable {
  /** What a method does. */
  @FunctionalInterface
  interface Body {
    Object call(RenderContext context, Object self, Arguments arguments);
  }

  @Override
  public Object call(RenderContext context, Arguments arguments) {
    context.budget().work(Values.size(self));
    return body.call(context, self, arguments);
  }
}
