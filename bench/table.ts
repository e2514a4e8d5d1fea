import { isReached, type Line } from './line.ts';

const HEADINGS = ['measure', 'ours', 'against', 'ratio', 'CPU ratio', 'target', 'reached'];

/** A Markdown table, aligned, then what must be known of its lines. */
export function tableOf(lines: readonly Line[]): string {
  const rows = [HEADINGS, ...lines.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head = '', ...body] = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  const notes = lines.flatMap(({ measure, notes }) => notes.map((note) => `- ${measure}: ${note}`));
  return [head, rule, ...body, '', ...new Set(notes)].join('\n').trimEnd();
}

function cellsOf(line: Line): string[] {
  const { measure, ours, against, value, unit, cpuRatio, target } = line;
  return [
    measure,
    ours,
    against,
    measured(value, unit),
    cpuRatio === null || Number.isNaN(cpuRatio) ? '' : cpuRatio.toFixed(2),
    targetOf(line),
    target === null ? '' : isReached(line) ? 'yes' : 'no',
  ];
}

function measured(value: number, unit: Line['unit']): string {
  if (Number.isNaN(value)) return 'not measured';
  return unit === 'ms' ? `${value.toFixed(1)} ms` : value.toFixed(2);
}

function targetOf({ target, unit }: Line): string {
  if (target === null) return '';
  const [sign, bound] = 'atLeast' in target ? ['≥', target.atLeast] : ['≤', target.atMost];
  return `${sign} ${unit === 'ms' ? `${bound} ms` : bound}`;
}
