import { RE2JS } from 're2js';

/** Instructions of all compiled patterns, and steps of all matchings, of one request: some tens of milliseconds each. */
const MAX_INSTRUCTIONS = 100_000;
const MAX_STEPS = 50_000_000;
const MAX_PATTERN_INSTRUCTIONS = 20_000;
/** What a class of Unicode (`\p{L}`) takes to compile: hundreds of ranges. */
const CLASS_INSTRUCTIONS = 100;

/** Whether a text holds a pattern, as far as that can be said within bounded time; null when it cannot. */
export type Matches = (pattern: string, text: string) => boolean | null;

/**
 * Patterns come from callers: one of theirs, run by Node.js' own engine, could hold the process for years. RE2
 * takes a time in proportion to text and pattern, and what it does not know (looking around, back references) is
 * not judged. The size of a compiled pattern is known from its text: repetitions are unrolled.
 */
export function createMatches(): Matches {
  const compiled = new Map<string, RE2JS | null>();
  const left = { instructions: MAX_INSTRUCTIONS, steps: MAX_STEPS };

  function compile(pattern: string): RE2JS | null {
    const known = compiled.get(pattern);
    if (known !== undefined) return known;
    left.instructions -= instructionsIn(pattern) + CLASS_INSTRUCTIONS * (pattern.split(/\\p/i).length - 1);
    const result = left.instructions < 0 ? null : compiledOrNull(pattern);
    // Repetitions within one another multiply: only what was compiled tells.
    left.instructions -= result?.programSize() ?? 0;
    compiled.set(pattern, result);
    return result;
  }

  return (pattern, text) => {
    const instructions = instructionsIn(pattern);
    if (instructions > MAX_PATTERN_INSTRUCTIONS) return null;
    left.steps -= instructions * text.length;
    return left.steps < 0 ? null : (compile(pattern)?.matcher(text).find() ?? null);
  };
}

function compiledOrNull(pattern: string): RE2JS | null {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    return null;
  }
}

/** At the most: all of the pattern, as often as its longest repetition. RE2 refuses more than a thousand in all. */
function instructionsIn(pattern: string): number {
  const counts = pattern.match(/\d{1,5}(?=\})/g) ?? [];
  return pattern.length * Math.max(1, ...counts.map(Number));
}
