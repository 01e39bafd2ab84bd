export { type Clock, createSystemClock, type Timer } from './clock.ts';
export { type Deadline, withDeadline } from './deadline.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { formatProblem, messageOf, type Position, type Problem, UserError, unreachable } from './errors.ts';
export { escapeXml } from './escape-xml.ts';
export { caretExcerpt, lineAndColumn, offsetAt } from './excerpt.ts';
export { formatFloat, formatFloatExponent, formatFloatShort } from './float.ts';
export { fnv1a64 } from './hash.ts';
export { hideUserinfo, userinfoSpans } from './hide-userinfo.ts';
export { compareLabels, compareStrings, LABEL_SEPARATOR, Labels, METRIC_NAME } from './labels.ts';
export { type Logger, silentLogger } from './logger.ts';
export {
  compileRegexp,
  createMatcher,
  type Matcher,
  type MatchOperator,
} from './matcher.ts';
export { ownCopy } from './own-copy.ts';
export { entryModule, packageFile } from './package-file.ts';
export { parseFloatText } from './parse-float.ts';
export { goDescribeRune, goQuote, goQuoteRune } from './quote.ts';
export { expandReplacement, replaceAll } from './replace-all.ts';
export { createRng, type Rng } from './rng.ts';
export { formatSize, parseSize } from './size.ts';
export { startTicker, type Ticker, type TickerOptions } from './ticker.ts';
export {
  type Milliseconds,
  milliseconds,
  ofPercent,
  type Percent,
  percent,
  type Ratio,
  ratio,
  type Seconds,
  toPercent,
  toSeconds,
} from './units.ts';
export { createVirtualClock, type VirtualClock } from './virtual-clock.ts';
