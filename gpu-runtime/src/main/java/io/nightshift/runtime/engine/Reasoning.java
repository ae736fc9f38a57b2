package io.nightshift.runtime.engine;

import java.io.Serializable;

/**
 * How the answers of a reasoning model are divided: what stands between two marks at their
 * beginning is the reasoning, and what follows is the answer. A prompt that ends with the start
 * mark, as some chat templates do, has begun the reasoning already.
 *
 * @param start begins the reasoning
 * @param end ends it
 * @param maxTokens maximum number of tokens between the marks, after which the end mark is appended
 *     and the model continues with the answer; 0 for no limit
 */
public record Reasoning(ReasoningMark start, ReasoningMark end, int maxTokens)
    implements Serializable {}
