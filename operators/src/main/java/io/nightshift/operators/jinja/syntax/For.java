package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.syntax.Executor.Signal;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A loop over an iterable, with a filter and an alternative for the case of no iteration. */
final class For extends Statement {
  private final Target target;
  private final Expression iterable;
  private final List<Statement> body;
  private final List<Statement> otherwise;
  private final @Nullable Expression test;
  private final boolean recursive;

  For(
      int line,
      Target target,
      Expression iterable,
      List<Statement> body,
      List<Statement> otherwise,
      @Nullable Expression test,
      boolean recursive) {
    super(
        line,
        Stream.of(
                Stream.of(target, iterable),
                body.stream(),
                otherwise.stream(),
                Stream.<Node>ofNullable(test))
            .<Node>flatMap(nodes -> nodes)
            .toList());
    this.target = target;
    this.iterable = iterable;
    this.body = List.copyOf(body);
    this.otherwise = List.copyOf(otherwise);
    this.test = test;
    this.recursive = recursive;
  }

  @Override
  void declare(Symbols symbols) {
    iterable.declare(symbols);
  }

  @Override
  Executor compile(Scope outer) {
    refuseAssignmentToLoop(this, outer);
    Evaluator items = iterable.compile(outer);
    if (!recursive) {
      Loop loop = compileLoop(outer.inner(), outer.inner(), outer);
      return frame -> loop.run(frame, items.evaluate(frame), null);
    }
    Scope function = outer.innerFunction();
    Loop loop = compileLoop(function, function.inner(), function);
    return frame -> {
      Object value = items.evaluate(frame);
      frame.rendering().write(recursion(loop, function, frame, 0).render(value));
      return Signal.NEXT;
    };
  }

  /** The body of a recursive loop as a function of what to iterate over. */
  private static LoopContext.Recursion recursion(
      Loop loop, Scope function, Frame closure, int depth) {
    return value -> {
      RenderContext context = closure.context();
      context.enter(loop.height());
      Frame frame = new Frame(function.function().size(), closure);
      closure.rendering().capture();
      loop.run(frame, value, new Level(depth, recursion(loop, function, closure, depth + 1)));
      context.leave(loop.height());
      return closure.rendering().captured();
    };
  }

  private static void refuseAssignmentToLoop(Node node, Scope scope) {
    if (node instanceof NameTarget name && name.name().equals("loop")) {
      throw scope.error(name.line(), "Can't assign to special loop variable in for-loop target");
    }
    node.children().forEach(child -> refuseAssignmentToLoop(child, scope));
  }

  private Loop compileLoop(Scope loopScope, Scope elseScope, Scope outer) {
    boolean extended = recursive || UndeclaredNames.find(body, Set.of("loop")).contains("loop");
    if (extended) {
      loopScope.symbols().parameter("loop");
    }
    target.declareParameters(loopScope.symbols());
    body.forEach(statement -> statement.declare(loopScope.symbols()));
    otherwise.forEach(statement -> statement.declare(elseScope.symbols()));
    Expression condition = test;
    LoopFilter filter =
        condition == null ? null : LoopFilter.compile(target, condition, outer.innerFunction());
    Executor enter = loopScope.enter();
    Executor enterElse = elseScope.enter();
    return new Loop(
        target.compile(loopScope),
        extended ? loopScope.slot("loop") : null,
        filter,
        enter,
        Statements.compile(body, loopScope.loopBody()),
        loopScope.leave(),
        otherwise.isEmpty() ? null : new Else(enterElse, Statements.compile(otherwise, elseScope)),
        height());
  }

  private record Level(int depth, LoopContext.Recursion recursion) {}

  private record Else(Executor enter, Executor body) {}

  private record Loop(
      Assigner target,
      @Nullable Slot loopSlot,
      @Nullable LoopFilter filter,
      Executor enter,
      Executor body,
      Executor leave,
      @Nullable Else otherwise,
      int height) {

    Signal run(Frame frame, Object items, @Nullable Level level) {
      RenderContext context = frame.context();
      Iterator<Object> iterator = Iteration.iterator(context, items);
      Object source = items;
      if (filter != null) {
        iterator = filter.select(frame, iterator);
        source = iterator;
      }
      LoopContext loop = null;
      if (loopSlot != null) {
        loop =
            new LoopContext(
                context,
                source,
                iterator,
                level == null ? 0 : level.depth(),
                level == null ? null : level.recursion());
        iterator = loop;
      }
      boolean finishedOne = false;
      while (iterator.hasNext()) {
        context.step();
        Object item = iterator.next();
        target.assign(frame, item);
        if (loopSlot != null && loop != null) {
          frame.set(loopSlot, loop);
        }
        enter.execute(frame);
        Signal signal = body.execute(frame);
        if (signal == Signal.BREAK) {
          break;
        }
        // Jinja runs the else block unless an iteration came to its end: continue skips that.
        finishedOne |= signal == Signal.NEXT;
      }
      leave.execute(frame);
      if (otherwise != null && !finishedOne) {
        otherwise.enter().execute(frame);
        return otherwise.body().execute(frame);
      }
      return Signal.NEXT;
    }
  }
}
