// Numbers and times as text. Missing values are an en dash.

const MISSING = "–";

const isMissing = (value) => value === null || value === undefined || !Number.isFinite(value);

function formatWith(options) {
  const format = new Intl.NumberFormat("en", options);
  return (value) => (isMissing(value) ? MISSING : format.format(value));
}

const formatCount = formatWith({ maximumFractionDigits: 0 });
const formatPercent = formatWith({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const formatWholePercent = formatWith({ style: "percent", maximumFractionDigits: 0 });
const formatProbability = formatWith({ minimumFractionDigits: 3, maximumFractionDigits: 3 });
const formatThreeDigits = formatWith({ maximumSignificantDigits: 3 });

const formatExactlyThreeDigits = formatWith({ minimumSignificantDigits: 3, maximumSignificantDigits: 3 });

/** Three significant digits, and all digits before the decimal point: 0.0123, 1.20, 1,234. */
const formatDecimal = (value) => (Math.abs(value) >= 100 ? formatCount(value) : formatExactlyThreeDigits(value));

/** A value below 1000 and its prefix, of k to T. */
function scaled(value) {
  const prefixes = ["", "k", "M", "G", "T"];
  let power = 0;
  let rest = value;
  while (Math.abs(rest) >= 999.5 && power < prefixes.length - 1) {
    rest /= 1000;
    power++;
  }
  return [rest, prefixes[power]];
}

/** With a prefix where the value is large: 950, 1.25k, 12M. */
function formatShort(value) {
  if (isMissing(value)) {
    return MISSING;
  }
  const [rest, prefix] = scaled(value);
  return formatThreeDigits(rest) + prefix;
}

/** A value and its unit, with a prefix where the value is large: 1.20 kJ. */
function formatUnit(value, unit) {
  if (isMissing(value)) {
    return MISSING;
  }
  const [rest, prefix] = scaled(value);
  return `${formatExactlyThreeDigits(rest)} ${prefix}${unit}`;
}

/** A duration in its two largest units: 0, 320 ms, 41.2 s, 7 min 10 s, 8 h 3 min. */
function formatDuration(seconds) {
  if (isMissing(seconds)) {
    return MISSING;
  }
  if (seconds === 0) {
    return "0";
  }
  if (seconds < 1) {
    return `${formatThreeDigits(seconds * 1000)} ms`;
  }
  if (seconds < 59.95) {
    return `${formatThreeDigits(seconds)} s`;
  }
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const first = units.findIndex(([size]) => Math.round(seconds) >= size);
  const [[large, largeName], [small, smallName]] = units.slice(first, first + 2);
  const total = Math.round(seconds / small);
  const rest = total % (large / small);
  const whole = `${formatCount(Math.floor(total / (large / small)))} ${largeName}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`;
}

const formatMillis = (millis) => formatDuration(isMissing(millis) ? null : millis / 1000);

/** A time since the beginning, as on a clock: 0:05, 7:30, 1:07:30; with digits after the point, 0:00.1. */
function formatClock(seconds, digits = 0) {
  const unit = 10 ** digits;
  const rounded = Math.round(seconds * unit);
  const twoDigits = (value) => String(value).padStart(2, "0");
  const minutes = Math.floor(rounded / unit / 60);
  const rest = ((rounded % (60 * unit)) / unit).toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, "0");
  return minutes < 60
    ? `${minutes}:${rest}`
    : `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}:${rest}`;
}

/** An instant in the reader's time zone. */
function formatInstant(text) {
  return new Intl.DateTimeFormat("en-GB", {
    year: "numeric", month: "short", day: "numeric",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
  }).format(new Date(text));
}

const formatCents = formatWith({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const formatTwoDigits = formatWith({ maximumSignificantDigits: 2 });

const formatMoney = (value, currency) =>
  `${Math.abs(value) >= 1 ? formatCents(value) : formatTwoDigits(value)} ${currency ?? ""}`.trim();

const plural = (count, one, many) => `${formatCount(count)} ${count === 1 ? one : many}`;
