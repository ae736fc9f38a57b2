// What the engines did, what the prefix cache saved them, and what they took.

function prefixesSection({ prefixes }) {
  if (prefixes.length === 0) {
    return null;
  }
  return {
    title: "Shared prefixes",
    content: [
      hint("What many prompts begin with is computed once. These prefixes save most; the share is that of all planned prompt tokens."),
      table("Shared prefixes", [
        { title: "Tokens", kind: "number", cell: (prefix) => formatCount(prefix.tokens) },
        { title: "Rows", kind: "number", cell: (prefix) => formatCount(prefix.rows) },
        { title: "Saved", kind: "number", cell: (prefix) => formatCount(prefix.savedTokens) },
        {
          title: "Share", kind: "number",
          cell: (prefix) => formatPercent(prefix.share),
        },
        { title: "Text", kind: "text", cell: (prefix) => excerpt(prefix.text) },
      ], prefixes, { captionShown: false }),
    ],
  };
}

function enginesSection({ engines }) {
  if (engines.length === 0) {
    return null;
  }
  const number = (title, cell) => ({ title, kind: "number", cell });
  return {
    title: "Engines",
    content: [
      table("Engines", [
        { title: "Engine", kind: "header", cell: (engine) => rowText(engine.name) },
        ...(engines.some((engine) => engine.host !== "")
          ? [{ title: "Host", kind: "name", cell: (engine) => rowText(engine.host) }] : []),
        { title: "Device", kind: "name", cell: (engine) => [rowText(engine.device), " ", rowText(engine.dtype)] },
        number("Rows", (engine) => formatCount(engine.rows)),
        number("Rows/s", (engine) => (engine.seconds > 0 ? formatDecimal(engine.rows / engine.seconds) : MISSING)),
        number("Prompt tokens", (engine) => formatShort(engine.promptTokens)),
        number("Cached", (engine) => (engine.promptTokens > 0 ? formatPercent(engine.cachedTokens / engine.promptTokens) : MISSING)),
        ...(engines.some((engine) => engine.outputTokens > 0)
          ? [number("Output tokens", (engine) => formatShort(engine.outputTokens))] : []),
        number("Steps", (engine) => formatCount(engine.steps)),
        number("Step", (engine) => (engine.steps > 0 ? formatMillis(engine.meanStepMillis) : MISSING)),
        number("Time", (engine) => formatDuration(engine.seconds)),
        number("Idle", (engine) => (engine.seconds > 0 ? formatPercent(engine.idleSeconds / engine.seconds) : MISSING)),
        number("Preemptions", (engine) => formatCount(engine.preemptions)),
        ...(engines.some((engine) => engine.joules !== null)
          ? [number("Energy", (engine) => formatUnit(engine.joules, "J"))] : []),
      ], engines, { captionShown: false }),
    ],
  };
}

function energySection({ energy }) {
  if (energy === null) {
    return null;
  }
  const figure = (name, value, unit) => !isMissing(value) && [name, formatUnit(value, unit)];
  return {
    title: "Energy and cost",
    content: [
      tiles([
        figure("GPUs", energy.gpuJoules, "J"),
        figure("CPU packages", energy.cpuJoules, "J"),
        figure("Per row", energy.joulesPerRow, "J"),
        figure("Per output token", energy.joulesPerOutputToken, "J"),
        figure("Mean power", energy.meanWatts, "W"),
        energy.gpuSecondsPerRow > 0 && ["GPU time per row", formatDuration(energy.gpuSecondsPerRow)],
        !isMissing(energy.cost) && ["Cost", formatMoney(energy.cost, energy.currency)],
      ]),
      ...[...energy.notMeasured, energy.unknownCost].filter(Boolean).map((line) => hint(rowText(line))),
    ],
  };
}
