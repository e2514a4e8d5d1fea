import type { Metric, Registry } from 'prom-client';

export type Observe = (seconds: number, first: string, second: string | number) => void;

export interface TallyOptions {
  name: string;
  help: string;
  labelNames: readonly [string, string];
  /** Upper bounds of the buckets, in seconds. */
  bounds: readonly number[];
}

interface Series {
  labels: Record<string, string>;
  /** How many are within each bound and beyond the one before; then those beyond the last. */
  counts: number[];
  sumSeconds: number;
}

/**
 * A histogram of two labels like the library's, which works out its labels anew at each observation: sixty
 * times a new dossier, and at each one that is kept. This one looks its series up.
 */
export function createTally(registry: Registry, { name, help, labelNames, bounds }: TallyOptions): Observe {
  const [firstName, secondName] = labelNames;
  const byFirst = new Map<string, Map<string | number, Series>>();

  function seriesOf(first: string, second: string | number): Series {
    const bySecond = byFirst.get(first) ?? new Map<string | number, Series>();
    byFirst.set(first, bySecond);
    const known = bySecond.get(second);
    if (known) return known;
    const labels = { [firstName]: first, [secondName]: String(second) };
    const series = { labels, counts: Array.from({ length: bounds.length + 1 }, () => 0), sumSeconds: 0 };
    bySecond.set(second, series);
    return series;
  }

  /** As the text format wants them: each bucket counts those below it too. */
  function valuesOf({ labels, counts, sumSeconds }: Series) {
    let total = 0;
    const buckets = counts.map((count, i) => {
      total += count;
      return { metricName: `${name}_bucket`, labels: { le: bounds[i] ?? '+Inf', ...labels }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sumSeconds },
      { metricName: `${name}_count`, labels, value: total },
    ];
  }

  const allSeries = () => [...byFirst.values()].flatMap((bySecond) => [...bySecond.values()]);
  const described = { name, help, type: 'histogram', aggregator: 'sum' };
  const metric = {
    ...described,
    get: async () => ({ ...described, values: allSeries().flatMap(valuesOf) }),
    reset() {},
  };
  registry.registerMetric(metric as unknown as Metric);

  return (seconds, first, second) => {
    const series = seriesOf(first, second);
    series.sumSeconds += seconds;
    let bound = 0;
    while (bound < bounds.length && seconds > (bounds[bound] as number)) bound++;
    series.counts[bound] = (series.counts[bound] as number) + 1;
  };
}
