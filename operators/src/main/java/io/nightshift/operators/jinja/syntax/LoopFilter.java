package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Missing;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** The {@code if} of a loop, evaluated item by item in a frame of its own while the loop runs. */
final class LoopFilter {
  private final Scope scope;
  private final Executor enter;
  private final Assigner target;
  private final Evaluator test;

  private LoopFilter(Scope scope, Executor enter, Assigner target, Evaluator test) {
    this.scope = scope;
    this.enter = enter;
    this.target = target;
    this.test = test;
  }

  static LoopFilter compile(Target target, Expression test, Scope scope) {
    target.declareParameters(scope.symbols());
    test.declare(scope.symbols());
    Executor enter = scope.enter();
    return new LoopFilter(scope, enter, target.compile(scope), test.compile(scope));
  }

  Iterator<Object> select(Frame outer, Iterator<Object> items) {
    Frame frame = new Frame(scope.function().size(), outer);
    return new Iterator<>() {
      private boolean entered;
      private Object ahead = Missing.MISSING;

      @Override
      public boolean hasNext() {
        if (!entered) {
          entered = true;
          enter.execute(frame);
        }
        while (ahead == Missing.MISSING && items.hasNext()) {
          outer.context().step();
          Object item = items.next();
          target.assign(frame, item);
          if (Values.isTrue(test.evaluate(frame))) {
            ahead = item;
          }
        }
        return ahead != Missing.MISSING;
      }

      @Override
      public Object next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Object item = ahead;
        ahead = Missing.MISSING;
        return item;
      }
    };
  }
}
