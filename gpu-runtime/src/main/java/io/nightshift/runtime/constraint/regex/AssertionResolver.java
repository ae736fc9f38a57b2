package io.nightshift.runtime.constraint.regex;

import io.nightshift.runtime.constraint.automaton.Alphabet;
import io.nightshift.runtime.constraint.regex.Context.Obligation;
import io.nightshift.runtime.constraint.regex.NfaState.Accept;
import io.nightshift.runtime.constraint.regex.NfaState.Check;
import io.nightshift.runtime.constraint.regex.NfaState.Consume;
import io.nightshift.runtime.constraint.regex.NfaState.Edge;
import io.nightshift.runtime.constraint.regex.NfaState.Split;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns an automaton with assertions into one without: a state of the result is a state together
 * with its {@link Context}. An assertion restricts the context; a symbol must fit it and makes the
 * next one.
 */
final class AssertionResolver {
  private static final int MAX_STATES = 100_000;

  /** Maximum number of steps of look-aheads. */
  private static final int MAX_WORK = 100_000;

  private final Alphabet alphabet;
  private final BitSet wordSymbols;
  private final Map<Node.LookAhead, Map<Integer, LookAheadAutomaton>> lookAheads =
      new IdentityHashMap<>();
  private int work;

  /**
   * @param wordSymbols the symbols of {@code \w}; none if no assertion tells them from others
   */
  AssertionResolver(Alphabet alphabet, BitSet wordSymbols) {
    this.alphabet = alphabet;
    this.wordSymbols = wordSymbols;
  }

  /** A state and the number of a context. */
  private record Place(int state, int context) {}

  /**
   * @param before what is before the text, as in {@link Context#before}
   */
  Nfa resolve(Nfa nfa, int before) {
    if (nfa.states().stream().noneMatch(Check.class::isInstance)) {
      return nfa;
    }
    return new Run(nfa).from(Context.start(before));
  }

  private final class Run {
    private final Nfa nfa;
    private final Map<Place, Integer> numbers = new HashMap<>();
    private final Map<Context, Integer> contextNumbers = new HashMap<>();
    private final List<Context> contexts = new ArrayList<>();
    private final int free;
    private final Deque<Place> unseen = new ArrayDeque<>();

    Run(Nfa nfa) {
      this.nfa = nfa;
      this.free = contextNumber(Context.start(Context.OTHER));
    }

    Nfa from(Context context) {
      int first = number(nfa.start(), contextNumber(context));
      List<NfaState> states = new ArrayList<>();
      for (Place place = unseen.poll(); place != null; place = unseen.poll()) {
        states.add(resolved(nfa.states().get(place.state()), place.context()));
      }
      return new Nfa(states, first);
    }

    private int contextNumber(Context context) {
      Integer known = contextNumbers.putIfAbsent(context, contexts.size());
      if (known == null) {
        contexts.add(context);
      }
      return known == null ? contexts.size() - 1 : known;
    }

    private int number(int state, int context) {
      Place place = new Place(state, context);
      Integer known = numbers.get(place);
      if (known != null) {
        return known;
      }
      if (numbers.size() == MAX_STATES) {
        throw new StateLimitException();
      }
      numbers.put(place, numbers.size());
      unseen.add(place);
      return numbers.size() - 1;
    }

    private NfaState resolved(NfaState state, int number) {
      Context context = contexts.get(number);
      if (state instanceof Split split) {
        return new Split(split.targets().stream().map(t -> number(t, number)).toList());
      }
      if (state instanceof Check check) {
        Context checked = check(check.assertion(), context);
        return new Split(
            checked == null ? List.of() : List.of(number(check.target(), contextNumber(checked))));
      }
      if (state instanceof Consume consume) {
        List<Edge> edges = new ArrayList<>();
        consume.edges().forEach(edge -> edges.addAll(edges(edge, context)));
        return new Consume(edges);
      }
      return context.mayEnd() ? new Accept() : new Split(List.of());
    }

    private List<Edge> edges(Edge edge, Context context) {
      if (context.isFree() && wordSymbols.isEmpty()) {
        int target = number(edge.target(), free);
        return List.of(new Edge(edge.symbols(), target));
      }
      Map<Context, IntStream.Builder> symbols = new LinkedHashMap<>();
      for (int symbol : edge.symbols()) {
        Context after = step(context, symbol);
        if (after != null) {
          symbols.computeIfAbsent(after, key -> IntStream.builder()).add(symbol);
        }
      }
      List<Edge> edges = new ArrayList<>();
      symbols.forEach(
          (after, set) ->
              edges.add(
                  new Edge(set.build().toArray(), number(edge.target(), contextNumber(after)))));
      return edges;
    }
  }

  private @Nullable Context step(Context context, int symbol) {
    int kind = wordSymbols.get(symbol) ? Context.WORD : Context.OTHER;
    if ((context.after() & kind) == 0) {
      return null;
    }
    Set<Obligation> left = new HashSet<>();
    for (Obligation obligation : context.obligations()) {
      if (++work > MAX_WORK) {
        throw new StateLimitException();
      }
      int state = obligation.automaton().step(obligation.state(), symbol);
      if (state == LookAheadAutomaton.DEAD) {
        return null;
      }
      if (!obligation.automaton().isSatisfied(state)) {
        left.add(new Obligation(obligation.automaton(), state));
      }
    }
    return new Context(kind, Context.ANY, left);
  }

  /** The context under which an assertion holds; null if it cannot. */
  private @Nullable Context check(Node.Assertion assertion, Context context) {
    if (assertion instanceof Node.LookAhead lookAhead) {
      return look(lookAhead, context);
    }
    boolean afterWord = context.before() == Context.WORD;
    Context checked =
        switch ((Node.Anchor) assertion) {
          case BEGIN -> context.before() == Context.EDGE ? context : null;
          case END -> context.withAfter(Context.EDGE);
          case WORD_BOUNDARY ->
              context.withAfter(afterWord ? Context.EDGE | Context.OTHER : Context.WORD);
          case NO_WORD_BOUNDARY ->
              context.withAfter(afterWord ? Context.WORD : Context.EDGE | Context.OTHER);
        };
    return checked == null || checked.after() == 0 ? null : checked;
  }

  private @Nullable Context look(Node.LookAhead lookAhead, Context context) {
    LookAheadAutomaton automaton =
        lookAheads
            .computeIfAbsent(lookAhead, key -> new HashMap<>())
            .computeIfAbsent(context.before(), before -> automaton(lookAhead, before));
    int start = automaton.start();
    if (start == LookAheadAutomaton.DEAD) {
      return null;
    }
    if (automaton.isSatisfied(start)) {
      return context;
    }
    Set<Obligation> obligations = new HashSet<>(context.obligations());
    obligations.add(new Obligation(automaton, start));
    return new Context(context.before(), context.after(), obligations);
  }

  private LookAheadAutomaton automaton(Node.LookAhead lookAhead, int before) {
    Node beginning = new Node.Sequence(List.of(lookAhead.body(), Node.ANYTHING));
    AssertionResolver inner = new AssertionResolver(alphabet, wordSymbols);
    Nfa nfa = inner.resolve(Nfa.of(beginning, alphabet), before);
    return LookAheadAutomaton.of(
        SubsetConstruction.minimal(nfa, alphabet.size()), lookAhead.negative(), alphabet.size());
  }
}
