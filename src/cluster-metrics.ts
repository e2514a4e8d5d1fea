import cluster from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';
import { z } from 'zod';

const requestSchema = z.object({ type: z.literal('metrics'), id: z.number() });
const answerSchema = requestSchema.extend({ text: z.string() });

/** In the primary process: answers its workers who want the metrics of all of them. */
export function serveClusterMetrics(): void {
  const aggregator = new AggregatorRegistry();
  cluster.on('message', (worker, message) => {
    const request = requestSchema.safeParse(message).data;
    if (!request) return;
    const answer = (text: string) => {
      // It may have died meanwhile, and then nobody wants to know.
      if (worker.isConnected()) worker.send({ ...request, text }, () => {});
    };
    aggregator.clusterMetrics().then(answer, () => answer(''));
  });
}

/** In a worker: reads the metrics of all workers, through the primary process. */
export function createReadClusterMetrics(registry: Registry): () => Promise<string> {
  // Its constructor listens for the primary's questions.
  new AggregatorRegistry();
  AggregatorRegistry.setRegistries([registry]);
  const waiting = new Map<number, (text: string) => void>();
  let asked = 0;
  process.on('message', (message) => {
    const answer = answerSchema.safeParse(message).data;
    if (!answer) return;
    waiting.get(answer.id)?.(answer.text);
    waiting.delete(answer.id);
  });
  return () =>
    new Promise((resolve) => {
      waiting.set(++asked, resolve);
      process.send?.({ type: 'metrics', id: asked });
    });
}
