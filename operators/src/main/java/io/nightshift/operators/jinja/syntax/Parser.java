package io.nightshift.operators.jinja.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Builds the statements of a template. */
final class Parser {
  private static final int MAX_NESTED_TAGS = 60;
  private static final Set<String> REFUSED =
      Set.of("block", "extends", "include", "import", "from", "autoescape");

  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private final TargetParser targets;
  private final Deque<String> openTags = new ArrayDeque<>();
  private final Deque<Set<String>> closers = new ArrayDeque<>();

  Parser(String source) {
    this.tokens = new TokenStream(new Lexer(source));
    this.expressions = new ExpressionParser(tokens);
    this.targets = new TargetParser(tokens, expressions);
  }

  List<Statement> parse() {
    return parseBody();
  }

  /** Statements up to a tag that closes the body, whose name is then the current token. */
  private List<Statement> parseBody() {
    List<Statement> body = new ArrayList<>();
    List<Expression> output = new ArrayList<>();
    while (!tokens.at(TokenType.EOF)) {
      Token token = tokens.next();
      switch (token.type()) {
        case DATA -> output.add(new TemplateData(token.line(), token.text()));
        case VARIABLE_BEGIN -> {
          output.add(expressions.parseTuple());
          tokens.expect(TokenType.VARIABLE_END);
        }
        case BLOCK_BEGIN -> {
          flush(output, body);
          if (!closers.isEmpty() && closers.element().stream().anyMatch(tokens::atName)) {
            return body;
          }
          body.add(parseStatement());
          tokens.expect(TokenType.BLOCK_END);
        }
        default -> throw tokens.error("unexpected '" + token.describe() + "'", token.line());
      }
    }
    flush(output, body);
    return body;
  }

  private static void flush(List<Expression> output, List<Statement> body) {
    if (!output.isEmpty()) {
      body.add(new Output(output.get(0).line(), output));
      output.clear();
    }
  }

  /** The body of a tag up to one of {@code ends}, whose name is left as current token. */
  private List<Statement> parseBlock(String... ends) {
    tokens.skipIf(TokenType.COLON);
    tokens.expect(TokenType.BLOCK_END);
    closers.push(Set.of(ends));
    List<Statement> body = parseBody();
    if (tokens.at(TokenType.EOF)) {
      throw misplaced(null, tokens.current().line());
    }
    closers.pop();
    return body;
  }

  /** The body of a tag up to {@code end}, which is skipped. */
  private List<Statement> parseBlockUntil(String end) {
    List<Statement> body = parseBlock(end);
    tokens.next();
    return body;
  }

  private Statement parseStatement() {
    Token tag = tokens.current();
    if (tag.type() != TokenType.NAME) {
      throw tokens.error("tag name expected");
    }
    if (openTags.size() >= MAX_NESTED_TAGS) {
      throw tokens.error("tags are nested more than " + MAX_NESTED_TAGS + " levels deep");
    }
    if (REFUSED.contains(tag.text())) {
      throw tokens.error("the tag '" + tag.text() + "' is not supported: a template is one text");
    }
    openTags.push(tag.text());
    Statement statement =
        switch (tag.text()) {
          case "for" -> parseFor();
          case "if" -> parseIf();
          case "set" -> parseSet();
          case "with" -> parseWith();
          case "macro" -> parseMacro();
          case "call" -> parseCall();
          case "filter" -> parseFilter();
          case "print" -> parsePrint();
          case "generation" -> {
            int line = tokens.next().line();
            yield new GenerationBlock(line, parseBlockUntil("endgeneration"));
          }
          case "break" -> new LoopControl(tokens.next().line(), Executor.Signal.BREAK);
          case "continue" -> new LoopControl(tokens.next().line(), Executor.Signal.CONTINUE);
          default -> {
            openTags.pop();
            throw misplaced(tag.text(), tag.line());
          }
        };
    openTags.pop();
    return statement;
  }

  private For parseFor() {
    int line = tokens.next().line();
    Target target = targets.parse(false, "in");
    tokens.expectName("in");
    Expression iterable = expressions.parseTupleWithoutCondition("recursive");
    Expression test = tokens.skipIfName("if") ? expressions.parseExpression() : null;
    boolean recursive = tokens.skipIfName("recursive");
    List<Statement> body = parseBlock("endfor", "else");
    List<Statement> otherwise =
        tokens.next().text().equals("endfor") ? List.of() : parseBlockUntil("endfor");
    return new For(line, new For.Head(target, iterable, test, recursive), body, otherwise);
  }

  private If parseIf() {
    int line = tokens.next().line();
    Expression test = expressions.parseTupleWithoutCondition();
    List<Statement> body = parseBlock("elif", "else", "endif");
    List<If> alternatives = new ArrayList<>();
    Token token = tokens.next();
    while (token.isName("elif")) {
      int place = tokens.current().line();
      Expression condition = expressions.parseTupleWithoutCondition();
      List<Statement> branch = parseBlock("elif", "else", "endif");
      alternatives.add(new If(place, condition, branch, List.of(), List.of()));
      token = tokens.next();
    }
    List<Statement> otherwise = token.isName("else") ? parseBlockUntil("endif") : List.of();
    return new If(line, test, body, alternatives, otherwise);
  }

  private Statement parseSet() {
    int line = tokens.next().line();
    Target target = targets.parse(true);
    if (tokens.skipIf(TokenType.ASSIGN)) {
      return new Assignment(line, target, expressions.parseTuple());
    }
    FilterExpression filter =
        tokens.at(TokenType.PIPE) ? expressions.operands().parseFilters(null, false) : null;
    return new AssignmentBlock(line, target, filter, parseBlockUntil("endset"));
  }

  private With parseWith() {
    int line = tokens.next().line();
    List<Target> assigned = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.at(TokenType.BLOCK_END)) {
      if (!assigned.isEmpty()) {
        tokens.expect(TokenType.COMMA);
      }
      assigned.add(targets.parse(false));
      tokens.expect(TokenType.ASSIGN);
      values.add(expressions.parseExpression());
    }
    return new With(line, assigned, values, parseBlockUntil("endwith"));
  }

  private MacroStatement parseMacro() {
    int line = tokens.next().line();
    String name = tokens.expect(TokenType.NAME).text();
    MacroSignature signature = parseSignature();
    return new MacroStatement(line, name, signature, parseBlockUntil("endmacro"));
  }

  private MacroSignature parseSignature() {
    List<NameTarget> parameters = new ArrayList<>();
    List<Expression> defaults = new ArrayList<>();
    tokens.expect(TokenType.LPAREN);
    while (!tokens.at(TokenType.RPAREN)) {
      if (!parameters.isEmpty()) {
        tokens.expect(TokenType.COMMA);
      }
      Token name = tokens.expect(TokenType.NAME);
      if (TargetParser.isConstant(name.text())) {
        throw tokens.error("can't assign to '" + name.text() + "'", name.line());
      }
      parameters.add(new NameTarget(name.line(), name.text()));
      if (tokens.skipIf(TokenType.ASSIGN)) {
        defaults.add(expressions.parseExpression());
      } else if (!defaults.isEmpty()) {
        throw tokens.error("non-default argument follows default argument");
      }
    }
    tokens.expect(TokenType.RPAREN);
    return new MacroSignature(parameters, defaults);
  }

  private CallBlock parseCall() {
    int line = tokens.next().line();
    MacroSignature signature =
        tokens.at(TokenType.LPAREN) ? parseSignature() : MacroSignature.EMPTY;
    if (!(expressions.parseExpression() instanceof CallExpression call)) {
      throw tokens.error("expected call", line);
    }
    return new CallBlock(line, call, signature, parseBlockUntil("endcall"));
  }

  private FilterBlock parseFilter() {
    int line = tokens.next().line();
    FilterExpression filter = expressions.operands().parseFilters(null, true);
    return new FilterBlock(line, filter, parseBlockUntil("endfilter"));
  }

  private Output parsePrint() {
    int line = tokens.next().line();
    List<Expression> parts = new ArrayList<>();
    while (!tokens.at(TokenType.BLOCK_END)) {
      if (!parts.isEmpty()) {
        tokens.expect(TokenType.COMMA);
      }
      parts.add(expressions.parseExpression());
    }
    return new Output(line, parts);
  }

  /** The error for an unexpected tag or, if {@code tag} is null, for a missing one. */
  private InvalidTemplateException misplaced(@Nullable String tag, int line) {
    StringBuilder message = new StringBuilder();
    message.append(
        tag == null ? "Unexpected end of template." : "Encountered unknown tag '" + tag + "'.");
    if (!closers.isEmpty()) {
      String wanted =
          closers.element().stream()
              .sorted()
              .map(name -> "'" + name + "'")
              .collect(Collectors.joining(" or "));
      boolean nesting = tag != null && closers.stream().anyMatch(names -> names.contains(tag));
      message
          .append(nesting ? " It closes an outer tag; expected here: " : " Expected: ")
          .append(wanted)
          .append('.');
    }
    if (!openTags.isEmpty()) {
      message
          .append(" The innermost tag that is still open is '")
          .append(openTags.element())
          .append("'.");
    }
    return tokens.error(message.toString(), line);
  }
}
